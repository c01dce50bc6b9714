/// A dead letter (contract, section 5): what could not be decided, or could not be got done.
public struct Letter {
    /// What it is about.
    public enum Content {
        /// An input record, which the letter repeats.
        case record(SourceRecord)
        /// A command that billing did not execute as it stands; the letter's value is the command.
        case command(Command)
    }

    /// Where it failed.
    public enum Stage: String, Sendable {
        /// It can't be read.
        case decode
        /// It can't be decided.
        case decide
        /// Its deadline passed.
        case deadline
        /// Billing did not execute it.
        case settle
    }

    /// So many replays in vain, and the letter is PARKED.
    static let mostReplays: Int64 = 3

    /// What it is about.
    public var content: Content
    /// Why.
    public var fault: Fault
    /// Where.
    public var stage: Stage
    /// The event's id; none when it can't be read.
    public var eventID: Bytes
    /// The event's time, if it can be read.
    public var eventTime: Timestamp?
    /// The rules version of its time, if there is one.
    public var rulesVersion: Int64?
    /// When it failed.
    public var failedAt: Timestamp
    /// When it failed for the first time.
    public var firstFailedAt: Timestamp
    /// How often it was replayed.
    public var replays: Int64 = 0
    /// Billing's refusal may pass.
    public var isRetryable = false

    /// A letter of something that failed for the first time.
    init(
        _ content: Content, _ fault: Fault, stage: Stage, eventID: Bytes, eventTime: Timestamp?, rulesVersion: Int64?,
        failedAt: Timestamp
    ) {
        self.content = content
        self.fault = fault
        self.stage = stage
        self.eventID = eventID
        self.eventTime = eventTime
        self.rulesVersion = rulesVersion
        self.failedAt = failedAt
        firstFailedAt = failedAt
    }

    /// What has to be done about it.
    public var letterClass: Rejection.Class { isRetryable ? .sla : fault.rejection.letterClass }

    /// The id by which it is known.
    var name: LetterName {
        switch content {
        case .record(let record): .record(RecordPlace(record))
        case .command(let command): .gift(command.id)
        }
    }
}

/// Where an input record was first read.
public struct RecordPlace: Hashable, Sendable {
    /// The topic.
    public var topic: InputTopic
    /// Its partition there.
    public var partition: Int32
    /// Its offset there.
    public var offset: Int64

    init(topic: InputTopic, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    init(_ record: SourceRecord) {
        self.init(topic: record.topic, partition: record.partition, offset: record.offset)
    }
}

/// A letter's id, which stays the same when it fails again.
public enum LetterName: Equatable {
    /// `<topic>/<partition>/<offset>` of the input where the record was first read.
    case record(RecordPlace)
    /// `gift/<command id>`
    case gift(Command.ID)
}

/// What became of a letter, as `dead-letter-status` tells it (contract, sections 1 and 6).
public struct LetterStatus: Equatable {
    /// Where it stands.
    public enum State: String, CaseIterable, Sendable {
        /// A person has to look at it.
        case open = "OPEN"
        /// Its command was sent again, and billing has not answered.
        case replaying = "REPLAYING"
        /// It is done.
        case resolved = "RESOLVED"
        /// It failed again so often that it needs more than another replay.
        case parked = "PARKED"
        /// A person decided that nothing is to be done.
        case discarded = "DISCARDED"

        /// Nothing more is to be done.
        public var isDone: Bool { self == .resolved || self == .discarded }
    }

    /// What resolved it.
    public enum Decision: Equatable {
        /// The command that went out.
        case command(Command.ID)
        /// The recharge whose decision made it good.
        case recharge(Bytes)
        /// The rules said no.
        case refused(Reason)
        /// Billing's answer, by its event's id.
        case receipt(Bytes)
        /// The word that says it: ACCEPTED, WAITING, COUNTED, FORWARDED, REVERSED or NO_GRANT.
        case word(StaticString)

        /// Equal when they are written alike.
        public static func == (left: Decision, right: Decision) -> Bool {
            switch (left, right) {
            case (.command(let left), .command(let right)): left == right
            case (.recharge(let left), .recharge(let right)): left == right
            case (.refused(let left), .refused(let right)): left == right
            case (.receipt(let left), .receipt(let right)): left == right
            case (.word(let left), .word(let right)): Bytes(left) == Bytes(right)
            default: false
            }
        }
    }

    /// The letter.
    public var name: LetterName
    /// Where it stands now.
    public var state: State
    /// Since when.
    public var at: Timestamp
    /// The letter's reason.
    public var reason: Rejection
    /// How often it was replayed.
    public var replays: Int64
    /// Who wanted it; none for the worker itself.
    public var by: Bytes = .none
    /// Why, in one short sentence.
    public var why: String
    /// What resolved it; nil when it is not resolved.
    public var decision: Decision?
}
