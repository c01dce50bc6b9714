import Testing

@testable import Campaign

/// Contract, section 6: what requests do to letters.
@Suite struct LetterRequests {
    @Test(arguments: stories, Stage.Way.allCases)
    func `letters are replayed and discarded`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: [
        (
            ["recharge.request.action": "pay", "recharge.letter.id": "recharge-events/0/1"],
            LetterRequest.Refusal.noAction
        ),
        (["recharge.letter.id": "recharge-events/0/1"], .noAction),
        (["recharge.request.action": "replay"], .noLetter),
        (["recharge.request.action": "replay", "recharge.letter.id": "recharge-events/0"], .noLetter),
        (["recharge.request.action": "replay", "recharge.letter.id": "campaign-mail/0/1"], .noLetter),
        (["recharge.request.action": "replay", "recharge.letter.id": "letter-requests/0/1"], .noLetter),
        (["recharge.request.action": "replay", "recharge.letter.id": "gift/R1"], .noLetter),
        (["recharge.request.action": "replay", "recharge.letter.id": "gift/recharge//gift"], .noLetter),
    ])
    func `requests that name nothing`(headers: [String: String], refusal: LetterRequest.Refusal) throws {
        var record = InputRecord(published: try instant("05-03 10:00"), value: nil)
        record.headers = headers.map { ($0.key, $0.value) }
        record.withSource { source in
            _ = #expect(throws: refusal) {
                try LetterRequest(
                    key: source.key, value: source.value, headers: source.headers, inputNames: inputNames)
            }
        }
    }

    /// A status must fit into its topic, whatever a request says.
    @Test func `of long words the beginning is kept`() throws {
        var record = InputRecord(published: try instant("05-03 10:00"), value: nil)
        let long = String(repeating: "为\u{1}", count: 300_000)
        record.headers = [
            ("recharge.request.action", "discard"), ("recharge.letter.id", "recharge-events/0/1"),
            ("recharge.request.by", "Li"), ("recharge.request.why", long),
        ]
        try record.withSource { source in
            let request = try LetterRequest(
                key: source.key, value: source.value, headers: source.headers, inputNames: inputNames)
            #expect(request.by == "Li")
            #expect(request.why == String(long.unicodeScalars.prefix(500)))
        }
        record.headers[2].1 = long
        try record.withSource { source in
            let request = try LetterRequest(
                key: source.key, value: source.value, headers: source.headers, inputNames: inputNames)
            #expect(request.by.text == request.why)
        }
    }
}

private let gift = "recharge/R1/gift"
private let letter = "gift/recharge/R1/gift"
private let gave = "gift 500 instant-discount + 800 bonus-credit"
private let unknown = recharge("R1", 5_000, package: "P7").gives("letter UNKNOWN_PACKAGE")
private let withP7 = SeedCampaign(
    packages: "{code: P58, feeFen: 5800, prepayFen: 17400}, {code: P101, feeFen: 101, prepayFen: 30}, "
        + "{code: P7, feeFen: 700, prepayFen: 10000}")

private let stories = [
    Story(
        "an event that can be decided now",
        unknown,
        restart(with: withP7),
        request(.replay, "recharge-events/0/0").gives("\(gave); RESOLVED UNKNOWN_PACKAGE recharges/0"),
        request(.replay, "recharge-events/0/0").gives("unknownLetter"),
        recharge("R1", 5_000, package: "P7").gives("DUPLICATE")),
    Story(
        "a recharge above a limit that is raised, and the reversal that waited for it",
        in: SeedCampaign(maxRechargeFen: 5_000),
        recharge("R1", 10_000).gives("letter ABOVE_LIMIT"),
        reversal("V1", of: "R1", 5_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives("letter REVERSAL_WITHOUT_ORIGINAL"),
        request(.replay, "recharge-events/0/0").gives("letter ABOVE_LIMIT"),
        restart(with: .seed),
        request(.replay, "recharge-events/0/0")
            .gives("RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/1; \(gave); RESOLVED ABOVE_LIMIT recharges/0"),
        request(.replay, "recharge-events/0/1").gives("unknownLetter")),
    Story(
        "an event that was decided meanwhile pays nothing",
        unknown,
        recharge("R1", 5_000).gives(gave),
        request(.replay, "recharge-events/0/0").gives("letter CONFLICTING_DUPLICATE"),
        request(.discard, "recharge-events/0/0").gives("DISCARDED CONFLICTING_DUPLICATE recharges/0"),
        request(.discard, "recharge-events/0/0").gives("unknownLetter")),
    Story(
        "a copy that was decided meanwhile",
        unknown,
        restart(with: withP7),
        recharge("R1", 5_000, package: "P7").gives(gave),
        request(.replay, "recharge-events/0/0").gives("RESOLVED UNKNOWN_PACKAGE recharges/0")),
    Story(
        "three replays in vain, and a fourth that helps",
        unknown,
        request(.replay, "recharge-events/0/0").gives("letter UNKNOWN_PACKAGE"),
        request(.replay, "recharge-events/0/0").gives("letter UNKNOWN_PACKAGE"),
        request(.replay, "recharge-events/0/0").gives("letter UNKNOWN_PACKAGE PARKED"),
        restart(with: withP7),
        request(.replay, "recharge-events/0/0").gives("\(gave); RESOLVED UNKNOWN_PACKAGE recharges/0")),
    Story(
        "a copy of other content changes nothing",
        unknown,
        request(.replay, "recharge-events/0/0", forged: .value).gives("otherContent"),
        request(.discard, "recharge-events/0/0", forged: .value).gives("otherContent"),
        recharge("R2", 5_000).gives(gave),
        answersRead(upTo: "05-03 11:00").gives("letter GIFT_DELAYED"),
        request(.replay, "gift/recharge/R2/gift", forged: .value).gives("otherContent"),
        request(.replay, "gift/recharge/R2/gift", forged: .spelling).gives("otherContent"),
        request(.discard, "gift/recharge/R2/gift", forged: .spelling).gives("otherContent")),
    Story(
        "an event's copy with another key or record time changes nothing",
        recharge("R1", 5_000, package: "P7", published: "05-03 10:00:01").gives("letter UNKNOWN_PACKAGE"),
        request(.replay, "recharge-events/0/0", forged: .spelling).gives("otherContent"),
        request(.replay, "recharge-events/0/0", forged: .recordTime).gives("otherContent")),
    Story(
        "a replayed reversal that waits is made good; at the end of grace it is a letter of its own",
        reversal("V1", of: "R1", 2_000, published: "06-08 00:00:01").gives("letter LATE_BEYOND_GRACE"),
        request(.replay, "recharge-events/0/0", at: "06-09 10:00").gives("letter LATE_BEYOND_GRACE"),
        restart(with: SeedCampaign(grace: "8d")),
        request(.replay, "recharge-events/0/0", at: "06-08 10:00").gives("RESOLVED LATE_BEYOND_GRACE recharges/0"),
        everythingRead(upTo: "06-09 00:00").gives("letter REVERSAL_WITHOUT_ORIGINAL"),
        recharge("R1", 5_000).gives("RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/0; gift 300 bonus-credit")),
    Story(
        "an event keeps the time at which it was published first",
        recharge("R1", 5_000, published: "06-08 00:00:01").gives("letter LATE_BEYOND_GRACE"),
        request(.replay, "recharge-events/0/0", at: "06-09 10:00").gives("letter LATE_BEYOND_GRACE"),
        restart(with: SeedCampaign(grace: "8d")),
        request(.replay, "recharge-events/0/0", at: "06-09 10:00")
            .gives("\(gave); RESOLVED LATE_BEYOND_GRACE recharges/0")),
    Story(
        "a reversal that still has no recharge",
        reversal("V1", of: "R1", 2_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives("letter REVERSAL_WITHOUT_ORIGINAL"),
        request(.replay, "recharge-events/0/0", at: "06-09 10:00").gives("letter REVERSAL_WITHOUT_ORIGINAL"),
        recharge("R1", 5_000).gives("RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/0; gift 300 bonus-credit"),
        request(.replay, "recharge-events/0/0", at: "06-09 10:00").gives("unknownLetter")),
    Story(
        "a reversal whose letter is discarded still counts, and resolves nothing",
        reversal("V1", of: "R1", 2_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives("letter REVERSAL_WITHOUT_ORIGINAL"),
        request(.discard, "recharge-events/0/0", at: "06-09 10:00")
            .gives("DISCARDED REVERSAL_WITHOUT_ORIGINAL recharges/0"),
        recharge("R1", 5_000).gives("gift 300 bonus-credit")),
    Story(
        "an answer that came before its command",
        receipt("S1", for: gift, credited: 1_300).gives("letter RECEIPT_WITHOUT_COMMAND"),
        recharge("R1", 5_000).gives(gave),
        request(.replay, "credit-receipts/0/0", at: "05-03 10:02")
            .gives("RESOLVED RECEIPT_WITHOUT_COMMAND receipts/0"),
        answersRead(upTo: "05-09 10:00").gives("")),
    Story(
        "a gift that billing forgot",
        recharge("R1", 5_000).gives(gave),
        answersRead(upTo: "05-03 11:00").gives("letter GIFT_DELAYED"),
        request(.replay, letter, at: "05-03 11:01").gives("REPLAYING GIFT_DELAYED \(gift); again: \(gave)"),
        request(.replay, letter, at: "05-03 11:01").gives("isReplaying"),
        request(.discard, letter, at: "05-03 11:01").gives("isReplaying"),
        answersRead(upTo: "05-03 11:05").gives(""),
        receipt("S1", for: gift, credited: 1_300, at: "05-03 11:06").gives("RESOLVED GIFT_DELAYED \(gift)"),
        answersRead(upTo: "05-09 10:00").gives("")),
    Story(
        "a gift that billing never answers is parked",
        recharge("R1", 5_000).gives(gave),
        answersRead(upTo: "05-03 11:00").gives("letter GIFT_DELAYED"),
        request(.replay, letter, at: "05-03 11:00").gives("REPLAYING GIFT_DELAYED \(gift); again: \(gave)"),
        answersRead(upTo: "05-03 12:00").gives("letter GIFT_DELAYED"),
        request(.replay, letter, at: "05-03 12:00").gives("REPLAYING GIFT_DELAYED \(gift); again: \(gave)"),
        answersRead(upTo: "05-03 13:00").gives("letter GIFT_DELAYED"),
        request(.replay, letter, at: "05-03 13:00").gives("REPLAYING GIFT_DELAYED \(gift); again: \(gave)"),
        answersRead(upTo: "05-03 14:00").gives("letter GIFT_DELAYED PARKED"),
        receipt("S1", for: gift, credited: nil, at: "05-03 14:01").gives("letter GIFT_REJECTED PARKED"),
        receipt("S2", for: gift, credited: 1_300, at: "05-03 14:02").gives("RESOLVED GIFT_REJECTED \(gift)")),
    Story(
        "a refusal that is repeated after a replay is another failure",
        recharge("R1", 5_000).gives(gave),
        receipt("S1", for: gift, credited: nil).gives("letter GIFT_REJECTED"),
        request(.replay, letter).gives("REPLAYING GIFT_REJECTED \(gift); again: \(gave)"),
        receipt("S2", for: gift, credited: nil, at: "05-05 10:01").gives("letter GIFT_REJECTED")),
    Story(
        "a discarded gift is not waited for, and its answers are noted",
        recharge("R1", 5_000).gives(gave),
        answersRead(upTo: "05-03 11:00").gives("letter GIFT_DELAYED"),
        request(.discard, letter).gives("DISCARDED GIFT_DELAYED \(gift)"),
        request(.replay, letter).gives("unknownLetter"),
        receipt("S1", for: gift, credited: nil, at: "05-05 10:01").gives(""),
        receipt("S2", for: gift, credited: 1_300, at: "05-05 10:02").gives(""),
        answersRead(upTo: "05-09 10:00").gives("")),
]
