@testable import Campaign

/// The campaign of the contract's own numbers, with what the rows of a table may vary.
struct SeedCampaign: Sendable {
    var stacking = "all"
    /// More elements of `versions`, in YAML.
    var laterVersions = ""
    var grace = "7d"
    var portedIn: [String] = []
    var portedOut: [String] = []
    var maxRechargeFen = 5_000_000
    var packages = "{code: P58, feeFen: 5800, prepayFen: 17400}, {code: P101, feeFen: 101, prepayFen: 30}"
    var signature = "中国移动"

    static let seed = SeedCampaign()
    static let best = SeedCampaign(stacking: "best")

    /// From 15 May on other tiers, another stacking and another worth of assists.
    static let twoVersions = SeedCampaign(
        laterVersions: """
            - version: 2
              from: 2026-05-15T00:00:00+08:00
              stacking: best
              instantDiscount: {tiers: [{atLeastFen: 5000, offFen: 600}]}
              bonusCredit: {tiers: [{atLeastFen: 3000, creditFen: 400}]}
              friendAssist: {perAssistFen: 300, inviterCapFen: 1000, minRechargeFen: 5000, helperFen: 50, helperTimes: 1}
            - version: 3
              from: 2026-05-20T00:00:00+08:00
              stacking: all
              instantDiscount: {tiers: [{atLeastFen: 5000, offFen: 600}]}
            """)

    /// The segments in the table: the tests' subscribers are of the first.
    static let segments = "1390000\n1380013\n"

    func file() throws -> CampaignFile { try readCampaign(text, segments: Self.segments) }

    private var text: String {
        """
        campaign: zs-2026-05
        title: 中山移动充值活动
        versions:
          - version: 1
            from: 2026-05-01T00:00:00+08:00
            stacking: \(stacking)
            instantDiscount:
              tiers: [{atLeastFen: 5000, offFen: 500}, {atLeastFen: 10000, offFen: 1000}, {atLeastFen: 20000, offFen: 3000}]
            bonusCredit:
              tiers: [{atLeastFen: 3000, creditFen: 300}, {atLeastFen: 5000, creditFen: 800}, {atLeastFen: 10000, creditFen: 2000}]
            packagePrepay: {payPercent: 80, packages: [\(packages)]}
            friendAssist: {perAssistFen: 200, inviterCapFen: 1000, minRechargeFen: 3000, helperFen: 100, helperTimes: 3}
        \(indented(laterVersions))
        window: {start: 2026-05-01T00:00:00+08:00, end: 2026-06-01T00:00:00+08:00, grace: \(grace)}
        audience:
          carrier: CMCC
          city: "442000"
          segments: segments.txt
          portedIn: [\(quoted(portedIn))]
          portedOut: [\(quoted(portedOut))]
        gifts: {confirmWithin: 5m}
        budget: {totalFen: 500000000}
        limits: {maxRechargeFen: \(maxRechargeFen)}
        sms:
          signature: \(signature)
          templates:
            recharge-gift: 您于{date}充值{amount}元，获赠话费{credit}元{breakdown}。
            assist-gift: 好友助力成功，您于{date}获得{credit}元话费优惠。
            helper-gift: 感谢您于{date}为好友助力，获赠话费{credit}元。
            gift-reversed: 您充值的{amount}元已于{date}退款{refunded}元，相应优惠{credit}元{breakdown}将收回。
        report:
          lastMonth: {rechargeFen: 0, recharges: 0}
          activeAboveFen: 10000
          goals: {growthPercent: 10, activeUsers: 5000}

        """
    }

    private func indented(_ yaml: String) -> String {
        yaml.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    }

    private func quoted(_ numbers: [String]) -> String {
        numbers.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
