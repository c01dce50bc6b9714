import Foundation
import TestSupport
import Testing

@testable import Kafka

/// Topics of one test on the shared broker.
struct TestTopics {
    let servers: String
    let name: String
    var lead: String { name + "-lead" }
    var following: String { name + "-following" }
    var output: String { name + "-output" }

    init(partitions: Int32 = 2, on server: KafkaServer? = nil) throws {
        servers = try (server ?? KafkaServer.shared()).bootstrapServers
        name = "t" + UUID().uuidString.prefix(8).lowercased()
        let admin = try TestAdmin(bootstrapServers: servers)
        for topic in [lead, following, output] { try admin.createTopic(topic, partitions: partitions) }
    }

    /// The output's committed records, once there are so many: a commit is answered before its markers are written.
    func output(atLeast count: Int) throws -> [TestRecord] {
        let reader = try TestReader(bootstrapServers: servers, topic: output)
        try reader.read(what: "\(count) records") { $0.count >= count }
        try reader.readToEnd()
        return reader.records
    }

    /// Writes values `from..<to` into each partition of a topic.
    func write(_ range: Range<Int>, to topic: String, partitions: Range<Int32> = 0..<2) throws {
        let producer = try TestProducer(bootstrapServers: servers)
        for number in range {
            for partition in partitions {
                try producer.produce(topic: topic, partition: partition, key: "k", value: "\(partition)/\(number)")
            }
        }
        try producer.flush()
    }
}

/// What a lane does with a session: it answers rebalances and keeps what it read.
final class TestLane {
    var session: Session
    var batch = RecordBatch()
    /// Whether assignments are answered as they come.
    var answers = true
    private(set) var rebalances: [Rebalance] = []
    private(set) var owned: Set<Int32> = []
    /// `topic:value` of all records that were committed or are about to be.
    private(set) var read: [String] = []

    init(_ topics: TestTopics, instance: String = "i1", output: String? = nil, consumer: ClientProperties = [:]) throws
    {
        let servers: ClientProperties = ["bootstrap.servers": topics.servers]
        let quick: ClientProperties = [
            "session.timeout.ms": "6000", "heartbeat.interval.ms": "300", "fetch.wait.max.ms": "20",
        ]
        session = try Session(
            consumer: servers.overlaid(with: quick).overlaid(with: consumer), producer: servers,
            groupID: topics.name, groupInstanceID: instance, transactionalID: topics.name + instance,
            leadTopic: topics.lead, followingTopics: [topics.following], outputTopics: [output ?? topics.output],
            log: { _, _ in })
    }

    func initTransactions() throws { try session.initTransactions(timeoutMs: 20_000) }

    /// Opens a transaction and produces one record to the first partition.
    func begin(producing value: String) throws {
        var outbox = Outbox()
        outbox.append(topic: 0, partition: 0, text: "k", value)
        try session.begin()
        try session.produce(outbox)
    }

    /// Polls once; returns the values that came.
    @discardableResult
    func poll(timeoutMs: Int32 = 50) throws -> [String] {
        batch.release()
        try session.poll(into: &batch, maximum: 1_000, timeoutMs: timeoutMs)
        for rebalance in session.takeRebalances() {
            rebalances.append(rebalance)
            if answers { try answer(rebalance) }
        }
        let values = (0..<batch.count).map { index in
            let record = batch[index]
            return "\(record.topic):" + String(decoding: record.value ?? .init(start: nil, count: 0), as: UTF8.self)
        }
        read += values
        return values
    }

    func answer(_ rebalance: Rebalance) throws {
        switch rebalance {
        case .assigned(let partitions):
            let places = try session.committed(partitions, timeoutMs: 10_000).map {
                TopicOffset(topic: $0.topic, partition: $0.partition, offset: $0.offset ?? TopicOffset.beginning)
            }
            try session.assign(places)
            owned.formUnion(partitions)
        case .revoked(let partitions), .lost(let partitions):
            batch.removePartitions(partitions)
            try session.unassign(partitions)
            owned.subtract(partitions)
        }
    }

    /// Polls until something holds.
    func poll(seconds: Double = 30, until holds: (TestLane) -> Bool) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while !holds(self) {
            try #require(Date() < end, "read \(read.count), rebalances \(rebalances)")
            try poll()
        }
    }

    /// The places behind the batch.
    var places: [TopicOffset] {
        var ends: [TopicOffset: Int64] = [:]
        for index in 0..<batch.count {
            let record = batch[index]
            ends[TopicOffset(topic: record.topic, partition: record.partition, offset: 0)] = record.offset + 1
        }
        return ends.map { TopicOffset(topic: $0.key.topic, partition: $0.key.partition, offset: $0.value) }
    }

    /// Commits the offsets of the batch with one output record for each record. Where that asks for an abort, as a
    /// rebalance in between does, the batch will be read again.
    func commitBatch() throws {
        guard batch.count > 0 else { return }
        do throws(KafkaFailure) {
            try session.begin()
            try session.produce(outbox())
            try session.sendOffsets(places, timeoutMs: 10_000)
            try session.commit(timeoutMs: 10_000)
        } catch  where error.reaction == .abort {
            try session.abort()
            read.removeLast(batch.count)
            try session.seek(starts, timeoutMs: 10_000)
        }
    }

    /// The places of the batch's first records.
    private var starts: [TopicOffset] {
        var starts: [TopicOffset: Int64] = [:]
        for index in (0..<batch.count).reversed() {
            let record = batch[index]
            starts[TopicOffset(topic: record.topic, partition: record.partition, offset: 0)] = record.offset
        }
        return starts.map { TopicOffset(topic: $0.key.topic, partition: $0.key.partition, offset: $0.value) }
    }

    func outbox() -> Outbox {
        var outbox = Outbox()
        for index in 0..<batch.count {
            let record = batch[index]
            outbox.append(topic: 0, partition: record.partition, key: record.key, value: record.value)
        }
        return outbox
    }
}
