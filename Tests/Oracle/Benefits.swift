/// A line of a command: a benefit and its fen.
public struct Line: Hashable, Sendable {
    /// `instant-discount`, `bonus-credit`, `package`, `assist` or `helper`.
    public var benefit: String
    /// More than 0.
    public var fen: Int64
}

extension OracleCampaign.Version {
    /// What is owed for a recharge on what is left of its amount: the benefits above 0, in the contract's order.
    ///
    /// - Parameter given: under `best`, the benefit that was given first: what is owed now is called the same.
    func benefits(of recharge: Event.Recharge, net: Int64, given: String? = nil) -> [Line] {
        let discount = max(0, Self.highest(instantDiscount, net) - recharge.takenFen)
        let bonus = Self.highest(bonusCredit, net)
        let all = [
            Line(benefit: "instant-discount", fen: discount), Line(benefit: "bonus-credit", fen: bonus),
            Line(benefit: "package", fen: packageFen(recharge.package, net)),
        ].filter { $0.fen > 0 }
        guard stacking == .best else { return all }
        // The earlier of two equal ones: `max` would take the later.
        guard var largest = all.first else { return [] }
        for line in all where line.fen > largest.fen { largest = line }
        if let given { largest.benefit = given }
        return [largest]
    }

    func lists(_ code: String) -> Bool { packagePrepay?.packages.contains { $0.code == code } ?? false }

    private func packageFen(_ code: String?, _ net: Int64) -> Int64 {
        guard let prepay = packagePrepay, let package = prepay.packages.first(where: { $0.code == code }),
            net >= package.prepayFen
        else { return 0 }
        return package.feeFen - package.feeFen * prepay.payPercent / 100
    }

    private static func highest(_ tiers: [OracleCampaign.Tier], _ amount: Int64) -> Int64 {
        tiers.last { $0.atLeastFen <= amount }?.fen ?? 0
    }
}
