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
