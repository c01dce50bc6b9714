import Campaign

/// A setting of the worker: flag, then environment, then default. The help, the reading and the errors are made of this table.
public struct Setting: Sendable {
    /// What a setting takes.
    public enum Values: Sendable {
        /// A whole number within bounds.
        case integer(ClosedRange<Int>)
        /// Letters, digits, `.`, `_` and `-`, at most so many: what Kafka takes in names.
        case name(atMost: Int)
        /// One of a few words.
        case word([String])
        /// `host:port`, or `off`.
        case address
        /// Any text.
        case text
    }

    /// The environment variable, `WORKER_LANES`.
    public let name: String
    /// What holds when it is not set, in words.
    public let unset: String
    /// What it takes.
    public let values: Values
    /// What it means, in a few words.
    public let meaning: String

    /// What holds when it is not set; empty where nothing does.
    var unsetValue: String {
        switch name {
        case Setting.bootstrapServers.name, Setting.topicsPrefix.name: ""
        case Setting.workerID.name: hostName()
        case Setting.logFormat.name:
            (FileDescriptor.standardError.isTerminal ? Log.Format.text : Log.Format.json).rawValue
        default: unset
        }
    }

    /// The flag, `--worker-lanes`.
    public var flag: String { "--" + name.lowercased().replacing("_", with: "-") }

    private init(_ name: String, unset: String, _ values: Values, _ meaning: String) {
        self.name = name
        self.unset = unset
        self.values = values
        self.meaning = meaning
    }

    /// The brokers.
    public static let bootstrapServers = Setting(
        "KAFKA_BOOTSTRAP_SERVERS", unset: "required", .text, "brokers, host:port, with commas between them")
    /// The campaign file.
    public static let campaignFile = Setting("CAMPAIGN_FILE", unset: "campaign.yaml", .text, "the campaign")
    /// This instance.
    public static let workerID = Setting(
        "WORKER_ID", unset: "host name", .name(atMost: 100), "stable name of this instance, of its own in the group")
    /// The consumer group.
    public static let workerGroup = Setting(
        "WORKER_GROUP", unset: "recharge-worker", .name(atMost: 64), "consumer group")
    /// The lanes.
    public static let workerLanes = Setting(
        "WORKER_LANES", unset: "1", .integer(1...64), "threads, each with its own consumer and producer")
    /// Before each topic's name.
    public static let topicsPrefix = Setting(
        "TOPICS_PREFIX", unset: "empty", .name(atMost: 64), "stands before each topic's name")
    /// How many partitions.
    public static let topicsPartitions = Setting(
        "TOPICS_PARTITIONS", unset: "12", .integer(1...10_000), "partitions of each topic that 'topics create' makes")
    /// How many copies.
    public static let topicsReplication = Setting(
        "TOPICS_REPLICATION", unset: "1", .integer(1...32), "copies of each topic that 'topics create' makes")
    /// How often a batch closes.
    public static let commitInterval = Setting(
        "COMMIT_INTERVAL_MS", unset: "50", .integer(1...5000),
        "milliseconds from one transaction to the next; after a rest the next comes at once")
    /// The largest batch.
    public static let commitRecords = Setting(
        "COMMIT_MAX_RECORDS", unset: "20000", .integer(1...1_000_000), "or after so many records, or 8 MiB of input")
    /// Health and metrics.
    public static let httpAddress = Setting(
        "HTTP_ADDRESS", unset: "127.0.0.1:8080", .address, "health and metrics; 'off' for none")
    /// How much is logged.
    public static let logLevel = Setting(
        "LOG_LEVEL", unset: "info", .word(Log.Level.allCases.map(\.rawValue)), "what matters less is left out")
    /// How it is logged.
    public static let logFormat = Setting(
        "LOG_FORMAT", unset: "json, text on a terminal", .word(Log.Format.allCases.map(\.rawValue)),
        "form of the log, which goes to standard error with numbers masked")

    /// Every setting, in the order of the help.
    public static let all = [
        bootstrapServers, campaignFile, workerID, workerGroup, workerLanes, topicsPrefix, topicsPartitions,
        topicsReplication, commitInterval, commitRecords, httpAddress, logLevel, logFormat,
    ]
}

extension Setting {
    /// Why `value` can't be had, as what is needed instead; nil when it can.
    func need(for value: String) -> String? {
        switch values {
        case .integer(let bounds):
            guard let number = Int(value), bounds.contains(number) else {
                return "a whole number from \(bounds.lowerBound) to \(bounds.upperBound) is needed"
            }
            return nil
        case .name(let limit):
            guard value.utf8.count <= limit, value.utf8.allSatisfy(isKafkaName) else {
                return "at most \(limit) letters, digits, '.', '_' and '-' are needed"
            }
            return nil
        case .word(let words):
            guard !words.contains(value) else { return nil }
            let guess = nearest(to: value, among: words).map { "; did you mean \($0)?" } ?? ""
            return "one of \(words.joined(separator: ", ")) is needed\(guess)"
        case .address:
            return HTTPAddress(value) != nil || value == "off" ? nil : "host:port is needed, or off"
        case .text:
            return nil
        }
    }
}

private func isKafkaName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
    default: false
    }
}
