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

    @Test func aTransactionHasAllItsRecords() throws {
        try expectAll { topics, properties, outbox in
            let session = try Session(
                consumer: properties, producer: properties, groupID: topics.name, groupInstanceID: nil,
                transactionalID: topics.name, leadTopic: topics.lead, followingTopics: [],
                outputTopics: [topics.output],
                log: { _, _ in })
            try session.initTransactions(timeoutMs: 20_000)
            try session.begin()
            try session.produce(outbox)
            try session.commit(timeoutMs: 20_000)
        }
    }

    @Test func aToolsRecordsAreAllThere() throws {
        try expectAll { topics, properties, outbox in
            let producer = try Producer(properties, topics: [topics.output], log: { _, _ in })
            try producer.send(outbox, timeoutMs: 20_000)
        }
    }

    private func expectAll(
        _ send: (_ topics: TestTopics, _ properties: ClientProperties, _ outbox: borrowing Outbox) throws -> Void
    ) throws {
        let (proxy, server) = try Self.behindProxy.get()
        let topics = try TestTopics(partitions: 1, on: server)
        var outbox = Outbox()
        for number in 0..<10 { outbox.append(topic: 0, partition: 0, text: "k", "\(number)") }
        // Long enough for the second batch to leave.
        proxy.answerDelay = .milliseconds(100)
        defer { proxy.answerDelay = .zero }
        proxy.arm(.refusal(.notLeaderOrFollower), on: [.produce])
        try send(topics, ["bootstrap.servers": proxy.bootstrapServers, "batch.num.messages": "1"], outbox)
        #expect(proxy.hasStruck)
        let records = try TestReader.readAll(bootstrapServers: topics.servers, topic: topics.output)
        #expect(records.map { String(decoding: $0.value ?? [], as: UTF8.self) } == (0..<10).map(String.init))
    }
}
