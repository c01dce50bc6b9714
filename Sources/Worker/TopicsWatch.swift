import Campaign
import Kafka

/// Sees when a topic goes, grows or is made anew while the worker runs. The lanes' clients say nothing of topics that
/// they only follow, and write into a new topic as if it were the old one.
struct TopicsWatch: ~Copyable {
    /// How long to pause between two looks, in milliseconds.
    static let intervalMs: Int32 = 3000
    private static let timeoutMs: Int32 = 10_000

    private let topics: Topics
    private let rights: WorkerRights
    private let names: [String]
    private let partitionCount: Int32
    private let admin: Admin
    private let log: Log
    /// Gone at the last look.
    private var missing: Set<String> = []
    /// Where the topics ended at the last look.
    private var ends: [TopicOffset] = []

    /// Topics that have so many partitions now.
    init(_ settings: Settings, partitionCount: Int32) throws(KafkaFailure) {
        let log = settings.log
        topics = settings.topics
        rights = WorkerRights(settings)
        names = TopicRole.allCases.map { settings.topics.name($0) }
        self.partitionCount = partitionCount
        self.log = log
        // The lanes say it when no broker answers.
        admin = try Admin(settings.kafka) { _, text in log.write(.debug, "kafka", text) }
    }

    /// Where the inputs ended at the last look that was answered.
    var inputEnds: [Lag.Place: Int64] {
        var found: [Lag.Place: Int64] = [:]
        for topic in InputTopic.allCases {
            guard let index = names.firstIndex(of: topics.name(topic.role)) else { continue }
            for end in ends where end.topic == index {
                found[Lag.Place(topic: topic, partition: end.partition)] = end.offset
            }
        }
        return found
    }

    /// Why the worker may not go on; nil where the topics are as they were, or nobody answers. What it may not see any
    /// more counts as an answer.
    mutating func look() -> Stop? {
        do throws(KafkaFailure) {
            if let stop = try stopForCounts() { return stop }
            return try stopForEnds()
        } catch {
            // Of a topic that is seldom written, such as the letters', a right that was taken away shows here first.
            if error.name == "TOPIC_AUTHORIZATION_FAILED" { return Stop(.notAllowed, rights.words(error)) }
            log.write(.debug, "kafka", error.description)
            return nil
        }
    }

    private mutating func stopForCounts() throws(KafkaFailure) -> Stop? {
        var gone: Set<String> = []
        for name in names {
            let count = try admin.partitions(of: name, timeoutMs: Self.timeoutMs)
            if let count, count != partitionCount {
                return Stop(StateError.otherPartitionCount(kept: partitionCount, found: count))
            }
            if count == nil { gone.insert(name) }
        }
        // A broker that just came up may not know its topics yet.
        let lasting = gone.intersection(missing)
        missing = gone
        guard !lasting.isEmpty else { return nil }
        return Stop(
            .badConfiguration,
            "topics were deleted while the worker ran: \(lasting.sorted().joined(separator: ", ")). What they held is "
                + "lost. \(Self.advice)")
    }

    private mutating func stopForEnds() throws(KafkaFailure) -> Stop? {
        guard missing.isEmpty else { return nil }
        let now = try admin.ends(of: names, partitions: partitionCount, timeoutMs: Self.timeoutMs)
        let shrunk = zip(ends, now).first { before, after in after.offset < before.offset }
        if ends.isEmpty { log.write(.debug, "topics", "all topics are as they were at the start") }
        ends = now
        guard let (before, after) = shrunk else { return nil }
        return Stop(
            .badData,
            "\(names[after.topic]) lost records while the worker ran: partition \(after.partition) ended at "
                + "\(before.offset), and ends at \(after.offset) now. Was it deleted and made anew? \(Self.advice)")
    }

    private static let advice =
        "Bring them back from a copy, or end the campaign: delete all its topics, and begin with new ones"
}
