internal import CRdKafka

/// Reads a topic from its beginning with `read_committed`, as a consumer of ours does.
public final class TestReader {
    private let topic: String
    private let client: KafkaClient
    private let queue: OpaquePointer
    private let partitions: Range<Int32>
    private let kept: (TestRecord) -> TestRecord?
    /// Per partition the offset that its last reported end had.
    private var ends: [Int32: Int64] = [:]

    /// All records read so far, each partition's in order.
    public private(set) var records: [TestRecord] = []

    /// Begins to read an existing topic, all of it or one partition.
    ///
    /// - Parameter kept: is shown each record when it comes, and says what is kept of it: for those too large or too many.
    public init(
        bootstrapServers: String, topic: String, partition: Int32? = nil, properties: [String: String] = [:],
        keeping kept: @escaping (TestRecord) -> TestRecord? = { $0 }
    ) throws {
        self.topic = topic
        self.kept = kept
        let count = try TestAdmin(bootstrapServers: bootstrapServers).partitions(of: topic)
        partitions = partition.map { $0..<$0 + 1 } ?? 0..<count
        guard partitions.upperBound <= count, count > 0 else { throw TestFailure("there is no topic \(topic) to read") }
        let defaults = [
            "bootstrap.servers": bootstrapServers, "group.id": "test-reader", "enable.auto.commit": "false",
            "isolation.level": "read_committed", "enable.partition.eof": "true", "fetch.wait.max.ms": "20",
            "auto.offset.reset": "error", "log_level": "0",
        ]
        client = try KafkaClient(RD_KAFKA_CONSUMER, defaults.merging(properties) { _, given in given })
        rd_kafka_poll_set_consumer(client.handle)
        queue = rd_kafka_queue_get_consumer(client.handle)
        let list = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in partitions {
            // Left to find a beginning by itself, librdkafka waits half a second.
            rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = try range(of: partition)
                .lowerBound
        }
        let error = rd_kafka_assign(client.handle, list)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw TestFailure("assign: \(KafkaClient.name(error))") }
    }

    deinit { rd_kafka_queue_destroy(queue) }

    /// Reads a whole topic to its present end.
    public static func readAll(
        bootstrapServers: String, topic: String, timeout: Duration = .seconds(60)
    ) throws -> [TestRecord] {
        let reader = try TestReader(bootstrapServers: bootstrapServers, topic: topic)
        try reader.readToEnd(timeout: timeout)
        return reader.records
    }

    /// Reads on to what is now the end of the committed records in every partition.
    public func readToEnd(timeout: Duration = .seconds(60)) throws {
        let targets = try partitions.map { try range(of: $0).upperBound }
        try read(timeout: timeout, what: "the end \(targets)") { [self] _ in
            zip(partitions, targets).allSatisfy { (ends[$0] ?? -1) >= $1 }
        }
    }

    /// Reads on until `isDone` says so of all records read so far; it is asked after each batch.
    ///
    /// - Throws: `TestFailure` at the timeout.
    public func read(
        timeout: Duration = .seconds(60), what: String = "what was awaited", until isDone: ([TestRecord]) throws -> Bool
    ) throws {
        let deadline = Deadline(after: timeout)
        while try !isDone(records) {
            if deadline.isOver {
                throw TestFailure("\(topic): \(what) was not there within \(timeout); \(records.count) records read")
            }
            try readBatch(timeoutMs: deadline.milliseconds(atMost: 200))
        }
    }

    /// From the first record to the end of the committed ones, which a later record or commit moves.
    private func range(of partition: Int32) throws -> Range<Int64> {
        var low: Int64 = 0
        var high: Int64 = 0
        try client.untilAnswered("end of \(topic) \(partition)") {
            rd_kafka_query_watermark_offsets(client.handle, topic, partition, &low, &high, 10_000)
        }
        return low..<high
    }

    private func readBatch(timeoutMs: Int32) throws {
        // One by one, as the worker does: a call for many can lose some.
        var wait = timeoutMs
        for _ in 0..<10_000 {
            guard let message = rd_kafka_consume_queue(queue, wait) else { return }
            defer { rd_kafka_message_destroy(message) }
            wait = 0
            try take(message.pointee, message)
        }
    }

    private func take(_ fields: rd_kafka_message_t, _ message: UnsafeMutablePointer<rd_kafka_message_t>) throws {
        switch fields.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            let record = TestRecord(
                topic: topic, partition: fields.partition, offset: fields.offset,
                timestamp: rd_kafka_message_timestamp(message, nil),
                key: bytes(fields.key, fields.key_len), value: bytes(fields.payload, fields.len),
                headers: headers(of: message))
            if let record = kept(record) { records.append(record) }
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            ends[fields.partition] = fields.offset
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE:
            break  // the client connects again by itself
        default:
            throw TestFailure("\(topic): \(KafkaClient.name(fields.err))")
        }
    }

    private func headers(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> [TestHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        return (0..<rd_kafka_header_cnt(list)).compactMap { index in
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            guard rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR, let name
            else { return nil }
            return TestHeader(name: String(cString: name), value: bytes(value, size))
        }
    }

    private func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
    }
}
