/// 充值赠送话费. "Recharges of >= 30 / 50 / 100 yuan: 3 / 8 / 20 yuan of credit."
public struct BonusCredit: Equatable, Sendable {
    /// Rising in amount and in worth.
    public let tiers: [Tier]

    /// The section `bonusCredit` of a rules version.
    public init(tiers: [Tier]) { self.tiers = tiers }

    /// The credit of the highest tier reached.
    func owed(for recharge: RechargeTerms) -> Fen {
        tiers.worth(of: recharge.netFen)
    }
}
