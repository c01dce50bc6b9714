/// What billing said to a credit command.
public struct Answer: Hashable, Sendable {
    /// Whether it was done.
    public enum Outcome: String, Hashable, Sendable {
        /// It was.
        case credited
        /// It was not.
        case rejected
    }

    /// Whether it was done.
    public var outcome: Outcome
    /// What was credited, or taken back; 0 if refused.
    public var fen: Int64
    /// True if the refusal may pass.
    public var isRetryable = false
    /// Why it was refused.
    public var reason: String?

    /// True for a reverse whose grant billing has not credited.
    var isNoGrant: Bool { outcome == .rejected && reason == "NO_GRANT" }

    /// True if it says the same; of the reasons only NO_GRANT has a meaning, and only a refusal may pass.
    func isSame(as other: Answer?) -> Bool {
        guard let other, outcome == other.outcome, fen == other.fen else { return false }
        return outcome == .credited || isRetryable == other.isRetryable && isNoGrant == other.isNoGrant
    }

    /// The letter that a bad answer opens.
    var letterReason: Reason { outcome == .rejected ? .giftRejected : .giftAmountMismatch }
}
