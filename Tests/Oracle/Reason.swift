/// The contract's words for why an event got nothing or could not be decided.
public enum Reason: String, Sendable {
    // An ordinary "no".
    case belowTier = "BELOW_TIER"
    case outOfWindow = "OUT_OF_WINDOW"
    case notInAudience = "NOT_IN_AUDIENCE"
    case selfAssist = "SELF_ASSIST"
    case repeatHelper = "REPEAT_HELPER"
    case capReached = "CAP_REACHED"
    case assistExpired = "ASSIST_EXPIRED"
    case duplicate = "DUPLICATE"
    case cancelled = "CANCELLED"
    // A dead letter.
    case badPayload = "BAD_PAYLOAD"
    case unknownType = "UNKNOWN_TYPE"
    case noTimezone = "NO_TIMEZONE"
    case timeInFuture = "TIME_IN_FUTURE"
    case badNumber = "BAD_NUMBER"
    case badAmount = "BAD_AMOUNT"
    case aboveLimit = "ABOVE_LIMIT"
    case unknownPackage = "UNKNOWN_PACKAGE"
    case conflictingDuplicate = "CONFLICTING_DUPLICATE"
    case lateBeyondGrace = "LATE_BEYOND_GRACE"
    case tooManyEvents = "TOO_MANY_EVENTS"
    case reversalWithoutOriginal = "REVERSAL_WITHOUT_ORIGINAL"
    case giftDelayed = "GIFT_DELAYED"
    case giftRejected = "GIFT_REJECTED"
    case giftAmountMismatch = "GIFT_AMOUNT_MISMATCH"
    case receiptWithoutCommand = "RECEIPT_WITHOUT_COMMAND"

    /// The class of a dead letter; nil for a "no". A refusal that may pass is of class `sla` instead.
    public var letterClass: String? {
        switch self {
        case .badPayload, .unknownType, .noTimezone, .timeInFuture, .badNumber, .badAmount: "poison"
        case .aboveLimit, .unknownPackage, .lateBeyondGrace, .tooManyEvents: "policy"
        case .conflictingDuplicate, .reversalWithoutOriginal, .giftRejected, .giftAmountMismatch,
            .receiptWithoutCommand:
            "conflict"
        case .giftDelayed: "sla"
        default: nil
        }
    }
}
