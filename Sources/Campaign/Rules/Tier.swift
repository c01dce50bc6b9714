/// From an amount on, so much off or so much credit.
public struct Tier: Equatable, Sendable {
    /// The smallest amount that reaches the tier, in fen.
    public let atLeastFen: Fen
    /// What it is worth, in fen; smaller than `atLeastFen`.
    public let worthFen: Fen

    /// A tier; the campaign file's reader checks the bounds.
    public init(atLeastFen: Fen, worthFen: Fen) {
        self.atLeastFen = atLeastFen
        self.worthFen = worthFen
    }
}

extension [Tier] {
    /// What the highest tier that `amountFen` reaches is worth; 0 below the first.
    func worth(of amountFen: Fen) -> Fen {
        last { amountFen >= $0.atLeastFen }?.worthFen ?? 0
    }
}

extension Field {
    /// A list of tiers: `{<atLeast>: …, <worth>: …}`, rising in amount and not falling in worth, each worth less than its amount.
    func tiers<Key>(_ atLeast: Key, _ worth: Key) -> [Tier]?
    where Key: RawRepresentable<String> & CaseIterable & Hashable {
        guard let elements = elements(1...20) else { return nil }
        var tiers: [Tier] = []
        for element in elements {
            guard let section = Section<Key>(element) else { continue }
            let atLeastFen = section.required(atLeast)?.fen()
            let worthFen = section.required(worth)?.fen()
            guard let atLeastFen, let worthFen else { continue }
            if worthFen >= atLeastFen {
                section.report(
                    worth, "`\(worth.rawValue)` must be smaller than the tier's \(atLeastFen), not \(worthFen)")
            }
            if let below = tiers.last {
                if atLeastFen <= below.atLeastFen {
                    section.report(
                        atLeast, "tiers must rise: \(atLeastFen) follows \(below.atLeastFen), put them in order")
                }
                if worthFen < below.worthFen {
                    section.report(
                        worth, "a higher tier must not be worth less: \(worthFen) follows \(below.worthFen), raise it")
                }
            }
            tiers.append(Tier(atLeastFen: atLeastFen, worthFen: worthFen))
        }
        return tiers.count == elements.count ? tiers : nil
    }
}
