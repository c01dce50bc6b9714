import Campaign

/// The demo's campaign: `deploy/campaign/campaign.yaml` with another name, around the present day.
enum DemoCampaign {
    /// China Mobile's segments of Zhongshan that the demo's subscribers have; the real table has some 800.
    static let segments: [UInt64] = [1_341_160, 1_341_161, 1_341_162, 1_382_270]

    /// The campaign from a week before `now` to four weeks after it.
    static func around(_ now: Timestamp) throws(CampaignProblems) -> CampaignFile {
        let today = now.midnight
        let source = text(start: today + .seconds(-7 * 86_400), end: today + .seconds(28 * 86_400))
        return try CampaignFile.read(Array(source.utf8)) { _ in
            Array(segments.map { "\($0)\n" }.joined().utf8)
        }
    }

    private static func text(start: Timestamp, end: Timestamp) -> String {
        """
        campaign: demo
        title: 中山移动充值活动（演示）
        versions:
          - version: 1
            from: \(start)
            stacking: all
            instantDiscount:
              tiers: [{atLeastFen: 5000, offFen: 500}, {atLeastFen: 10000, offFen: 1000}, {atLeastFen: 20000, offFen: 3000}]
            bonusCredit:
              tiers: [{atLeastFen: 3000, creditFen: 300}, {atLeastFen: 5000, creditFen: 800}, {atLeastFen: 10000, creditFen: 2000}]
            packagePrepay:
              payPercent: 80
              packages: [{code: P58, feeFen: 5800, prepayFen: 17400}, {code: P88, feeFen: 8800, prepayFen: 26400}]
            friendAssist: {perAssistFen: 200, inviterCapFen: 1000, minRechargeFen: 3000, helperFen: 100, helperTimes: 3}
        window: {start: \(start), end: \(end), grace: 7d}
        audience: {carrier: CMCC, city: "442000", segments: segments.txt, portedIn: [], portedOut: []}
        gifts: {confirmWithin: 3s}
        budget: {totalFen: 500000000}
        limits: {maxRechargeFen: 5000000}
        sms:
          signature: 中国移动
          templates:
            recharge-gift: 您于{date}充值{amount}元，获赠话费{credit}元{breakdown}，将存入话费账户，以到账为准。
            assist-gift: 好友助力成功，您获得{credit}元话费优惠，将存入话费账户，以到账为准。
            helper-gift: 感谢您为好友助力，获赠话费{credit}元，将存入话费账户，以到账为准。
            gift-reversed: 您的充值已于{date}退款{refunded}元，相应优惠{credit}元将收回。
        """
    }
}

extension Timestamp {
    /// The day's first moment at +08:00.
    fileprivate var midnight: Timestamp {
        let (day, offset): (Int64, Int64) = (86_400_000, 8 * 3_600_000)
        let local = milliseconds + offset
        return Timestamp(milliseconds: local - local % day - offset)
    }
}
