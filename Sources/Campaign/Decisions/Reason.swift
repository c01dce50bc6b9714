/// Why the rules say no: an ordinary decision, counted and remembered, never a dead letter (contract, section 5).
/// Numbers stand in the state and are never reused.
public enum Reason: UInt8, CaseIterable, Sendable {
    /// No benefit is owed.
    case belowTier = 1
    /// Its own time is outside the window.
    case outOfWindow = 2
    /// The number does not take part.
    case notInAudience = 3
    /// The helper is the inviter.
    case selfAssist = 4
    /// This helper has helped this inviter before.
    case repeatHelper = 5
    /// The inviter's, or the helper's, most is reached.
    case capReached = 6
    /// Not paid by the end of grace.
    case assistExpired = 7
    /// The same id and content again.
    case duplicate = 8
    /// Refunded in full before it was decided.
    case cancelled = 9

    /// As the contract writes it.
    public var name: StaticString {
        switch self {
        case .belowTier: "BELOW_TIER"
        case .outOfWindow: "OUT_OF_WINDOW"
        case .notInAudience: "NOT_IN_AUDIENCE"
        case .selfAssist: "SELF_ASSIST"
        case .repeatHelper: "REPEAT_HELPER"
        case .capReached: "CAP_REACHED"
        case .assistExpired: "ASSIST_EXPIRED"
        case .duplicate: "DUPLICATE"
        case .cancelled: "CANCELLED"
        }
    }
}
