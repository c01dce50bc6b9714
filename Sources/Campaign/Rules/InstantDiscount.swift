/// 充值满减. "A single recharge of >= 50 / 100 / 200 yuan: 5 / 10 / 30 yuan off. Base is the face value; the highest tier only."
public struct InstantDiscount: Equatable, Sendable {
    /// Rising in amount, not falling in worth.
    public let tiers: [Tier]

    /// The section `instantDiscount` of a rules version.
    public init(tiers: [Tier]) { self.tiers = tiers }

    /// What is still owed: the tier less what the till took off already, never below 0.
    func owed(for recharge: RechargeTerms) -> Fen {
        max(0, tiers.worth(of: recharge.netFen) - recharge.takenAtTillFen)
    }
}

extension InstantDiscount {
    private enum Key: String, CaseIterable { case tiers }
    private enum TierKey: String, CaseIterable { case atLeastFen, offFen }

    /// Reads the section `instantDiscount`; nil when a problem is reported.
    init?(_ field: Field) {
        guard let tiers = Section<Key>(field)?.required(.tiers)?.tiers(TierKey.atLeastFen, TierKey.offFen)
        else { return nil }
        self.init(tiers: tiers)
    }

    /// For the campaign in words.
    var words: String {
        "充值满减：" + tiers.map { "满 \(yuan($0.atLeastFen)) 元减 \(yuan($0.worthFen)) 元" }.joined(separator: "，")
            + "（单笔面额，只取最高一档）"
    }
}
