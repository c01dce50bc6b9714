/// What happened, as an input record tells it. Texts are views into the decoder's memory: valid until it decodes the next.
public struct Event {
    /// What kind of thing happened.
    public enum Kind {
        /// A recharge was booked.
        case recharge(Recharge)
        /// A recharge was refunded, in part or in whole.
        case reversal(Reversal)
        /// A friend helped the subject.
        case assist(Assist)
        /// Billing answers a command.
        case receipt(Receipt)
    }

    /// `recharge.completed.v1`
    public struct Recharge: Equatable {
        /// Face value in fen, > 0.
        public var amountFen: Fen
        /// What the till took in fen, 0 to `amountFen`; nil when the event does not say.
        public var paidFen: Fen?
        /// The prepaid package's code; nil when there is none.
        public var package: Bytes?
        /// The subscriber's operator, if the event says it.
        public var carrier: Carrier?
        /// The subscriber's city, if the event says it.
        public var city: UInt32?
        /// True when the event says that the subscriber is new.
        public var isNewSubscriber: Bool
    }

    /// `recharge.reversed.v1`
    public struct Reversal: Equatable {
        /// The id of the recharge.
        public var rechargeID: Bytes
        /// In face value, > 0.
        public var refundedFen: Fen
        /// When the recharge was booked, if the event says it.
        public var rechargedAt: Timestamp?
    }

    /// `assist.completed.v1`; the subject is the inviter.
    public struct Assist: Equatable {
        /// The friend.
        public var helper: PhoneNumber
    }

    /// `credit.settled.v1`; the subject is who was to be credited.
    public struct Receipt: Equatable {
        /// The command's id.
        public var commandID: Bytes
        /// What billing did.
        var answer: Gift.Answer
    }

    /// 1 to 128 bytes, unique within its topic.
    public var id: Bytes
    /// When it happened.
    public var time: Timestamp
    /// The subscriber that it is about.
    public var subject: PhoneNumber
    /// A W3C trace context; none when there is none.
    public var traceparent: Bytes
    /// What happened.
    public var kind: Kind
}

/// A topic that a shard reads. Numbers stand in the state and on `campaign-mail` and are never reused.
public enum InputTopic: UInt8, Sendable, CaseIterable {
    /// Billing's recharges and reversals; the consumer group subscribes to it.
    case recharges = 0
    /// The campaign pages' assists.
    case assists = 1
    /// What other shards say.
    case mail = 2
    /// Billing's answers to commands.
    case receipts = 3
    /// What ops want done with dead letters.
    case requests = 4

    /// Its records are events, which another shard may have to judge.
    var holdsEvents: Bool {
        switch self {
        case .recharges, .assists, .receipts: true
        case .mail, .requests: false
        }
    }
}

/// An input record as it was first read: what a decision depends on beside the state, and what a dead letter shows.
public struct SourceRecord: Equatable {
    /// Where it was first read: a topic of events.
    public var topic: InputTopic
    /// Its partition there, whichever shard judges it.
    public var partition: Int32
    /// Its offset there.
    public var offset: Int64
    /// The record's timestamp: when it was published.
    public var timestamp: Timestamp
    /// Nil when the record has no key.
    public var key: Bytes?
    /// Nil for a tombstone.
    public var value: Bytes?
    /// All headers in order, in the form of `Headers`.
    public var headers: Headers

    /// Bytes of key and headers together.
    var keyAndHeadersSize: Int { (key?.count ?? 0) + headers.size }

    /// A record that was read at these coordinates.
    public init(
        topic: InputTopic, partition: Int32, offset: Int64, timestamp: Timestamp, key: Bytes?, value: Bytes?,
        headers: Headers
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Bytes of key, value and headers as they are kept: headers of nothing take room, too.
    var size: Int { (key?.count ?? 0) + (value?.count ?? 0) + headers.bytes.count }
}
