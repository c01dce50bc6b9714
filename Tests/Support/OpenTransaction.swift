internal import CRdKafka

/// A transaction of another producer, which stays open until it is aborted: readers see nothing behind its records.
public final class OpenTransaction {
    private static let timeoutMs: Int32 = 30_000

    private let producer: TestProducer

    /// Begins one, which the broker aborts after `timeout`.
    public init(bootstrapServers: String, timeout: Duration) throws {
        producer = try TestProducer(
            bootstrapServers: bootstrapServers,
            properties: [
                "transactional.id": "open-\(UInt32.random(in: 0 ... .max))",
                "transaction.timeout.ms": "\(timeout.components.seconds * 1000)",
            ])
        try check(rd_kafka_init_transactions(producer.client.handle, Self.timeoutMs), "init")
        try check(rd_kafka_begin_transaction(producer.client.handle), "begin")
    }

    /// Adds a record, and waits until the broker has it.
    public func produce(topic: String, partition: Int32, key: String, value: String) throws {
        try producer.produce(topic: topic, partition: partition, key: key, value: value)
        try producer.flush()
    }

    /// Adds an offset of a group, which nobody reads until the transaction has ended.
    public func sendOffsets(of group: String, topic: String, partition: Int32, offset: Int64) throws {
        let list = rd_kafka_topic_partition_list_new(1)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = offset
        let metadata = rd_kafka_consumer_group_metadata_new(group)
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        try check(
            rd_kafka_send_offsets_to_transaction(producer.client.handle, list, metadata, Self.timeoutMs), "offsets")
    }

    /// Ends it.
    public func abort() throws {
        try check(rd_kafka_abort_transaction(producer.client.handle, Self.timeoutMs), "abort")
    }

    private func check(_ error: OpaquePointer?, _ call: String) throws {
        guard let error else { return }
        defer { rd_kafka_error_destroy(error) }
        throw TestFailure("\(call) of a transaction: \(String(cString: rd_kafka_error_string(error)))")
    }
}
