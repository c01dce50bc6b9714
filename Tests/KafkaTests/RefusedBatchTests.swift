import TestSupport
import Testing

@testable import Kafka

/// A partition's leader is made while its first batches are on their way: the first is refused, the next is not.
///
/// The broker, which knows nothing of the producer there, takes the second for the first, and librdkafka then takes both for
/// stored.
@Suite(.serialized, .enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct RefusedBatchTests {
    private static let behindProxy = Result {
        let proxy = try KafkaProxy()
        return (proxy, try KafkaServer(behind: proxy))
    }

    /// Ten records, each a batch of its own.
    private var outbox: Outbox {
        var outbox = Outbox()
        for number in 0..<10 { outbox.append(topic: 0, partition: 0, text: "k", "\(number)") }
        return outbox
    }

    /// What stands in a new topic when a producer with these properties has sent.
    private func whatIsThere(after send: (TestTopics, ClientProperties) throws -> Void) throws -> [String] {
        let (proxy, server) = try Self.behindProxy.get()
        let topics = try TestTopics(partitions: 1, on: server)
        // Long enough for the second batch to leave.
        proxy.answerDelay = .milliseconds(100)
        defer { proxy.answerDelay = .zero }
        proxy.arm(.refusal(.notLeaderOrFollower), on: [.produce])
        try send(topics, ["bootstrap.servers": proxy.bootstrapServers, "batch.num.messages": "1"])
        #expect(proxy.hasStruck)
        let records = try TestReader.readAll(bootstrapServers: topics.servers, topic: topics.output)
        return records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    private func commitAll(_ session: borrowing Session) throws(KafkaFailure) {
        try session.begin()
        try session.produce(outbox)
        try session.commit(timeoutMs: 20_000)
    }

    @Test func aTransactionHasAllItsRecordsOrNone() throws {
        let there = try whatIsThere { topics, properties in
            let session = try Session(
                consumer: properties, producer: properties, groupID: topics.name, groupInstanceID: nil,
                transactionalID: topics.name, leadTopic: topics.lead, followingTopics: [],
                outputTopics: [topics.output], log: { _, _ in })
            try session.initTransactions(timeoutMs: 20_000)
            do throws(KafkaFailure) {
                try commitAll(session)
                Issue.record("committed without the record that was refused")
            } catch {
                #expect(error.reaction == .abort, "\(error)")
            }
            try session.abort()
            try commitAll(session)
        }
        #expect(there == (0..<10).map(String.init))
    }

    @Test func aToolsRecordThatWasRefusedIsAFailure() throws {
        let there = try whatIsThere { topics, properties in
            let producer = try Producer(properties, topics: [topics.output], log: { _, _ in })
            let failed = #expect(throws: KafkaFailure.self) { try producer.send(outbox, timeoutMs: 20_000) }
            #expect(failed?.call == "produce")
        }
        #expect(!there.contains("0"))
    }
}
