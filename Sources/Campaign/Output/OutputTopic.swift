/// A topic that the worker writes.
public enum OutputTopic: Int, CaseIterable, Sendable {
    /// Credit commands for billing.
    case bonusCredits
    /// SMS commands for the gateway.
    case smsNotifications
    /// Dead letters for ops.
    case deadLetters
    /// Their statuses.
    case deadLetterStatus
    /// What shards tell one another.
    case mail
    /// The changelog of the state.
    case state
    /// Totals by hour for the monitoring.
    case stats
}

/// A record to be written. Its parts live until the encoder encodes the next effect.
public struct OutgoingRecord {
    /// Where to.
    public var topic: OutputTopic
    /// The partition there.
    public var partition: Int32
    /// Nil for a record without a key.
    public var key: Bytes?
    /// Nil for a record without a value.
    public var value: Bytes?
    /// What stands in its headers.
    public var headers: OutgoingHeaders
    /// Its timestamp, where the contract says it: a dead letter's is the time of the failure.
    public var timestamp: Timestamp?
    /// How many single SMS the gateway makes of it.
    public var segments: Int64 = 0
}

/// The headers of a record to be written.
public enum OutgoingHeaders {
    /// None.
    case none
    /// `content-type: application/cloudevents+json`, the same for every command.
    case cloudEvent
    /// These.
    case list(Headers)
}
