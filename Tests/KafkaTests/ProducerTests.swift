import CRdKafka
import TestSupport
import Testing

@testable import Kafka

@Suite
struct ProducerTests {
    private func send(to cluster: MockCluster, timeoutMs: Int32 = 10_000) throws(KafkaFailure) {
        var outbox = Outbox()
        outbox.append(topic: 0, partition: 1, text: "k", "v")
        let producer = try Producer(
            ["bootstrap.servers": cluster.bootstrapServers, "message.timeout.ms": "3000"], topics: ["sent"],
            log: { _, _ in })
        try producer.send(outbox, timeoutMs: timeoutMs)
    }

    @Test func whatIsSentIsThere() throws {
        let cluster = try MockCluster(log: { _, _ in })
        try cluster.createTopic("sent", partitions: 2)
        try send(to: cluster)
        let records = try TestReader.readAll(bootstrapServers: cluster.bootstrapServers, topic: "sent")
        #expect(records.map(\.partition) == [1])
    }

    @Test func aRefusedRecordIsAFailure() throws {
        let cluster = try MockCluster(log: { _, _ in })
        try cluster.createTopic("sent", partitions: 2)
        cluster.failNext(apiKey: 0, with: [RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED.rawValue])  // Produce
        let failure = #expect(throws: KafkaFailure.self) { try send(to: cluster) }
        #expect(failure?.reaction == .unauthorised, "\(String(describing: failure))")
    }
}
