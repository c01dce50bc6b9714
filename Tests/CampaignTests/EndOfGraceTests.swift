import Testing

@testable import Campaign

/// Contract, section 7, "End of grace", and section 5, REVERSAL_WITHOUT_ORIGINAL.
@Suite struct EndOfGrace {
    @Test(arguments: stories, Stage.Way.allCases)
    func `what waits ends with the grace`(story: Story, way: Stage.Way) throws { try check(story, way) }
}

private let noOriginal = "letter REVERSAL_WITHOUT_ORIGINAL"

private let stories = [
    Story(
        "a reversal becomes a letter once",
        reversal("V1", of: "R1", 5_000).gives("waits"),
        everythingRead(upTo: "06-07 23:59:59").gives(""),
        everythingRead(upTo: endOfGrace).gives(noOriginal),
        everythingRead(upTo: "06-09 00:00").gives("")),
    Story(
        "several subscribers, several reversals",
        reversal("V1", of: "R1", 1).gives("waits"),
        reversal("V2", of: "R2", 1).gives("waits"),
        reversal("V3", of: "R1", 1, by: friend).gives("waits"),
        everythingRead(upTo: endOfGrace).gives("\(noOriginal); \(noOriginal); \(noOriginal)")),
    Story(
        "a reversal that found its recharge does not",
        reversal("V1", of: "R1", 5_000).gives("waits"),
        reversal("V2", of: "R2", 1).gives("waits"),
        recharge("R1", 10_000).gives("gift 500 instant-discount + 800 bonus-credit"),
        everythingRead(upTo: endOfGrace).gives(noOriginal)),
    Story(
        "the letter stays known: copies are duplicates",
        reversal("V1", of: "R1", 5_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives(noOriginal),
        reversal("V1", of: "R1", 5_000).gives("DUPLICATE"),
        reversal("V1", of: "R1", 5_001).gives("letter CONFLICTING_DUPLICATE")),
    Story(
        "a recharge that is decided later resolves it, on its net amount",
        reversal("V1", of: "R1", 5_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives(noOriginal),
        recharge("R1", 10_000)
            .gives("RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/0; gift 500 instant-discount + 800 bonus-credit"),
        reversal("V2", of: "R1", 5_000, published: endOfGrace)
            .gives("takes back 500 instant-discount + 800 bonus-credit")),
    Story(
        "a recharge of nothing left resolves it too",
        recharge("R0", 3_000).gives("gift 300 bonus-credit"),
        reversal("V1", of: "R1", 10_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives(noOriginal),
        recharge("R1", 10_000).gives("CANCELLED; RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/1"),
        recharge("R1", 10_000).gives("DUPLICATE")),
    Story(
        "two letters of one recharge",
        reversal("V1", of: "R1", 3_000).gives("waits"),
        reversal("V2", of: "R1", 2_000).gives("waits"),
        everythingRead(upTo: endOfGrace).gives("\(noOriginal); \(noOriginal)"),
        recharge("R1", 10_000)
            .gives(
                "RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/0; RESOLVED REVERSAL_WITHOUT_ORIGINAL recharges/1; "
                    + "gift 500 instant-discount + 800 bonus-credit")),
    Story(
        "an assist that no recharge paid expires",
        assist("A1", by: friend(1)).gives("waits; helper 100"),
        everythingRead(upTo: "06-07 23:59:59").gives(""),
        everythingRead(upTo: endOfGrace).gives(""),
        recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        assist("A1", by: friend(1)).gives("DUPLICATE")),
    Story(
        "an expired assist still counts as accepted",
        assist("A1").gives("waits; helper 100"),
        everythingRead(upTo: endOfGrace).gives(""),
        assist("A2").gives("REPEAT_HELPER")),
    Story(
        "the grace is that of the campaign file in force",
        reversal("V1", of: "R1", 5_000).gives("waits"),
        restart(with: SeedCampaign(grace: "9d")),
        everythingRead(upTo: endOfGrace).gives(""),
        everythingRead(upTo: "06-09 23:59:59").gives(""),
        everythingRead(upTo: "06-10 00:00").gives(noOriginal)),
    Story(
        "an assist in a longer grace",
        assist("A1").gives("waits; helper 100"),
        restart(with: SeedCampaign(grace: "9d")),
        everythingRead(upTo: endOfGrace).gives(""),
        recharge("R1", 3_000, published: "06-09 10:00").gives("gift 300 bonus-credit + 200 assist"),
        everythingRead(upTo: "06-10 00:00").gives("")),
]
