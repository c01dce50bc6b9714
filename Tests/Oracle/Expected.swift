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

    /// Sum of the lines.
    public var totalFen: Int64 { lines.reduce(0) { $0 + $1.fen } }
}

/// A dead letter that the worker must write.
public struct ExpectedLetter: Hashable, Sendable {
    /// The input record where it was first read: key, value and headers stay.
    public var record: TestRecord
    /// Why.
    public var reason: Reason
    /// Partition of the letter: the shard that judged.
    public var partition: Int32
    /// Id of the event if its envelope was read that far; nil leaves it open.
    public var eventID: String?
    /// Time of the event if it was read that far; nil leaves it open.
    public var eventTime: Int64?

    /// `<topic>/<partition>/<offset>` of the input.
    public var id: String { "\(record.topic)/\(record.partition)/\(record.offset)" }
}

/// A status that the worker must write.
public struct ExpectedStatus: Hashable, Sendable {
    /// Id of the letter: the status' key.
    public var letterID: String
    /// Partition of the letter.
    public var partition: Int32
    /// `OPEN` or `RESOLVED`.
    public var state: String
    /// The letter's reason.
    public var reason: Reason
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
    /// A reversal that changes nothing, or a claim beyond the helper's times.
    case nothing
    /// An ordinary "no".
    case no(Reason)
    /// A dead letter.
    case letter(Reason)
}

/// What one step must publish, besides mail and state. Each command comes with its SMS.
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
