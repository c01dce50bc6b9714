import Testing

@testable import Campaign

/// Contract, section 5, receipts: what billing's answers do in each state of a gift, and what no answer does.
@Suite struct Receipts {
    @Test(arguments: stories, Stage.Way.allCases)
    func `answers settle gifts`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: Stage.Way.allCases)
    func `the sums follow the answers`(way: Stage.Way) throws {
        let stage = try Stage(.seed, way)
        let scenes: [(Scene, Fen, Fen, Fen)] = [
            // granted, reversed, confirmed
            (recharge("R1", 5_000), 1_300, 0, 0),
            (recharge("R2", 10_000), 4_300, 0, 0),
            (receipt("S1", for: "recharge/R1/gift", credited: 1_300), 4_300, 0, 1_300),
            (receipt("S2", for: "recharge/R2/gift", credited: 2_999), 4_299, 0, 1_300),
            (receipt("S3", for: "recharge/R2/gift", credited: nil), 1_300, 0, 1_300),
            (reversal("V2", of: "R2", 5_000), 1_300, 0, 1_300),
            (reversal("V1", of: "R1", 2_000), 1_300, 1_000, 1_300),
            (receipt("S4", for: "reversal/V1/reversal", credited: nil, at: "05-04 10:01"), 1_300, 0, 1_300),
            (request(.replay, "gift/recharge/R2/gift"), 4_300, 1_700, 1_300),
            (receipt("S5", for: "recharge/R2/gift", credited: 3_000, at: "05-05 10:01"), 4_300, 1_700, 4_300),
            (receipt("S6", for: "recharge/R2/gift", credited: 1, at: "05-05 10:01"), 4_300, 1_700, 4_300),
            (receipt("S7", for: "reversal/V2/reversal", credited: .max, at: "05-05 10:01"), 4_300, .max, 4_300),
            (receipt("S8", for: "reversal/V2/reversal", credited: 1_700, at: "05-05 10:01"), 4_300, 1_700, 4_300),
        ]
        for (scene, granted, reversed, confirmed) in scenes {
            _ = try stage.play(scene)
            let sums = stage.shard.stagedRecord.sums
            let found = [sums.grantedFen, sums.reversedFen, sums.confirmedFen]
            #expect(found == [granted, reversed, confirmed], "\(scene.words)")
        }
    }

    /// The table of receipts: each stage of a gift of 100 fen that billing first refused, against each answer.
    @Test func `the table of receipts`() throws {
        let good = Gift.Answer.credited(100)
        let short = Gift.Answer.credited(99)
        let refused = Gift.Answer.refused(isRetryable: false, hasNoGrant: false)
        let noGrant = Gift.Answer.refused(isRetryable: false, hasNoGrant: true)
        let table: [(Gift.Stage, [Subscriber.Settlement])] = [
            // answers: good, too little, refused as before, no grant, no grant of a refused grant
            (.held, [.withoutCommand, .withoutCommand, .withoutCommand, .withoutCommand, .withoutCommand]),
            (.awaiting, [.confirm, .fail, .fail, .fail, .void]),
            (.confirmed, [.ignore, .contradict, .contradict, .contradict, .contradict]),
            (.failed, [.confirm, .fail, .ignore, .fail, .void]),
            (.replaying, [.confirm, .fail, .fail, .fail, .void]),
            (.void, [.confirm, .note, .ignore, .note, .note]),
            (.withdrawn, [.confirm, .note, .ignore, .note, .note]),
            (.discarded, [.confirm, .note, .ignore, .note, .note]),
        ]
        #expect(table.map(\.0) == Gift.Stage.allCases)
        for (stage, settlements) in table {
            var gift = Gift(
                Lines(.bonusCredit, 100), rulesVersion: 1, traceparent: .none, now: try instant("05-03 10:00"),
                confirmWithin: .seconds(300))
            gift.stage = stage
            gift.answer = refused
            let answers = [(good, false), (short, false), (refused, false), (noGrant, false), (noGrant, true)]
            let said = answers.map { Subscriber.settlement(of: gift, by: $0.0, grantIsRefused: $0.1) }
            #expect(said == settlements, "\(stage)")
        }
    }
}

private let gift = "recharge/R1/gift"
private let gave = "gift 500 instant-discount + 800 bonus-credit"

private let stories = [
    Story(
        "the good answer confirms, and copies of it change nothing",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: 1_300).gives(""),
        receipt("S1", for: gift, credited: 1_300).gives("DUPLICATE"),
        receipt("S2", for: gift, credited: 1_300).gives("DUPLICATE"),
        answersRead(upTo: "05-09 10:00").gives("")),
    Story(
        "no answer in time",
        recharge("R1", 5_000).gives(gave),
        answersRead(upTo: "05-03 10:05:00").gives(""),
        answersRead(upTo: "05-03 10:05:01").gives("letter GIFT_DELAYED"),
        answersRead(upTo: "05-03 10:06").gives(""),
        receipt("S1", for: gift, credited: 1_300, at: "05-03 10:07").gives("RESOLVED GIFT_DELAYED \(gift)")),
    Story(
        "an answer at the last moment, read late",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: 1_300, at: "05-03 10:05:01").gives(""),
        answersRead(upTo: "05-03 11:00").gives("")),
    Story(
        "a late answer proves that the deadline passed",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: 1_300, at: "05-03 10:05:02")
            .gives("letter GIFT_DELAYED; RESOLVED GIFT_DELAYED \(gift)"),
        answersRead(upTo: "05-03 11:00").gives("")),
    Story(
        "billing refuses, changes its mind twice, and credits at last",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        receipt("S2", for: gift, credited: nil).gives("DUPLICATE"),
        receipt("S3", for: gift, credited: nil, retryable: true).gives("letter GIFT_REJECTED"),
        receipt("S4", for: gift, credited: 1_299).gives("letter GIFT_AMOUNT_MISMATCH"),
        answersRead(upTo: "05-09 10:00").gives(""),
        receipt("S5", for: gift, credited: 1_300).gives("RESOLVED GIFT_AMOUNT_MISMATCH \(gift)")),
    Story(
        "a bad answer after the good one",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: 1_300).gives(""),
        receipt("S2", for: gift, credited: nil).gives("letter CONFLICTING_DUPLICATE"),
        receipt("S3", for: gift, credited: nil).gives("DUPLICATE"),
        receipt("S4", for: gift, credited: 1).gives("letter CONFLICTING_DUPLICATE"),
        receipt("S5", for: gift, credited: 1_300).gives("DUPLICATE")),
    Story(
        "answers to what was never asked",
        receipt("S1", for: gift, credited: 1_300).gives("letter RECEIPT_WITHOUT_COMMAND"),
        recharge("R1", 5_000).gives(gave),
        receipt("S2", for: gift, credited: 1_300, by: friend).gives("letter RECEIPT_WITHOUT_COMMAND"),
        receipt("S3", for: "recharge/R2/gift", credited: 1_300).gives("letter RECEIPT_WITHOUT_COMMAND"),
        receipt("S4", for: "R1", credited: 1_300).gives("letter RECEIPT_WITHOUT_COMMAND"),
        receipt("S5", for: gift, credited: -1).gives("letter BAD_AMOUNT"),
        receipt("S6", for: gift, credited: .max).gives("letter GIFT_AMOUNT_MISMATCH"),
        receipt("S7", for: gift, credited: 1_300).with("data.creditedFen", nil).gives("letter BAD_PAYLOAD"),
        receipt("S8", for: gift, credited: 1_300).gives("RESOLVED GIFT_AMOUNT_MISMATCH \(gift)")),
    Story(
        "gifts of assists and of helpers are answered too",
        recharge("R1", 5_000).gives(gave),
        assist("A1", at: "05-03 10:00").gives("helper 100; gift 200 assist"),
        receipt("S1", for: "assist/A1/gift", credited: 200).gives(""),
        receipt("S2", for: "assist/A1/helper", credited: nil, by: friend).gives("letter GIFT_REJECTED"),
        answersRead(upTo: "05-03 10:05:01").gives("letter GIFT_DELAYED")),
]
