/// 充值赠送话费. "Recharges of >= 30 / 50 / 100 yuan: 3 / 8 / 20 yuan of credit."
public struct BonusCredit: Equatable, Sendable {
    /// Rising in amount, not falling in worth.
    public let tiers: [Tier]

    /// The section `bonusCredit` of a rules version.
    public init(tiers: [Tier]) { self.tiers = tiers }

    /// The credit of the highest tier reached.
    func owed(for recharge: RechargeTerms) -> Fen {
        tiers.worth(of: recharge.netFen)
    }
}

extension BonusCredit {
    private enum Key: String, CaseIterable { case tiers }
    private enum TierKey: String, CaseIterable { case atLeastFen, creditFen }

    /// Reads the section `bonusCredit`; nil when a problem is reported.
    init?(_ field: Field) {
        guard let tiers = Section<Key>(field)?.required(.tiers)?.tiers(TierKey.atLeastFen, TierKey.creditFen)
        else { return nil }
        self.init(tiers: tiers)
    }

    /// For the campaign in words.
    var words: String {
        "充值赠送话费：" + tiers.map { "满 \(yuan($0.atLeastFen)) 元送 \(yuan($0.worthFen)) 元" }.joined(separator: "，")
            + "（单笔面额，只取最高一档）"
    }
}
