import Testing

@testable import Campaign

/// Contract, section 7: what one recharge is given.
@Suite struct RechargeRules {
    @Test(arguments: instantDiscountAndBonus + atTheTill, Stage.Way.allCases)
    func `the highest tier of discount and bonus`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: packages, Stage.Way.allCases)
    func `a prepaid package`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: best, Stage.Way.allCases)
    func `stacking best gives the largest alone`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: versions, Stage.Way.allCases)
    func `the version of the event's own time decides`(story: Story, way: Stage.Way) throws { try check(story, way) }
}

private let instantDiscountAndBonus: [Story] =
    [
        (1, "BELOW_TIER"),
        (2_999, "BELOW_TIER"),
        (3_000, "gift 300 bonus-credit"),
        (4_999, "gift 300 bonus-credit"),
        (5_000, "gift 500 instant-discount + 800 bonus-credit"),
        (9_999, "gift 500 instant-discount + 800 bonus-credit"),
        (10_000, "gift 1000 instant-discount + 2000 bonus-credit"),
        (19_999, "gift 1000 instant-discount + 2000 bonus-credit"),
        (20_000, "gift 3000 instant-discount + 2000 bonus-credit"),
        (5_000_000, "gift 3000 instant-discount + 2000 bonus-credit"),
        (5_000_001, "letter ABOVE_LIMIT"),
    ].map { amount, outcome in Story("\(amount) fen", recharge("R1", amount).gives(outcome)) } + [
        Story(
            "single recharges do not add up",
            recharge("R1", 2_999).gives("BELOW_TIER"),
            recharge("R2", 2_999).gives("BELOW_TIER"),
            recharge("R3", 3_000).gives("gift 300 bonus-credit"))
    ]

private let atTheTill: [Story] = [
    (10_000, 10_000, "gift 1000 instant-discount + 2000 bonus-credit"),
    (10_000, 9_999, "gift 999 instant-discount + 2000 bonus-credit"),
    (10_000, 9_500, "gift 500 instant-discount + 2000 bonus-credit"),
    (10_000, 9_000, "gift 2000 bonus-credit"),
    (10_000, 8_000, "gift 2000 bonus-credit"),
    (10_000, 0, "gift 2000 bonus-credit"),
    (20_000, 19_000, "gift 2000 instant-discount + 2000 bonus-credit"),
    (5_000, 4_500, "gift 800 bonus-credit"),
].map { (amount: Int, paid: Int, outcome: String) in
    Story("\(paid) paid of \(amount)", recharge("R1", amount, paid: paid).gives(outcome))
}

private let packages = [
    Story(
        "exactly the prepayment",
        recharge("R1", 17_400, package: "P58").gives("gift 1000 instant-discount + 2000 bonus-credit + 1160 package")),
    Story(
        "a fen short of the prepayment",
        recharge("R1", 17_399, package: "P58").gives("gift 1000 instant-discount + 2000 bonus-credit")),
    Story(
        "the face value counts, not what was paid",
        recharge("R1", 17_400, paid: 16_400, package: "P58").gives("gift 2000 bonus-credit + 1160 package")),
    Story("80 % of 101 is 80, in whole fen", recharge("R1", 100, package: "P101").gives("gift 21 package")),
    Story("a small package below its prepayment", recharge("R1", 29, package: "P101").gives("BELOW_TIER")),
    Story(
        "a package that the campaign lacks leaves the id free",
        recharge("R1", 10_000, package: "P99").gives("letter UNKNOWN_PACKAGE"),
        recharge("R1", 10_000).gives("gift 1000 instant-discount + 2000 bonus-credit")),
    Story(
        "a package that is added meanwhile",
        recharge("R1", 10_000, package: "P10").gives("letter UNKNOWN_PACKAGE"),
        restart(
            with: SeedCampaign(
                packages: "{code: P58, feeFen: 5800, prepayFen: 17400}, {code: P101, feeFen: 101, prepayFen: 30}, "
                    + "{code: P10, feeFen: 1000, prepayFen: 3000}")),
        recharge("R1", 10_000, package: "P10").gives("gift 1000 instant-discount + 2000 bonus-credit + 200 package")),
    Story(
        "an empty code is no package of the campaign",
        recharge("R1", 3_000, package: "").gives("letter UNKNOWN_PACKAGE")),
]

private let large = SeedCampaign(
    stacking: "best",
    packages: "{code: P200, feeFen: 20000, prepayFen: 10000}, {code: P100, feeFen: 10000, prepayFen: 10000}")

private let best = [
    Story("bonus alone", in: .best, recharge("R1", 3_000).gives("gift 300 bonus-credit")),
    Story("bonus above discount", in: .best, recharge("R1", 5_000).gives("gift 800 bonus-credit")),
    Story("discount above bonus", in: .best, recharge("R1", 20_000).gives("gift 3000 instant-discount")),
    Story("package above both", in: large, recharge("R1", 10_000, package: "P200").gives("gift 4000 package")),
    Story(
        "bonus and package tie: the earlier", in: large,
        recharge("R1", 10_000, package: "P100").gives("gift 2000 bonus-credit")),
    Story(
        "discount and bonus tie by what is owed: the earlier", in: .best,
        recharge("R1", 20_000, paid: 19_000).gives("gift 2000 instant-discount")),
    Story(
        "what the till took does not compete", in: .best,
        recharge("R1", 20_000, paid: 18_999).gives("gift 2000 bonus-credit")),
    Story("nothing at all", in: .best, recharge("R1", 2_999).gives("BELOW_TIER")),
    Story(
        "assists come on top", in: .best,
        assist("A1").gives("waits; helper 100"),
        recharge("R1", 5_000).gives("gift 800 bonus-credit + 200 assist")),
]

private let versions = [
    Story(
        "the last moment of the first version", in: .twoVersions,
        recharge("R1", 10_000, at: "2026-05-14T23:59:59.999+08:00", published: "05-20 12:00")
            .gives("gift 1000 instant-discount + 2000 bonus-credit")),
    Story(
        "the first moment of the second", in: .twoVersions,
        recharge("R1", 10_000, at: "05-15 00:00").gives("gift 600 instant-discount"),
        recharge("R2", 3_000, at: "2026-05-14T16:00:00Z").gives("gift 400 bonus-credit")),
    Story(
        "rules that a version leaves out", in: .twoVersions,
        recharge("R1", 3_000, at: "05-20 00:00").gives("BELOW_TIER"),
        recharge("R2", 5_000, at: "05-20 00:00").gives("gift 600 instant-discount"),
        recharge("R3", 17_400, package: "P58", at: "05-20 00:00").gives("letter UNKNOWN_PACKAGE")),
    Story(
        "a reversal follows its recharge's version", in: .twoVersions,
        recharge("R1", 10_000, at: "05-14 10:00").gives("gift 1000 instant-discount + 2000 bonus-credit"),
        reversal("V1", of: "R1", 5_000, at: "05-16 10:00")
            .gives("takes back 500 instant-discount + 1200 bonus-credit")),
]
