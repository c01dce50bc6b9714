/// Why an event becomes a dead letter (contract, section 5). Names are published and never reused.
public enum Rejection: UInt8, CaseIterable, Error, Sendable {
    /// Not an event: not JSON, no value, too large, a member missing or of the wrong kind, no such date.
    case badPayload = 1
    /// A type that this topic does not take.
    case unknownType = 2
    /// A time without an offset.
    case noTimezone = 3
    /// More than 5 minutes after the record's own timestamp.
    case timeInFuture = 4
    /// No subscriber's number.
    case badNumber = 5
    /// An amount out of its bounds.
    case badAmount = 6
    /// More than `limits.maxRechargeFen`.
    case aboveLimit = 7
    /// The version in force has no such package.
    case unknownPackage = 8
    /// An id again with other content.
    case conflictingDuplicate = 9
    /// In the window, but published after the end of grace.
    case lateBeyondGrace = 10
    /// So many ids are remembered for this subscriber that no more are taken.
    case tooManyEvents = 11
    /// No such recharge by the end of grace.
    case reversalWithoutOriginal = 12
    /// Billing did not answer a command in time.
    case giftDelayed = 13
    /// Billing refused a command.
    case giftRejected = 14
    /// Billing credited another sum than the command's.
    case giftAmountMismatch = 15
    /// Billing answers a command that was never sent.
    case receiptWithoutCommand = 16

    /// What has to be done about a letter.
    public enum Class: Sendable {
        /// The message itself is wrong: its writer must mend it.
        case poison
        /// The campaign's settings refuse it: change them, then replay.
        case policy
        /// It contradicts what was decided: a person must look.
        case conflict
        /// The promise of no delayed gift is at stake: replay it.
        case sla

        /// As the contract writes it.
        public var name: StaticString {
            switch self {
            case .poison: "poison"
            case .policy: "policy"
            case .conflict: "conflict"
            case .sla: "sla"
            }
        }
    }

    /// What has to be done about a letter of this reason.
    public var letterClass: Class {
        switch self {
        case .badPayload, .unknownType, .noTimezone, .timeInFuture, .badNumber, .badAmount: .poison
        case .aboveLimit, .unknownPackage, .lateBeyondGrace, .tooManyEvents: .policy
        case .conflictingDuplicate, .reversalWithoutOriginal, .giftRejected, .giftAmountMismatch,
            .receiptWithoutCommand:
            .conflict
        case .giftDelayed: .sla
        }
    }

    /// As the contract writes it.
    public var name: StaticString {
        switch self {
        case .badPayload: "BAD_PAYLOAD"
        case .unknownType: "UNKNOWN_TYPE"
        case .noTimezone: "NO_TIMEZONE"
        case .timeInFuture: "TIME_IN_FUTURE"
        case .badNumber: "BAD_NUMBER"
        case .badAmount: "BAD_AMOUNT"
        case .aboveLimit: "ABOVE_LIMIT"
        case .unknownPackage: "UNKNOWN_PACKAGE"
        case .conflictingDuplicate: "CONFLICTING_DUPLICATE"
        case .lateBeyondGrace: "LATE_BEYOND_GRACE"
        case .tooManyEvents: "TOO_MANY_EVENTS"
        case .reversalWithoutOriginal: "REVERSAL_WITHOUT_ORIGINAL"
        case .giftDelayed: "GIFT_DELAYED"
        case .giftRejected: "GIFT_REJECTED"
        case .giftAmountMismatch: "GIFT_AMOUNT_MISMATCH"
        case .receiptWithoutCommand: "RECEIPT_WITHOUT_COMMAND"
        }
    }
}
