import Testing

@testable import Campaign

/// Contract, section 7, "Reversal": decide anew on the net amount and take back the difference.
@Suite struct Reversals {
    @Test(arguments: afterTheRecharge, Stage.Way.allCases)
    func `after the recharge`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: beforeTheRecharge, Stage.Way.allCases)
    func `before the recharge`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: underBest, Stage.Way.allCases)
    func `under stacking best`(story: Story, way: Stage.Way) throws { try check(story, way) }
}

private let gift20000 = recharge("R1", 20_000).gives("gift 3000 instant-discount + 2000 bonus-credit")

private let afterTheRecharge: [Story] =
    [
        (20_000, "takes back 3000 instant-discount + 2000 bonus-credit"),
        (30_000, "takes back 3000 instant-discount + 2000 bonus-credit"),
        (1, "takes back 2000 instant-discount"),
        (10_000, "takes back 2000 instant-discount"),
        (10_001, "takes back 2500 instant-discount + 1200 bonus-credit"),
        (15_000, "takes back 2500 instant-discount + 1200 bonus-credit"),
        (15_001, "takes back 3000 instant-discount + 1700 bonus-credit"),
        (17_001, "takes back 3000 instant-discount + 2000 bonus-credit"),
    ].map { refunded, outcome in
        Story("\(refunded) of 20000 fen", gift20000, reversal("V1", of: "R1", refunded).gives(outcome))
    } + [
        Story(
            "several add up, more than the amount counts as the amount",
            gift20000,
            reversal("V1", of: "R1", 10_000).gives("takes back 2000 instant-discount"),
            reversal("V2", of: "R1", 5_000).gives("takes back 500 instant-discount + 1200 bonus-credit"),
            reversal("V3", of: "R1", 1_000).gives("takes back 500 instant-discount + 500 bonus-credit"),
            reversal("V4", of: "R1", 9_000).gives("takes back 300 bonus-credit"),
            reversal("V5", of: "R1", 1).gives("counts")),
        Story(
            "amounts as large as an integer can be",
            reversal("V1", of: "R0", .max).gives("waits"),
            reversal("V2", of: "R0", .max).gives("waits"),
            recharge("R0", 20_000).gives("CANCELLED"),
            gift20000,
            reversal("V3", of: "R1", .max).gives("takes back 3000 instant-discount + 2000 bonus-credit"),
            reversal("V4", of: "R1", .max).gives("counts")),
        Story(
            "within a tier",
            recharge("R1", 25_000).gives("gift 3000 instant-discount + 2000 bonus-credit"),
            reversal("V1", of: "R1", 5_000).gives("counts"),
            reversal("V2", of: "R1", 1).gives("takes back 2000 instant-discount")),
        Story(
            "what the till took stays taken",
            recharge("R1", 20_000, paid: 19_000).gives("gift 2000 instant-discount + 2000 bonus-credit"),
            reversal("V1", of: "R1", 10_000).gives("takes back 2000 instant-discount")),
        Story(
            "what the till took is never taken back",
            recharge("R1", 20_000, paid: 17_000).gives("gift 2000 bonus-credit"),
            reversal("V1", of: "R1", 10_000).gives("counts"),
            reversal("V2", of: "R1", 5_001).gives("takes back 1700 bonus-credit"),
            reversal("V3", of: "R1", 4_999).gives("takes back 300 bonus-credit")),
        Story(
            "a package that is no longer prepaid",
            recharge("R1", 17_400, package: "P58")
                .gives("gift 1000 instant-discount + 2000 bonus-credit + 1160 package"),
            reversal("V1", of: "R1", 1).gives("takes back 1160 package"),
            reversal("V2", of: "R1", 17_399).gives("takes back 1000 instant-discount + 2000 bonus-credit")),
        Story(
            "assists stay",
            assist("A1").gives("waits; helper 100"),
            recharge("R1", 3_000).gives("gift 300 bonus-credit + 200 assist"),
            reversal("V1", of: "R1", 3_000).gives("takes back 300 bonus-credit")),
        Story(
            "a gift of assists alone stays whole",
            recharge("R1", 3_000).gives("gift 300 bonus-credit"),
            assist("A1").gives("helper 100; gift 200 assist"),
            reversal("V1", of: "R1", 3_000).gives("takes back 300 bonus-credit")),
        Story(
            "of a recharge that got nothing",
            recharge("R1", 2_000).gives("BELOW_TIER"),
            reversal("V1", of: "R1", 2_000).gives("counts")),
        Story(
            "of a recharge that was out of the window",
            recharge("R1", 20_000, at: "04-30 10:00").gives("OUT_OF_WINDOW"),
            reversal("V1", of: "R1", 20_000).gives("counts")),
        Story(
            "of a recharge outside the audience",
            recharge("R1", 20_000, carrier: "CUCC").gives("NOT_IN_AUDIENCE"),
            reversal("V1", of: "R1", 20_000).gives("counts")),
        Story(
            "of one recharge of two",
            recharge("R1", 3_000).gives("gift 300 bonus-credit"),
            recharge("R2", 5_000).gives("gift 500 instant-discount + 800 bonus-credit"),
            reversal("V1", of: "R2", 5_000).gives("takes back 500 instant-discount + 800 bonus-credit"),
            reversal("V2", of: "R1", 3_000).gives("takes back 300 bonus-credit")),
        Story(
            "another subscriber's reversal finds no recharge",
            recharge("R1", 3_000).gives("gift 300 bonus-credit"),
            reversal("V1", of: "R1", 3_000, by: friend).gives("waits")),
        Story(
            "the event's carrier and city still count, not today's table",
            recharge("R1", 5_000, carrier: "CMCC", city: "442000", of: stranger)
                .gives("gift 500 instant-discount + 800 bonus-credit"),
            reversal("V1", of: "R1", 2_000, by: stranger).gives("takes back 500 instant-discount + 500 bonus-credit")),
    ]

private let beforeTheRecharge: [Story] =
    [
        (1, 20_000, "gift 1000 instant-discount + 2000 bonus-credit"),
        (5_000, 10_000, "gift 500 instant-discount + 800 bonus-credit"),
        (6_000, 10_000, "gift 300 bonus-credit"),
        (9_000, 10_000, "BELOW_TIER"),
        (9_999, 10_000, "BELOW_TIER"),
        (10_000, 10_000, "CANCELLED"),
        (99_999, 10_000, "CANCELLED"),
    ].map { refunded, amount, outcome in
        Story(
            "\(refunded) of \(amount) fen", reversal("V1", of: "R1", refunded).gives("waits"),
            recharge("R1", amount).gives(outcome), recharge("R1", amount).gives("DUPLICATE"),
            reversal("V1", of: "R1", refunded).gives("DUPLICATE"), everythingRead(upTo: endOfGrace).gives(""))
    } + [
        Story(
            "several before, one after",
            reversal("V1", of: "R1", 3_000).gives("waits"),
            reversal("V2", of: "R1", 2_000).gives("waits"),
            recharge("R1", 20_000).gives("gift 1000 instant-discount + 2000 bonus-credit"),
            reversal("V3", of: "R1", 10_000).gives("takes back 500 instant-discount + 1200 bonus-credit"),
            reversal("V4", of: "R1", 5_000).gives("takes back 500 instant-discount + 800 bonus-credit")),
        Story(
            "several before that are together too much",
            reversal("V1", of: "R1", 9_000).gives("waits"),
            reversal("V2", of: "R1", 9_000).gives("waits"),
            recharge("R1", 10_000).gives("CANCELLED"),
            reversal("V3", of: "R1", 9_000).gives("counts")),
        Story(
            "the till's part and the net amount",
            reversal("V1", of: "R1", 10_000).gives("waits"),
            recharge("R1", 20_000, paid: 17_000).gives("gift 2000 bonus-credit")),
        Story(
            "a package that the net amount does not prepay",
            reversal("V1", of: "R1", 1).gives("waits"),
            recharge("R1", 17_400, package: "P58").gives("gift 1000 instant-discount + 2000 bonus-credit")),
        Story(
            "of a recharge that becomes a dead letter: it waits on",
            reversal("V1", of: "R1", 5_000).gives("waits"),
            recharge("R1", 10_000, package: "P99").gives("letter UNKNOWN_PACKAGE"),
            recharge("R1", 10_000).gives("gift 500 instant-discount + 800 bonus-credit")),
        Story(
            "of a recharge that is refused: it waits no longer",
            reversal("V1", of: "R1", 5_000).gives("waits"),
            recharge("R1", 10_000, carrier: "CUCC").gives("NOT_IN_AUDIENCE"),
            everythingRead(upTo: endOfGrace).gives("")),
        Story(
            "it does not wait for another subscriber's recharge of that id",
            reversal("V1", of: "R1", 5_000).gives("waits"),
            recharge("R1", 10_000, of: friend).gives("gift 1000 instant-discount + 2000 bonus-credit"),
            recharge("R1", 10_000).gives("gift 500 instant-discount + 800 bonus-credit")),
    ]

private let underBest = [
    Story(
        "the difference of the two largest comes from what was given", in: .best,
        recharge("R1", 20_000).gives("gift 3000 instant-discount"),
        reversal("V1", of: "R1", 10_000).gives("takes back 1000 instant-discount"),
        reversal("V2", of: "R1", 5_000).gives("takes back 1200 instant-discount"),
        reversal("V3", of: "R1", 5_000).gives("takes back 800 instant-discount")),
    Story(
        "the same benefit of a lower tier", in: .best,
        recharge("R1", 10_000).gives("gift 2000 bonus-credit"),
        reversal("V1", of: "R1", 5_000).gives("takes back 1200 bonus-credit"),
        reversal("V2", of: "R1", 2_000).gives("takes back 500 bonus-credit"),
        reversal("V3", of: "R1", 1).gives("takes back 300 bonus-credit"),
        reversal("V4", of: "R1", 1).gives("counts")),
    Story(
        "another benefit is as large", in: .best,
        recharge("R1", 20_000, paid: 19_000).gives("gift 2000 instant-discount"),
        reversal("V1", of: "R1", 10_000).gives("counts")),
    Story(
        "before the recharge", in: .best,
        reversal("V1", of: "R1", 10_000).gives("waits"),
        recharge("R1", 20_000).gives("gift 2000 bonus-credit")),
]
