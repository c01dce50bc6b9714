import Foundation
import TestSupport
import Testing

@testable import Kafka

@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct TopicReaderTests {
    private func reader(
        _ topics: TestTopics, _ names: [String], from places: [TopicOffset]
    ) throws(KafkaFailure) -> TopicReader {
        try TopicReader(
            ["bootstrap.servers": topics.servers, "fetch.wait.max.ms": "20"], topics: names, from: places,
            timeoutMs: 10_000, log: { _, _ in })
    }

    private func places(_ topics: Int, partitions: Int32, offset: Int64 = TopicOffset.beginning) -> [TopicOffset] {
        (0..<topics).flatMap { topic in
            (0..<partitions).map { TopicOffset(topic: topic, partition: $0, offset: offset) }
        }
    }

    private func values(_ batch: borrowing RecordBatch) -> [String] {
        (0..<batch.count).map { index in
            "\(batch[index].topic):"
                + String(decoding: batch[index].value ?? .init(start: nil, count: 0), as: UTF8.self)
        }
    }

    private func readToEnd(_ reader: inout TopicReader, into batch: inout RecordBatch) throws {
        let end = Date(timeIntervalSinceNow: 30)
        while !reader.isFinished {
            try #require(Date() < end, "\(reader.unfinished)")
            try reader.read(into: &batch, maximum: 100, timeoutMs: 100)
        }
    }

    @Test func severalTopicsAreReadToTheirEnds() throws {
        let topics = try TestTopics()
        try topics.write(0..<500, to: topics.lead)
        try topics.write(0..<10, to: topics.following, partitions: 1..<2)
        var reader = try reader(topics, [topics.lead, topics.following], from: places(2, partitions: 2))
        try topics.write(500..<600, to: topics.lead)  // behind the ends: not read
        var batch = RecordBatch()
        try readToEnd(&reader, into: &batch)
        let lead = (0..<2).flatMap { partition in (0..<500).map { "0:\(partition)/\($0)" } }
        #expect(values(batch).sorted() == (lead + (0..<10).map { "1:1/\($0)" }).sorted())
    }

    @Test func nothingToReadIsFinishedAtOnce() throws {
        let topics = try TestTopics()
        try topics.write(0..<5, to: topics.lead)
        let empty = try reader(topics, [topics.following], from: places(1, partitions: 2)).unfinished
        #expect(empty == [])
        let read = try reader(topics, [topics.lead], from: places(1, partitions: 2, offset: 5)).unfinished
        #expect(read == [])
        var rest = try reader(topics, [topics.lead], from: places(1, partitions: 2, offset: 4))
        var batch = RecordBatch()
        try readToEnd(&rest, into: &batch)
        #expect(values(batch).sorted() == ["0:0/4", "0:1/4"])
    }

    @Test(arguments: [true, false])
    func anOpenTransactionIsWaitedFor(isCommitted: Bool) throws {
        let topics = try TestTopics()
        let writer = try TestLane(topics)
        try writer.initTransactions()
        try writer.begin(producing: "open")
        let watermarks = try WatermarkReader(
            ["bootstrap.servers": topics.servers], topics: [topics.output], log: { _, _ in })
        while try watermarks.read(topic: 0, partition: 0, timeoutMs: 10_000).high == 0 {}
        try topics.write(0..<1, to: topics.output)

        var reader = try reader(topics, [topics.output], from: places(1, partitions: 1))
        var batch = RecordBatch()
        for _ in 0..<10 { try reader.read(into: &batch, maximum: 100, timeoutMs: 50) }
        let unfinished = reader.unfinished
        #expect(unfinished == [TopicOffset(topic: 0, partition: 0, offset: 2)])
        #expect(values(batch) == [])

        if isCommitted { try writer.session.commit(timeoutMs: 10_000) } else { try writer.session.abort() }
        try readToEnd(&reader, into: &batch)
        #expect(values(batch) == (isCommitted ? ["0:open", "0:0/0"] : ["0:0/0"]))
    }

    @Test func anEndOfAbortedRecordsIsReached() throws {
        let topics = try TestTopics()
        let writer = try TestLane(topics)
        try writer.initTransactions()
        try writer.begin(producing: "v")
        try writer.session.commit(timeoutMs: 10_000)
        try writer.begin(producing: "v")
        let watermarks = try WatermarkReader(
            ["bootstrap.servers": topics.servers], topics: [topics.output], log: { _, _ in })
        while try watermarks.read(topic: 0, partition: 0, timeoutMs: 10_000).high < 3 {}
        try writer.session.abort()
        var reader = try reader(topics, [topics.output], from: places(1, partitions: 1))
        var batch = RecordBatch()
        try readToEnd(&reader, into: &batch)
        #expect(values(batch) == ["0:v"])
    }

    /// Behind the last record stands the transaction's marker, so that only the end itself says that it is reached.
    @Test func anEndBehindAMarkerIsNotedAtOnce() throws {
        let topics = try TestTopics()
        let writer = try TestLane(topics)
        try writer.initTransactions()
        try writer.begin(producing: "v")
        try writer.session.commit(timeoutMs: 10_000)
        var reader = try reader(topics, [topics.output], from: places(1, partitions: 1))
        var batch = RecordBatch()
        let started = ContinuousClock.now
        while !reader.isFinished { try reader.read(into: &batch, maximum: 100, timeoutMs: 60_000) }
        #expect(values(batch) == ["0:v"])
        #expect(ContinuousClock.now - started < .seconds(30))
    }

    @Test func theWatcherAnswersWithHighWatermarks() throws {
        let topics = try TestTopics()
        try topics.write(0..<7, to: topics.lead, partitions: 1..<2)
        let watcher = try EndsWatcher(
            ["bootstrap.servers": topics.servers], topics: [topics.lead, topics.following], log: { _, _ in })
        let asked = [TopicOffset(topic: 0, partition: 1, offset: 0), TopicOffset(topic: 1, partition: 0, offset: 0)]
        watcher.request(42, asked)
        var answers: [EndsWatcher.Answer] = []
        let end = Date(timeIntervalSinceNow: 20)
        while answers.isEmpty, Date() < end {
            Thread.sleep(forTimeInterval: 0.01)
            answers = watcher.take()
        }
        #expect(answers.map(\.id) == [42])
        #expect(answers.first?.ends.map(\.offset) == [7, 0])
    }
}
