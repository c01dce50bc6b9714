@testable import Campaign

/// A small campaign file whose lines the tests count on. It has no mistakes.
let soundCampaign = """
    campaign: zs-2026-05
    title: 中山移动充值活动
    versions:
      - version: 1
        from: 2026-05-01T00:00:00+08:00
        stacking: all
        instantDiscount:
          tiers: [{atLeastFen: 5000, offFen: 500}, {atLeastFen: 10000, offFen: 1000}]
        bonusCredit:
          tiers:
            - {atLeastFen: 3000, creditFen: 300}
            - {atLeastFen: 5000, creditFen: 800}
        packagePrepay:
          payPercent: 80
          packages: [{code: P58, feeFen: 5800, prepayFen: 17400}, {code: P88, feeFen: 8800, prepayFen: 26400}]
        friendAssist:
          perAssistFen: 200
          inviterCapFen: 1000
          minRechargeFen: 3000
          helperFen: 100
          helperTimes: 3
      - version: 2
        from: 2026-05-15T00:00:00+08:00
        stacking: best
        bonusCredit: {tiers: [{atLeastFen: 3000, creditFen: 400}]}
    window: {start: 2026-05-01T00:00:00+08:00, end: 2026-06-01T00:00:00+08:00, grace: 7d}
    audience:
      carrier: CMCC
      city: "442000"
      segments: segments.txt
      portedIn: []
      portedOut: []
    gifts: {confirmWithin: 5m}
    budget: {totalFen: 500000000}
    limits: {maxRechargeFen: 5000000}
    sms:
      signature: 中国移动
      templates:
        recharge-gift: 您于{date}充值{amount}元，获赠话费{credit}元{breakdown}。
        assist-gift: 您获得{credit}元话费优惠。
        helper-gift: 获赠话费{credit}元。
        gift-reversed: 退款{refunded}元，优惠{credit}元将收回。
    report:
      lastMonth: {rechargeFen: 0, recharges: 0}
      activeAboveFen: 10000
      goals: {growthPercent: 10, activeUsers: 5000}

    """

/// Reads a text as `campaign.yaml`, with `segments` beside it as `segments.txt`.
func readCampaign(_ text: String, segments: String = "1390000\n") throws(CampaignProblems) -> CampaignFile {
    try CampaignFile.read(Array(text.utf8)) { (name) throws(UnreadableFile) in
        guard name == "segments.txt" else { throw UnreadableFile(reason: "No such file or directory") }
        return Array(segments.utf8)
    }
}

/// The problems of a text, one a line; none when it reads well.
func campaignProblems(_ text: String, segments: String = "1390000\n") -> [Problem] {
    do throws(CampaignProblems) {
        _ = try readCampaign(text, segments: segments)
        return []
    } catch {
        return error.problems
    }
}

/// The sound campaign with some texts replaced. An edit that hits nothing, or more than one place, gives nil.
func editedCampaign(_ edits: [(String, String)]) -> String? {
    var text = soundCampaign
    for (old, new) in edits {
        let ranges = text.ranges(of: old)
        guard ranges.count == 1 else { return nil }
        text.replaceSubrange(ranges[0], with: new)
    }
    return text
}
