/// What a topic is for. The first four are the inputs; all have the same number of partitions.
public enum TopicRole: String, CaseIterable, Sendable {
    /// Billing's recharges and reversals: the lead topic, which the group subscribes to.
    case rechargeEvents = "recharge-events"
    /// The campaign pages' assists.
    case assistEvents = "assist-events"
    /// Billing's answers to credit commands.
    case creditReceipts = "credit-receipts"
    /// What ops want done with dead letters.
    case letterRequests = "letter-requests"
    /// Credit commands for billing.
    case bonusCredits = "bonus-credits"
    /// Commands for the SMS gateway.
    case smsNotifications = "sms-notifications"
    /// What could not be decided or done.
    case deadLetters = "dead-letters"
    /// What became of each dead letter.
    case deadLetterStatus = "dead-letter-status"
    /// What one shard tells another.
    case campaignMail = "campaign-mail"
    /// The state's changelog.
    case campaignState = "campaign-state"
    /// Totals by hour.
    case campaignStats = "campaign-stats"

    /// Written by others, read by the worker.
    public var isInput: Bool {
        switch self {
        case .rechargeEvents, .assistEvents, .creditReceipts, .letterRequests: true
        default: false
        }
    }

    /// Holds the last value of each key for good.
    public var isCompacted: Bool {
        switch self {
        case .deadLetterStatus, .campaignState, .campaignStats: true
        default: false
        }
    }

    /// The largest batch of records that it must take, in bytes; nil where the broker's default does.
    var maximumMessageBytes: Int? {
        switch self {
        case .letterRequests: 3 << 20
        case .deadLetters: 2 << 20
        case .campaignState: 8 << 20
        default: nil
        }
    }
}

/// The campaign's topics: their names, their number of partitions and their settings on the broker.
public struct Topics: Equatable, Sendable {
    /// A topic's setting on the broker.
    public struct Setting: Equatable, Sendable {
        /// Kafka's name of it.
        public let name: String
        /// Its value as the broker writes it.
        public let value: String
    }

    /// Stands before each name.
    public let prefix: String
    /// How many partitions `topics create` gives them.
    public let partitions: Int
    /// How many copies `topics create` asks for.
    public let replication: Int

    /// Topics of a prefix; the bounds are those of the settings `TOPICS_*`.
    public init(prefix: String, partitions: Int, replication: Int) {
        self.prefix = prefix
        self.partitions = partitions
        self.replication = replication
    }

    /// The full name of a topic.
    public func name(_ role: TopicRole) -> String { prefix + role.rawValue }

    /// The command line that makes missing topics, with `partitions` as the other topics have them.
    public func createCommand(partitions: Int? = nil) -> String {
        let count = partitions ?? self.partitions
        return prefixSetting + (count == 12 ? "" : "TOPICS_PARTITIONS=\(count) ")
            + (replication == 1 ? "" : "TOPICS_REPLICATION=\(replication) ") + "recharge-worker topics create"
    }

    /// The command line that compares the topics with what the worker needs.
    public var checkCommand: String { prefixSetting + "recharge-worker topics check" }

    private var prefixSetting: String { prefix.isEmpty ? "" : "TOPICS_PREFIX=\(prefix) " }

    /// What the broker must have set for a topic, which has so many copies.
    public func settings(_ role: TopicRole, replicas: Int) -> [Setting] {
        var settings = [
            Setting(name: "cleanup.policy", value: role.isCompacted ? "compact" : "delete"),
            Setting(name: "retention.ms", value: role == .smsNotifications ? "259200000" : "-1"),
            Setting(name: "retention.bytes", value: "-1"),
        ]
        if role.isInput { settings.append(Setting(name: "message.timestamp.type", value: "LogAppendTime")) }
        if let bytes = role.maximumMessageBytes {
            settings.append(Setting(name: "max.message.bytes", value: String(bytes)))
        }
        settings.append(Setting(name: "min.insync.replicas", value: replicas >= 3 ? "2" : "1"))
        return settings
    }
}
