internal import CRdKafka

/// Finds out what a principal may do with topics and groups by trying it.
public final class AccessProbe {
    private let consumer: KafkaClient
    private let properties: [String: String]

    /// Connects as the principal that the properties name. A group's rights are tried with `group`.
    public init(_ properties: [String: String], group: String = "probe") throws {
        self.properties = properties.merging(["log_level": "0"]) { $1 }
        consumer = try KafkaClient(
            RD_KAFKA_CONSUMER, self.properties.merging(["group.id": group, "enable.auto.commit": "false"]) { $1 })
    }

    /// Whether a record for partition 0 of a topic is stored.
    public func mayWrite(_ topic: String) throws -> Bool {
        // Who may write may see it, and a refusal comes sooner here.
        guard try maySee(topic) else { return false }
        let producer = try TestProducer(
            bootstrapServers: properties["bootstrap.servers"] ?? "",
            properties: properties.merging(["enable.idempotence": "false", "message.timeout.ms": "10000"]) { $1 })
        do {
            try producer.produce(topic: topic, partition: 0, key: "key", value: "value")
            try producer.flush(timeout: .seconds(15))
            return true
        } catch {
            guard "\(error)".contains("TOPIC_AUTHORIZATION_FAILED") else { throw error }
            return false
        }
    }

    /// Whether partition 0 of a topic, which has a record, can be read.
    public func mayRead(_ topic: String) throws -> Bool {
        guard try maySee(topic) else { return false }
        let handle = rd_kafka_topic_new(consumer.handle, topic, nil)
        defer { rd_kafka_topic_destroy(handle) }
        rd_kafka_consume_start(handle, 0, 0)
        defer { rd_kafka_consume_stop(handle, 0) }
        let deadline = Deadline(after: .seconds(15))
        while !deadline.isOver {
            guard let message = rd_kafka_consume(handle, 0, 200) else { continue }
            defer { rd_kafka_message_destroy(message) }
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR { return true }
            if message.pointee.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED { return false }
        }
        throw TestFailure("neither a record of \(topic) nor a refusal came")
    }

    private func maySee(_ topic: String) throws -> Bool {
        let handle = rd_kafka_topic_new(consumer.handle, topic, nil)
        defer { rd_kafka_topic_destroy(handle) }
        var answer: UnsafePointer<rd_kafka_metadata>?
        try consumer.untilAnswered("metadata") { rd_kafka_metadata(consumer.handle, 0, handle, &answer, 10_000) }
        defer { rd_kafka_metadata_destroy(answer) }
        return answer?.pointee.topics[0].err != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
    }

    /// Whether the probe's group can keep a place in a topic that may be read.
    public func mayCommit(_ topic: String) -> Bool {
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, topic, 0).pointee.offset = 0
        return rd_kafka_commit(consumer.handle, list, 0) == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Whether the places of the probe's group in a topic can be seen.
    public func maySeePlaces(_ topic: String) -> Bool {
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, topic, 0)
        return rd_kafka_committed(consumer.handle, list, 10_000) == RD_KAFKA_RESP_ERR_NO_ERROR
            && list?.pointee.elems[0].err == RD_KAFKA_RESP_ERR_NO_ERROR
    }
}
