/// 充值满减. "A single recharge of >= 50 / 100 / 200 yuan: 5 / 10 / 30 yuan off. Base is the face value; the highest tier only."
public struct InstantDiscount: Equatable, Sendable {
    /// Rising in amount and in worth.
    public let tiers: [Tier]

    /// The section `instantDiscount` of a rules version.
    public init(tiers: [Tier]) { self.tiers = tiers }

    /// What is still owed: the tier less what the till took off already, never below 0.
    func owed(for recharge: RechargeTerms) -> Fen {
        max(0, tiers.worth(of: recharge.netFen) - recharge.takenAtTillFen)
    }
}
