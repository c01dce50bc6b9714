import Testing

@testable import Campaign

/// Contract, section 5: an id again, and the order of the checks behind it.
@Suite struct Duplicates {
    @Test(arguments: copies, Stage.Way.allCases)
    func `the same content is a duplicate, other content a conflict`(story: Story, way: Stage.Way) throws {
        try check(story, way)
    }

    @Test(arguments: ids, Stage.Way.allCases)
    func `what keeps its id and what leaves it free`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: order, Stage.Way.allCases)
    func `the first check that fails names the reason`(story: Story, way: Stage.Way) throws { try check(story, way) }
}

private let conflict = "letter CONFLICTING_DUPLICATE"

private let original = recharge("E1", 17_400, paid: 17_000, package: "P58")
    .gives("gift 600 instant-discount + 2000 bonus-credit + 1160 package")
private let originalReversal = reversal("E1", of: "R1", 5_000, rechargedAt: "05-03 10:00").gives("waits")
private let originalAssist = assist("E1", by: friend).gives("waits; helper 100")

/// A changed member and what the copy is then.
private let copies: [Story] =
    [
        (nil, nil, "DUPLICATE"),
        ("time", "\"2026-05-03T02:00:00.0009Z\"", "DUPLICATE"),
        ("time", "\"2026-05-03T10:00:00.001+08:00\"", conflict),
        ("subject", "\"+86 139 0000 0001\"", "DUPLICATE"),
        ("source", "\"/elsewhere\"", "DUPLICATE"),
        ("traceparent", "\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"", "DUPLICATE"),
        ("more", "[1]", "DUPLICATE"),
        ("data.amountFen", "17401", conflict),
        ("data.paidFen", "17001", conflict),
        ("data.paidFen", nil, conflict),
        ("data.package", "\"P101\"", conflict),
        ("data.package", nil, conflict),
        ("data.package", "\"\"", conflict),
        ("data.channel", "\"shop\"", "DUPLICATE"),
        ("data.carrier", "\"CUCC\"", "DUPLICATE"),
        ("data.city", "\"440100\"", "DUPLICATE"),
        ("data.newSubscriber", "true", "DUPLICATE"),
        ("data.more", "{}", "DUPLICATE"),
    ].map { copy(of: original, $0, $1, $2) }
    + [
        (nil, nil, "DUPLICATE"),
        ("time", "\"2026-05-04T02:00:00Z\"", "DUPLICATE"),
        ("time", "\"2026-05-04T02:00:01Z\"", conflict),
        ("data.rechargeId", "\"R2\"", conflict),
        ("data.refundedFen", "5001", conflict),
        ("data.rechargedAt", nil, "DUPLICATE"),
        ("data.rechargedAt", "\"2026-04-03T10:00:00+08:00\"", "DUPLICATE"),
    ].map { copy(of: originalReversal, $0, $1, $2) }
    + [
        (nil, nil, "DUPLICATE"),
        ("time", "\"2026-05-02T02:00:00Z\"", "DUPLICATE"),
        ("time", "\"2026-05-02T02:00:00.1Z\"", conflict),
        ("data.helper", "\"0086 139-0000-0002\"", "DUPLICATE"),
        ("data.helper", "\"13900000003\"", conflict),
        ("data.channel", "\"app\"", "DUPLICATE"),
    ].map { copy(of: originalAssist, $0, $1, $2) }
    + [
        Story("a recharge with a reversal's id", originalReversal, recharge("E1", 5_000).gives(conflict)),
        Story("a reversal with a recharge's id", original, reversal("E1", of: "E1", 5_000).gives(conflict)),
        Story(
            "a known reversal's copy when the recharge has come", originalReversal,
            recharge("R1", 10_000).gives("gift 500 instant-discount + 800 bonus-credit"),
            reversal("E1", of: "R1", 5_000).gives("DUPLICATE"), reversal("E1", of: "R1", 5_001).gives(conflict)),
        Story(
            "an assist with a recharge's id is of another topic", original,
            assist("E1").gives("helper 100; gift 200 assist")),
        Story(
            "the first stands, also after a conflict", original,
            recharge("E1", 20_000).gives(conflict), recharge("E1", 20_000).gives(conflict),
            recharge("E1", 17_400, paid: 17_000, package: "P58").gives("DUPLICATE")),
        Story(
            "another subscriber's same id is another event", original,
            recharge("E1", 3_000, of: friend).gives("gift 300 bonus-credit")),
    ]

private func copy(of first: Scene, _ path: String?, _ json: String?, _ outcome: String) -> Story {
    let changed = path.map { first.with($0, json) } ?? first
    return Story(
        "\(first.words), copied with \(path ?? "nothing") \(json ?? "changed or missing")", first,
        changed.gives(outcome))
}

private let ids = [
    Story(
        "a no keeps its id", recharge("R1", 100).gives("BELOW_TIER"), recharge("R1", 100).gives("DUPLICATE"),
        recharge("R1", 5_000).gives(conflict)),
    Story(
        "out of the window", recharge("R1", 100, at: "04-01 10:00").gives("OUT_OF_WINDOW"),
        recharge("R1", 100, at: "04-01 10:00").gives("DUPLICATE")),
    Story(
        "a refused assist", assist("A1", by: inviter).gives("SELF_ASSIST"),
        assist("A1", by: inviter).gives("DUPLICATE"), assist("A1").gives(conflict)),
    Story(
        "a refused reversal", reversal("V1", of: "R1", 1, rechargedAt: "04-01 10:00").gives("OUT_OF_WINDOW"),
        reversal("V1", of: "R1", 1).gives("DUPLICATE")),
    Story(
        "above the limit", recharge("R1", 5_000_001).gives("letter ABOVE_LIMIT"),
        recharge("R1", 3_000).gives("gift 300 bonus-credit")),
    Story(
        "a bad amount", recharge("R1", 0).gives("letter BAD_AMOUNT"),
        recharge("R1", 3_000).gives("gift 300 bonus-credit")),
    Story(
        "late", recharge("R1", 3_000, published: "06-09 10:00").gives("letter LATE_BEYOND_GRACE"),
        recharge("R1", 3_000).gives("gift 300 bonus-credit")),
]

private let lowered = SeedCampaign(maxRechargeFen: 5_000)

private let order = [
    Story(
        "a copy that is published late", recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        recharge("R1", 3_000, published: "06-09 10:00").gives("DUPLICATE")),
    Story(
        "a conflict that is published late", recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        recharge("R1", 3_001, published: "06-09 10:00").gives(conflict)),
    Story(
        "a conflict out of the window", recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        recharge("R1", 3_000, at: "04-01 10:00").gives(conflict)),
    Story(
        "a conflict outside the audience", recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        recharge("R1", 3_001, carrier: "CUCC").gives(conflict)),
    Story(
        "above the limit and out of the window",
        recharge("R1", 5_000_001, at: "04-01 10:00").gives("letter ABOVE_LIMIT")),
    Story(
        "above the limit and outside the audience",
        recharge("R1", 5_000_001, carrier: "CUCC").gives("letter ABOVE_LIMIT")),
    Story(
        "a copy above a limit that was lowered",
        recharge("R1", 10_000).gives("gift 1000 instant-discount + 2000 bonus-credit"),
        restart(with: lowered), recharge("R1", 10_000).gives("DUPLICATE"),
        recharge("R1", 10_001).gives("letter ABOVE_LIMIT"), recharge("R1", 5_000).gives(conflict)),
    Story(
        "above a limit that is raised", in: lowered, recharge("R1", 10_000).gives("letter ABOVE_LIMIT"),
        restart(with: .seed), recharge("R1", 10_000).gives("gift 1000 instant-discount + 2000 bonus-credit")),
]
