import Testing

@testable import Campaign

/// What a reversal does to a gift that is unconfirmed, delayed, refused or under replay; docs/decisions has the table.
@Suite struct GiftReversals {
    @Test(arguments: stories, Stage.Way.allCases)
    func `reversals meet gifts in every stage`(story: Story, way: Stage.Way) throws { try check(story, way) }
}

private let gift = "recharge/R1/gift"
private let reverse = "reversal/V1/reversal"
private let letter = "gift/recharge/R1/gift"
private let gave = "gift 500 instant-discount + 800 bonus-credit"
private let tookBack = "takes back 500 instant-discount + 500 bonus-credit"

private let stories = [
    Story(
        "unanswered: the reverse goes out",
        recharge("R1", 5_000).gives(gave),
        reversal("V1", of: "R1", 2_000).gives(tookBack),
        receipt("S1", for: gift, credited: 1_300).gives(""),
        receipt("S2", for: reverse, credited: 1_000, at: "05-04 10:01").gives("")),
    Story(
        "delayed: it goes out, and is sent again with its grant",
        recharge("R1", 5_000).gives(gave),
        answersRead(upTo: "05-03 11:00").gives("letter GIFT_DELAYED"),
        reversal("V1", of: "R1", 2_000).gives(tookBack),
        request(.replay, letter, at: "05-04 10:02").gives(
            "REPLAYING GIFT_DELAYED \(gift); again: \(gave); again: \(tookBack)"),
        receipt("S1", for: gift, credited: 1_300, at: "05-04 10:03").gives("RESOLVED GIFT_DELAYED \(gift)"),
        receipt("S2", for: reverse, credited: 1_000, at: "05-04 10:03").gives("")),
    Story(
        "refused: there is nothing to take back, until the grant is sent again",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        reversal("V1", of: "R1", 2_000).gives("counts"),
        receipt("S2", for: reverse, credited: 1_000, at: "05-04 10:01").gives("letter RECEIPT_WITHOUT_COMMAND"),
        request(.replay, letter).gives("REPLAYING GIFT_REJECTED \(gift); again: \(gave); \(tookBack)"),
        receipt("S3", for: gift, credited: 1_300, at: "05-05 10:01").gives("RESOLVED GIFT_REJECTED \(gift)"),
        receipt("S4", for: reverse, credited: 1_000, at: "05-05 10:01").gives("")),
    Story(
        "refused, and credited after all without a replay",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        reversal("V1", of: "R1", 2_000).gives("counts"),
        receipt("S2", for: gift, credited: 1_300, at: "05-04 10:01").gives(
            "RESOLVED GIFT_REJECTED \(gift); \(tookBack)")),
    Story(
        "refused, and then credited in part: there is something to take back",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        reversal("V1", of: "R1", 2_000).gives("counts"),
        receipt("S2", for: gift, credited: 0, at: "05-04 10:01").gives("letter GIFT_AMOUNT_MISMATCH"),
        receipt("S3", for: gift, credited: 900, at: "05-04 10:02").gives("letter GIFT_AMOUNT_MISMATCH; \(tookBack)"),
        receipt("S4", for: gift, credited: 900, at: "05-04 10:02").gives("DUPLICATE")),
    Story(
        "discarded while refused, and then credited in part",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        request(.discard, letter, at: "05-04 09:00").gives("DISCARDED GIFT_REJECTED \(gift)"),
        reversal("V1", of: "R1", 2_000).gives("counts"),
        receipt("S2", for: gift, credited: 900, at: "05-04 10:01").gives(tookBack)),
    Story(
        "refused after the reverse went out: NO_GRANT is no letter",
        recharge("R1", 5_000).gives(gave),
        reversal("V1", of: "R1", 2_000, at: "05-03 10:01").gives(tookBack),
        receipt("S1", for: gift, credited: nil, at: "05-03 10:02").gives("letter GIFT_REJECTED"),
        receipt("S2", for: reverse, credited: nil, reason: "NO_GRANT", at: "05-03 10:02").gives(""),
        answersRead(upTo: "05-09 10:00").gives(""),
        request(.replay, letter).gives("REPLAYING GIFT_REJECTED \(gift); again: \(gave); again: \(tookBack)"),
        receipt("S3", for: gift, credited: nil, at: "05-05 10:01").gives("letter GIFT_REJECTED"),
        receipt("S4", for: reverse, credited: nil, reason: "NO_GRANT", at: "05-05 10:01").gives("")),
    Story(
        "NO_GRANT is known before the refusal",
        recharge("R1", 5_000).gives(gave),
        reversal("V1", of: "R1", 2_000, at: "05-03 10:01").gives(tookBack),
        receipt("S1", for: reverse, credited: nil, reason: "NO_GRANT", at: "05-03 10:02").gives("letter GIFT_REJECTED"),
        receipt("S2", for: gift, credited: nil, at: "05-03 10:03")
            .gives("letter GIFT_REJECTED; RESOLVED GIFT_REJECTED \(reverse)")),
    Story(
        "under replay: the reverse goes out behind the grant",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        request(.replay, letter, at: "05-04 09:59").gives("REPLAYING GIFT_REJECTED \(gift); again: \(gave)"),
        reversal("V1", of: "R1", 2_000).gives(tookBack),
        receipt("S2", for: gift, credited: 1_300, at: "05-04 10:01").gives("RESOLVED GIFT_REJECTED \(gift)"),
        receipt("S3", for: reverse, credited: 1_000, at: "05-04 10:01").gives("")),
    Story(
        "reversed in full: a replay sends nothing",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        reversal("V1", of: "R1", 2_000).gives("counts"),
        reversal("V2", of: "R1", 3_000).gives("counts"),
        request(.replay, letter).gives("RESOLVED GIFT_REJECTED \(gift)"),
        request(.replay, letter).gives("unknownLetter"),
        answersRead(upTo: "05-09 10:00").gives("")),
    Story(
        "delayed and reversed in full: nothing is sent, and NO_GRANT is no letter",
        recharge("R1", 5_000).gives(gave),
        answersRead(upTo: "05-03 11:00").gives("letter GIFT_DELAYED"),
        reversal("V1", of: "R1", 5_000).gives("takes back 500 instant-discount + 800 bonus-credit"),
        request(.replay, letter, at: "05-04 10:01").gives("RESOLVED GIFT_DELAYED \(gift)"),
        receipt("S1", for: reverse, credited: nil, reason: "NO_GRANT", at: "05-04 10:02").gives("")),
    Story(
        "a reverse that is late has a letter of its own",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: 1_300).gives(""),
        reversal("V1", of: "R1", 2_000).gives(tookBack),
        answersRead(upTo: "05-04 11:00").gives("letter GIFT_DELAYED"),
        request(.replay, "gift/\(reverse)").gives("REPLAYING GIFT_DELAYED \(reverse); again: \(tookBack)"),
        receipt("S2", for: reverse, credited: 1_000, at: "05-05 10:01").gives("RESOLVED GIFT_DELAYED \(reverse)")),
    Story(
        "discarded while refused: held until billing credits after all",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        request(.discard, letter, at: "05-04 09:00").gives("DISCARDED GIFT_REJECTED \(gift)"),
        reversal("V1", of: "R1", 2_000).gives("counts"),
        receipt("S2", for: gift, credited: 1_300, at: "05-04 10:01").gives(tookBack)),
]
