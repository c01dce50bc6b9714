/// The campaign as the oracle sees it: the members of the campaign file in plain words. Instants are milliseconds since
/// 1970, money is fen.
public struct OracleCampaign: Sendable {
    /// From this amount on, this much.
    public struct Tier: Sendable, Hashable {
        /// The least amount.
        public var atLeastFen: Int64
        /// What it gives.
        public var fen: Int64

        /// A tier.
        public init(_ atLeastFen: Int64, _ fen: Int64) {
            self.atLeastFen = atLeastFen
            self.fen = fen
        }
    }

    /// A prepaid package.
    public struct Package: Sendable, Hashable {
        /// Its code in events.
        public var code: String
        /// Its fee.
        public var feeFen: Int64
        /// The least recharge that buys it.
        public var prepayFen: Int64

        /// A package.
        public init(_ code: String, feeFen: Int64, prepayFen: Int64) {
            self.code = code
            self.feeFen = feeFen
            self.prepayFen = prepayFen
        }
    }

    /// Package prepay of a version.
    public struct PackagePrepay: Sendable, Hashable {
        /// What the subscriber pays of the fee.
        public var payPercent: Int64
        /// The packages on offer.
        public var packages: [Package]
    }

    /// Friend assist of a version.
    public struct FriendAssist: Sendable, Hashable {
        /// The worth of an assist to the inviter.
        public var perAssistFen: Int64
        /// What an inviter gets at most in the campaign.
        public var inviterCapFen: Int64
        /// The least net amount of a recharge that pays assists.
        public var minRechargeFen: Int64
        /// What the helper gets.
        public var helperFen: Int64
        /// How often the helper gets it in the campaign.
        public var helperTimes: Int
    }

    /// Whether all benefits are given, or the largest alone.
    public enum Stacking: String, Sendable {
        /// Every benefit.
        case all
        /// The largest alone.
        case best
    }

    /// The rules in force from a moment on.
    public struct Version: Sendable {
        /// Its number.
        public var number: Int
        /// Its first instant.
        public var from: Int64
        /// How its benefits add up.
        public var stacking: Stacking
        /// Tiers of the instant discount, rising.
        public var instantDiscount: [Tier]
        /// Tiers of the bonus credit, rising.
        public var bonusCredit: [Tier]
        /// Package prepay, if there is any.
        public var packagePrepay: PackagePrepay?
        /// Friend assist, if there is any.
        public var friendAssist: FriendAssist?
    }

    /// Its name in topics, commands and state.
    public var name = "zs-2026-05"
    /// Versions by rising `from`.
    public var versions: [Version]
    /// First instant of the window.
    public var start: Int64
    /// First instant after the window.
    public var end: Int64
    /// How long after the end events are still taken, in milliseconds.
    public var grace: Int64
    /// The campaign's operator.
    public var carrier = "CMCC"
    /// The campaign's city.
    public var city = "442000"
    /// 7-digit number segments.
    public var segments: Set<String>
    /// Numbers that are in whatever their segment.
    public var portedIn: Set<String> = []
    /// Numbers that are out whatever their segment.
    public var portedOut: Set<String> = []
    /// From a command's issue to its deadline, in milliseconds.
    public var confirmWithin: Int64 = 300_000
    /// The budget; the oracle does not look at it.
    public var budgetFen: Int64 = 500_000_000
    /// The largest recharge.
    public var maxRechargeFen: Int64 = 5_000_000
    /// The signature of the SMS.
    public var signature = "中国移动"
    /// SMS templates by name.
    public var templates = [
        "recharge-gift": "您于{date}充值{amount}元，获赠话费{credit}元{breakdown}，将存入话费账户，以到账为准。",
        "assist-gift": "好友助力成功，您获得{credit}元话费优惠，将存入话费账户，以到账为准。",
        "helper-gift": "感谢您为好友助力，获赠话费{credit}元，将存入话费账户，以到账为准。",
        "gift-reversed": "您的充值已于{date}退款{refunded}元，相应优惠{credit}元将收回。",
    ]

    /// The version in force at an instant; nil before the first.
    func version(at instant: Int64) -> Version? {
        versions.last { $0.from <= instant }
    }

    /// True within `[start, end)`.
    func isInWindow(_ instant: Int64) -> Bool { start <= instant && instant < end }

    /// True if a record with this timestamp came too late for the campaign.
    func isBeyondGrace(_ timestamp: Int64) -> Bool { timestamp > end + grace }

    /// True if a subscriber may take part: the lists decide first, then operator and city, each as the event says it,
    /// else by the number's segment.
    func isInAudience(_ number: String, carrier eventCarrier: String? = nil, city eventCity: String? = nil) -> Bool {
        if portedIn.contains(number) { return true }
        if portedOut.contains(number) { return false }
        let segmentIsListed = segments.contains(String(number.prefix(7)))
        let operatorHolds = eventCarrier.map { $0 == carrier } ?? segmentIsListed
        let cityHolds = eventCity.map { $0 == city } ?? segmentIsListed
        return operatorHolds && cityHolds
    }
}

extension OracleCampaign {
    /// The campaign of `deploy/campaign/campaign.yaml`, with a choice of days and stacking.
    ///
    /// - Parameters:
    ///   - segments: the 7-digit segments that count as Zhongshan's; a few real ones if not given.
    public static func example(
        start: Int64 = 1_777_564_800_000, end: Int64 = 1_780_243_200_000, grace: Int64 = 7 * 86_400_000,
        stacking: Stacking = .all, segments: Set<String> = ["1341160", "1341161", "1341530", "1341600"]
    ) -> OracleCampaign {
        OracleCampaign(
            versions: [exampleVersion(from: start, stacking: stacking)], start: start, end: end, grace: grace,
            segments: segments)
    }

    /// The rules of `deploy/campaign/campaign.yaml`.
    public static func exampleVersion(number: Int = 1, from: Int64, stacking: Stacking) -> Version {
        Version(
            number: number, from: from, stacking: stacking,
            instantDiscount: [Tier(5_000, 500), Tier(10_000, 1_000), Tier(20_000, 3_000)],
            bonusCredit: [Tier(3_000, 300), Tier(5_000, 800), Tier(10_000, 2_000)],
            packagePrepay: PackagePrepay(
                payPercent: 80,
                packages: [
                    Package("P58", feeFen: 5_800, prepayFen: 17_400), Package("P88", feeFen: 8_800, prepayFen: 26_400),
                    Package("P128", feeFen: 12_800, prepayFen: 38_400),
                ]),
            friendAssist: FriendAssist(
                perAssistFen: 200, inviterCapFen: 1_000, minRechargeFen: 3_000, helperFen: 100, helperTimes: 3))
    }

    /// The campaign as people change it while it goes: a higher limit, and a package more in every version that has some.
    public func changed() -> OracleCampaign {
        var changed = self
        changed.maxRechargeFen *= 1_000
        for index in versions.indices {
            changed.versions[index].packagePrepay?.packages.append(Package("P0", feeFen: 1_000, prepayFen: 3_000))
        }
        return changed
    }

    /// A campaign whose four versions differ in stacking, tiers, packages and assists; the last has neither packages
    /// nor assists. All give helpers the same, so that it does not matter which of a helper's assists are paid. The budget is out of reach.
    public static func varied(start: Int64, end: Int64, grace: Int64 = 7 * 86_400_000) -> OracleCampaign {
        var campaign = example(start: start, end: end, grace: grace)
        campaign.budgetFen = 500_000_000_000
        let quarter = (end - start) / 4 / 1_000 * 1_000
        var best = exampleVersion(number: 2, from: start + quarter, stacking: .best)
        best.packagePrepay?.packages.append(Package("P9", feeFen: 999, prepayFen: 2_997))
        best.friendAssist?.perAssistFen = 300
        var other = exampleVersion(number: 5, from: start + 2 * quarter, stacking: .all)
        other.instantDiscount = [Tier(4_000, 350), Tier(30_000, 4_500)]
        other.bonusCredit = [Tier(1_000, 50), Tier(20_000, 2_222)]
        other.packagePrepay = PackagePrepay(
            payPercent: 73, packages: [Package("P58", feeFen: 5_800, prepayFen: 11_600)])
        other.friendAssist?.inviterCapFen = 1_500
        other.friendAssist?.minRechargeFen = 10_000
        var plain = exampleVersion(number: 6, from: start + 3 * quarter, stacking: .best)
        plain.packagePrepay = nil
        plain.friendAssist = nil
        campaign.versions += [best, other, plain]
        return campaign
    }
}
