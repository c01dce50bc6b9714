import Testing

@testable import Campaign

/// Contract, section 7, "Friend assist": both sides.
@Suite struct FriendAssistRules {
    @Test(arguments: payment, Stage.Way.allCases)
    func `an accepted assist is paid with a recharge`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: refusals, Stage.Way.allCases)
    func `self, repeats and the inviter's cap`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: helpers, Stage.Way.allCases)
    func `the helper's side`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: versions, Stage.Way.allCases)
    func `each assist at the worth of its own version`(story: Story, way: Stage.Way) throws { try check(story, way) }

    /// Two assists that later recharges pay, one that none does; recharges below, at and above the minimum.
    @Test func `what is paid does not depend on the order of arrival`() throws {
        let events = [
            assist("A1", by: friend(1), at: "05-02 10:00"), assist("A2", by: friend(2), at: "05-04 10:00"),
            assist("A3", by: friend(3), at: "05-07 10:00"), recharge("R1", 3_000, at: "05-03 10:00"),
            recharge("R2", 2_000, at: "05-08 10:00"), recharge("R3", 5_000, at: "05-06 10:00"),
        ]
        for order in permutations(of: events) {
            let stage = try Stage(.seed, .committing)
            let said = try order.map { try stage.play($0) }
            let paid = said.reduce(0) { $0 + assistFen(in: $1) }
            #expect(paid == 400, "\(order.map(\.words)) led to \(said)")
        }
    }

    private func assistFen(in said: String) -> Int {
        said.firstMatch(of: /(\d+) assist/).flatMap { Int($0.1) } ?? 0
    }
}

private func permutations(of scenes: [Scene]) -> [[Scene]] {
    guard scenes.count > 1 else { return [scenes] }
    return scenes.indices.flatMap { index in
        var rest = scenes
        let first = rest.remove(at: index)
        return permutations(of: rest).map { [first] + $0 }
    }
}

private let smallRecharges = SeedCampaign(
    laterVersions: """
        - version: 2
          from: 2026-05-15T00:00:00+08:00
          stacking: all
          bonusCredit: {tiers: [{atLeastFen: 3000, creditFen: 300}]}
          friendAssist: {perAssistFen: 200, inviterCapFen: 1000, minRechargeFen: 1000, helperFen: 100, helperTimes: 3}
        """)

private let payment = [
    Story(
        "the assist comes first: a line of the recharge's gift",
        assist("A1", at: "05-02 10:00").gives("waits; helper 100"),
        recharge("R1", 3_000, at: "05-03 10:00").gives("gift 300 bonus-credit + 200 assist"),
        recharge("R2", 3_000, at: "05-04 10:00").gives("gift 300 bonus-credit")),
    Story(
        "the recharge comes first: a gift of its own at once",
        recharge("R1", 3_000, at: "05-03 10:00").gives("gift 300 bonus-credit"),
        assist("A1", at: "05-02 10:00").gives("helper 100; gift 200 assist")),
    Story(
        "at the same moment",
        recharge("R1", 3_000, at: "05-03 10:00").gives("gift 300 bonus-credit"),
        assist("A1", by: friend(1), at: "05-03 10:00").gives("helper 100; gift 200 assist"),
        assist("A2", by: friend(2), at: "2026-05-03T10:00:00.001+08:00", published: "05-03 10:01")
            .gives("waits; helper 100")),
    Story(
        "a recharge before the assist does not pay it",
        recharge("R1", 3_000, at: "05-01 10:00").gives("gift 300 bonus-credit"),
        assist("A1", at: "05-02 10:00").gives("waits; helper 100"),
        recharge("R2", 3_000, at: "05-02 09:59:59", published: "05-03 10:00").gives("gift 300 bonus-credit"),
        recharge("R3", 3_000, at: "05-02 10:00", published: "05-03 10:00")
            .gives("gift 300 bonus-credit + 200 assist")),
    Story(
        "several wait, one recharge pays those up to its time",
        assist("A1", by: friend(1), at: "05-02 10:00").gives("waits; helper 100"),
        assist("A2", by: friend(2), at: "05-04 10:00").gives("waits; helper 100"),
        assist("A3", by: friend(3), at: "05-03 10:00").gives("waits; helper 100"),
        recharge("R1", 3_000, at: "05-03 10:00").gives("gift 300 bonus-credit + 400 assist"),
        recharge("R2", 3_000, at: "05-05 10:00").gives("gift 300 bonus-credit + 200 assist")),
    Story(
        "a recharge below the minimum pays none",
        assist("A1").gives("waits; helper 100"),
        recharge("R1", 2_999).gives("BELOW_TIER"),
        assist("A2", by: friend(2)).gives("waits; helper 100"),
        recharge("R2", 3_000).gives("gift 300 bonus-credit + 400 assist")),
    Story(
        "a recharge that gets nothing pays them: a gift of that line alone", in: smallRecharges,
        assist("A1", at: "05-16 10:00").gives("waits; helper 100"),
        recharge("R1", 999, at: "05-17 10:00").gives("BELOW_TIER"),
        recharge("R2", 1_000, at: "05-17 10:00").gives("gift 200 assist")),
    Story(
        "a recharge that got nothing counts for later assists", in: smallRecharges,
        recharge("R2", 1_000, at: "05-17 10:00").gives("BELOW_TIER"),
        assist("A1", at: "05-16 10:00").gives("helper 100; gift 200 assist")),
    Story(
        "a recharge outside the audience or the window pays none",
        assist("A1").gives("waits; helper 100"),
        recharge("R1", 20_000, carrier: "CUCC").gives("NOT_IN_AUDIENCE"),
        recharge("R2", 20_000, at: "06-01 10:00").gives("OUT_OF_WINDOW"),
        assist("A2", by: friend(2)).gives("waits; helper 100")),
    Story(
        "the net amount when it is decided counts",
        reversal("V1", of: "R1", 1).gives("waits"),
        reversal("V2", of: "R2", 1).gives("waits"),
        recharge("R1", 3_000).gives("BELOW_TIER"),
        assist("A1").gives("waits; helper 100"),
        recharge("R2", 3_001).gives("gift 300 bonus-credit + 200 assist")),
    Story(
        "a refund later changes nothing",
        recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        reversal("V1", of: "R1", 3_000).gives("takes back 300 bonus-credit"),
        assist("A1").gives("helper 100; gift 200 assist")),
    Story(
        "a cancelled recharge pays none",
        reversal("V1", of: "R1", 3_000).gives("waits"),
        recharge("R1", 3_000).gives("CANCELLED"),
        assist("A1").gives("waits; helper 100")),
    Story(
        "another's recharge pays none",
        assist("A1", for: inviter).gives("waits; helper 100"),
        recharge("R1", 3_000, of: friend).gives("gift 300 bonus-credit")),
]

private let fiveAssists = (1...5).map { assist("A\($0)", by: friend($0)).gives("waits; helper 100") }

private let refusals = [
    Story("oneself", assist("A1", by: inviter).gives("SELF_ASSIST")),
    Story("oneself, written in another way", assist("A1", by: "+86 139-0000-0001").gives("SELF_ASSIST")),
    Story(
        "the same helper again",
        assist("A1").gives("waits; helper 100"),
        assist("A2").gives("REPEAT_HELPER"),
        recharge("R1", 3_000).gives("gift 300 bonus-credit + 200 assist"),
        assist("A3", by: "8613900000002").gives("REPEAT_HELPER")),
    Story(
        "a refused assist is no repeat",
        assist("A1", at: "04-30 10:00").gives("OUT_OF_WINDOW"),
        assist("A2").gives("waits; helper 100")),
    Story(
        "the same helper for two inviters",
        assist("A1", by: friend(1), for: inviter).gives("waits; helper 100"),
        assist("A2", by: friend(1), for: friend).gives("waits; helper 100")),
    Story(
        "five of 2 yuan are 10 yuan",
        fiveAssists + [
            assist("A6", by: friend(6)).gives("CAP_REACHED"),
            recharge("R1", 3_000).gives("gift 300 bonus-credit + 1000 assist"),
            assist("A7", by: friend(7)).gives("CAP_REACHED"),
        ]),
    Story("a repeat before the cap", fiveAssists + [assist("A6", by: friend(5)).gives("REPEAT_HELPER")]),
    Story(
        "the cap holds also for what is paid at once",
        [recharge("R1", 3_000).gives("gift 300 bonus-credit")]
            + (1...5).map { assist("A\($0)", by: friend($0)).gives("helper 100; gift 200 assist") }
            + [assist("A6", by: friend(6)).gives("CAP_REACHED")]),
]

private let helpers = [
    Story(
        "three times 1 yuan; the fourth inviter is helped all the same",
        assist("A1", by: friend, for: friend(1)).gives("waits; helper 100"),
        assist("A2", by: friend, for: friend(2)).gives("waits; helper 100"),
        assist("A3", by: friend, for: friend(3)).gives("waits; helper 100"),
        assist("A4", by: friend, for: friend(4)).gives("waits; helper CAP_REACHED"),
        recharge("R1", 3_000, of: friend(4)).gives("gift 300 bonus-credit + 200 assist")),
    Story(
        "a refused assist gives the helper nothing",
        assist("A1").gives("waits; helper 100"),
        assist("A2").gives("REPEAT_HELPER"),
        assist("A1").gives("DUPLICATE")),
    Story(
        "one who helps is invited too",
        assist("A1", by: friend, for: inviter).gives("waits; helper 100"),
        assist("A2", by: inviter, for: friend).gives("waits; helper 100"),
        recharge("R1", 3_000, of: friend).gives("gift 300 bonus-credit + 200 assist")),
]

private let versions = [
    Story(
        "2 yuan and 3 yuan with one recharge", in: .twoVersions,
        assist("A1", by: friend(1), at: "05-14 23:59:59").gives("waits; helper 100"),
        assist("A2", by: friend(2), at: "05-15 00:00").gives("waits; helper 50"),
        recharge("R1", 4_999, at: "05-16 10:00").gives("gift 400 bonus-credit"),
        recharge("R2", 5_000, at: "05-16 10:00").gives("gift 600 instant-discount + 500 assist")),
    Story(
        "one that would pass the cap is refused whole", in: .twoVersions,
        assist("A1", by: friend(1)).gives("waits; helper 100"),
        assist("A2", by: friend(2)).gives("waits; helper 100"),
        assist("A3", by: friend(3)).gives("waits; helper 100"),
        assist("A4", by: friend(4)).gives("waits; helper 100"),
        assist("A5", by: friend(5), at: "05-16 10:00").gives("CAP_REACHED"),
        assist("A6", by: friend(5)).gives("waits; helper 100"),
        recharge("R1", 5_000, at: "05-16 10:00").gives("gift 600 instant-discount + 1000 assist")),
    Story(
        "the helper's most is that of the assist's version", in: .twoVersions,
        assist("A1", by: friend, for: friend(1)).gives("waits; helper 100"),
        assist("A2", by: friend, for: friend(2), at: "05-16 10:00").gives("waits; helper CAP_REACHED"),
        assist("A3", by: friend, for: friend(3)).gives("waits; helper 100")),
    Story(
        "a version without friend assist neither takes nor pays", in: .twoVersions,
        assist("A1", by: friend(1)).gives("waits; helper 100"),
        assist("A2", by: friend(2), at: "05-21 10:00").gives("CAP_REACHED"),
        recharge("R1", 5_000, at: "05-21 10:00").gives("gift 600 instant-discount")),
]
