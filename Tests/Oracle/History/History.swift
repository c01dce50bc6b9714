public import TestSupport

/// What a history is made of.
public struct HistoryOptions: Sendable {
    /// When its events happen.
    public enum Clock: Hashable, Sendable {
        /// Record timestamps run from before the window's start to after the end of grace.
        case campaign
        /// All is published at this instant, milliseconds since 1970: for a real broker, which sets the timestamps
        /// itself. The window should be open for at least an hour on either side.
        case now(Int64)
    }

    /// The campaign.
    public var campaign: OracleCampaign
    /// How many records.
    public var events = 2_000
    /// Partitions of each topic.
    public var partitions: Int32 = 4
    /// How many subscribers; few, so that their events meet.
    public var subscribers = 24
    /// When.
    public var clock = Clock.campaign
    /// True: what comes of it does not depend on how the shards' topics interleave, as far as `Comparison` looks.
    /// For that all events of a subscriber on one topic stand in one partition (which may be the wrong one: mail keeps
    /// their order), no subscriber has more events than are remembered, and all versions give helpers the same.
    public var isConfluent = false
    /// Goes before each topic's name.
    public var topicsPrefix = ""

    /// A history of 2,000 records in 4 partitions for 24 subscribers.
    public init(campaign: OracleCampaign) {
        self.campaign = campaign
    }
}

/// Records of `recharge-events` and `assist-events`, and an order in which the shards read them.
public struct History: Sendable {
    /// The seed that made it, for a test's message.
    public var seed: UInt64
    /// Its options.
    public var options: HistoryOptions
    /// All records in the order they were published; offsets count from 0 in each partition.
    public var records: [TestRecord]
    /// For each record whom it is about.
    var subjects: [String]
    /// One order in which the shards read them, mail in between. At the end some mail is still unread.
    public var steps: [Step]

    /// An order of reading: each partition in its own order, all else by chance.
    static func steps(for records: [TestRecord], partitions: Int32, _ random: inout SeededRandom) -> [Step] {
        struct Log: Hashable {
            var topic: String
            var partition: Int32
        }
        var logs = Dictionary(grouping: records) { Log(topic: $0.topic, partition: $0.partition) }
            .sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
            .map { $0.value[...] }
        var steps: [Step] = []
        while !logs.isEmpty {
            // A batch of one log, as a consumer fetches it; now and then one log runs far ahead.
            let index = Int.random(in: logs.indices, using: &random)
            for _ in 0..<random.pick([1, 1, 2, 5, 20]) {
                guard let record = logs[index].popFirst() else { break }
                steps.append(.record(record))
            }
            if logs[index].isEmpty { logs.remove(at: index) }
            if random.chance(50) {
                let shard = Int32.random(in: 0..<partitions, using: &random)
                steps += repeatElement(.mail(shard: shard), count: random.pick([1, 2, 6]))
            }
        }
        return steps
    }

    /// The same records read in another order: each partition still in its own.
    public func rereading(seed: UInt64) -> History {
        var random = SeededRandom(seed: seed)
        var other = self
        other.seed = seed
        other.steps = Self.steps(for: records, partitions: options.partitions, &random)
        return other
    }

    /// The records published in another order that keeps the order within one topic and subscriber. Offsets are
    /// counted anew, so letters have other ids.
    public func legalReordering(seed: UInt64) -> History {
        var random = SeededRandom(seed: seed)
        let lanes = Dictionary(grouping: records.indices) { records[$0].topic + " " + subjects[$0] }
        var left = lanes.sorted { $0.key < $1.key }.map { $0.value[...] }
        var order: [Int] = []
        while !left.isEmpty {
            let index = Int.random(in: left.indices, using: &random)
            if let next = left[index].popFirst() { order.append(next) }
            if left[index].isEmpty { left.remove(at: index) }
        }
        var other = self
        other.seed = seed
        other.records = Self.numbered(order.map { records[$0] })
        other.subjects = order.map { subjects[$0] }
        other.steps = Self.steps(for: other.records, partitions: options.partitions, &random)
        return other
    }

    /// The same records with offsets counted from 0 in each partition.
    static func numbered(_ records: [TestRecord]) -> [TestRecord] {
        var next: [String: Int64] = [:]
        return records.map { record in
            var record = record
            let log = "\(record.topic)/\(record.partition)"
            record.offset = next[log, default: 0]
            next[log] = record.offset + 1
            return record
        }
    }
}
