public import TestSupport

/// A command that the worker must write, but for what depends on when it was issued.
public struct ExpectedCommand: Hashable, Sendable {
    /// `credit.grant.v1` or `credit.reverse.v1`.
    public var type: String
    /// Its id.
    public var id: String
    /// The number that is credited.
    public var subject: String
    /// Id of the causing event.
    public var cause: String
    /// The command that a reverse takes back.
    public var reverses: String?
    /// Its lines in order.
    public var lines: [Line]
    /// Number of the version that decided.
    public var rulesVersion: Int
    /// Time of the causing event.
    public var eventTime: Int64
    /// Carried from the causing event.
    public var traceparent: String?
    /// Template of its SMS.
    public var template: String
    /// The recharge's face value, where there is a recharge.
    public var amountFen: Int64?
    /// What the causing reversal refunded.
    public var refundedFen: Int64?
    /// Its bytes when it was sent before: now it goes out again, and without an SMS.
    public var sentBefore: [UInt8]?

    /// Sum of the lines.
    public var totalFen: Int64 { lines.reduce(0) { $0 + $1.fen } }
}

/// A dead letter that the worker must write.
public struct ExpectedLetter: Hashable, Sendable {
    /// What it is about.
    public enum Kind: String, Sendable {
        /// A recharge, a reversal or an assist.
        case event
        /// A gift.
        case command
        /// An answer of billing.
        case receipt
    }

    /// `<topic>/<partition>/<offset>` of the input, or `gift/<command id>`.
    public var id: String
    /// What it is about.
    public var kind: Kind
    /// The input record where it was first read, or the command: key, value and headers stay.
    public var record: TestRecord
    /// Why.
    public var reason: Reason
    /// True for a refusal that may pass.
    public var isRetryable = false
    /// Partition of the letter: the shard that judged.
    public var partition: Int32
    /// Id of the event if its envelope was read that far; nil leaves it open.
    public var eventID: String?
    /// Time of the event if it was read that far; nil leaves it open.
    public var eventTime: Int64?
    /// The rules version of a gift; nil is that of the event's time.
    public var rulesVersion: Int?
    /// How many replays were begun.
    public var replays = 0
    /// When it failed first; nil is now.
    public var firstFailedAt: Int64?

    /// Its class: a refusal that may pass is only late.
    public var letterClass: String { isRetryable ? "sla" : reason.letterClass ?? "" }
}

/// A status that the worker must write.
public struct ExpectedStatus: Hashable, Sendable {
    /// Id of the letter: the status' key.
    public var letterID: String
    /// Partition of the letter.
    public var partition: Int32
    /// `OPEN`, `REPLAYING`, `RESOLVED`, `PARKED` or `DISCARDED`.
    public var state: String
    /// The letter's reason.
    public var reason: Reason
    /// How many replays were begun.
    public var replays = 0
    /// Who asked for it; nil is the worker.
    public var by: String?
    /// Why it was asked for; nil leaves it open.
    public var why: String?
    /// What resolved it; nil leaves it open.
    public var decision: String?
}

/// What became of an input.
public enum Decision: Hashable, Sendable {
    /// It went by mail to its subject's shard.
    case forwarded
    /// A command was issued: a gift, or a gift taken back.
    case command
    /// An assist that waits for a recharge to pay it.
    case accepted
    /// A reversal that waits for its recharge.
    case waiting
    /// A reversal that changes nothing, a claim beyond the helper's times, a receipt.
    case nothing
    /// A request that changes nothing.
    case ignored
    /// An ordinary "no".
    case no(Reason)
    /// A dead letter.
    case letter(Reason)
}

/// What one step must publish, besides mail and state. Each command comes with its SMS when it is first sent.
public struct Outcome: Hashable, Sendable {
    /// What became of the input.
    public var decision: Decision
    /// Commands in order.
    public var commands: [ExpectedCommand] = []
    /// Letters in order.
    public var letters: [ExpectedLetter] = []
    /// Statuses in order.
    public var statuses: [ExpectedStatus] = []
    /// How many assists expired, at the end of grace.
    public var expiredAssists = 0
}
