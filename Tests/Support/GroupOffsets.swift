internal import CRdKafka

/// What a consumer group has committed, asked from outside of the group.
public final class GroupOffsets {
    private let client: KafkaClient
    /// Sees what open transactions wrote.
    private let uncommitted: KafkaClient
    private let group: String

    /// Asks about one group.
    public init(bootstrapServers: String, group: String) throws {
        self.group = group
        client = try KafkaClient(
            RD_KAFKA_CONSUMER, ["bootstrap.servers": bootstrapServers, "group.id": group, "log_level": "0"])
        rd_kafka_poll_set_consumer(client.handle)
        uncommitted = try KafkaClient(
            RD_KAFKA_CONSUMER,
            ["bootstrap.servers": bootstrapServers, "isolation.level": "read_uncommitted", "log_level": "0"])
    }

    /// The committed offset of each partition of a topic; -1 where there is none. Open transactions are waited for.
    public func committed(_ topic: String, partitions: Int32) throws -> [Int64] {
        let list = rd_kafka_topic_partition_list_new(partitions)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in 0..<partitions { rd_kafka_topic_partition_list_add(list, topic, partition) }
        try client.untilAnswered("committed offsets of \(topic)") { rd_kafka_committed(client.handle, list, 5_000) }
        return (0..<Int(partitions)).map { max(-1, list?.pointee.elems[$0].offset ?? -1) }
    }

    /// The end of what `read_committed` shows of each partition of a topic: all of it unless a transaction is open there.
    public func ends(_ topic: String, partitions: Int32) throws -> [Int64] {
        try Self.ends(topic, partitions: partitions, seenBy: client)
    }

    /// The end of each partition of a topic, with what open transactions wrote.
    public func uncommittedEnds(_ topic: String, partitions: Int32) throws -> [Int64] {
        try Self.ends(topic, partitions: partitions, seenBy: uncommitted)
    }

    /// Whether a transaction that wrote to a topic has not ended there. Its offsets may be seen before: each partition
    /// has a marker of its own.
    public func hasOpenTransactions(_ topic: String, partitions: Int32) throws -> Bool {
        try ends(topic, partitions: partitions) != uncommittedEnds(topic, partitions: partitions)
    }

    private static func ends(_ topic: String, partitions: Int32, seenBy client: KafkaClient) throws -> [Int64] {
        try (0..<partitions).map { partition in
            var low: Int64 = 0
            var high: Int64 = 0
            try client.untilAnswered("end of \(topic)") {
                rd_kafka_query_watermark_offsets(client.handle, topic, partition, &low, &high, 10_000)
            }
            return high
        }
    }

    /// Makes the broker forget the group with all its offsets, which it does only once the group has no members.
    public func forget() throws {
        try client.untilAnswered("deletion of the group \(group)", passing: [RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP]) {
            var groups = [rd_kafka_DeleteGroup_new(group)]
            defer { rd_kafka_DeleteGroup_destroy_array(&groups, 1) }
            let error = client.answer(
                withinMs: 10_000, to: { rd_kafka_DeleteGroups(client.handle, &groups, 1, nil, $0) }, Self.firstError)
            return error ?? RD_KAFKA_RESP_ERR__TIMED_OUT
        }
    }

    private static func firstError(ofDeletion event: OpaquePointer) -> rd_kafka_resp_err_t {
        var count = 0
        let results = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count)
        let errors =
            [rd_kafka_event_error(event)]
            + (0..<count).map { rd_kafka_error_code(rd_kafka_group_result_error(results?[$0])) }
        return errors.first { $0 != RD_KAFKA_RESP_ERR_NO_ERROR } ?? RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Serves the client for a moment: the pause between two questions.
    public func pause() { rd_kafka_consumer_poll(client.handle, 30) }
}
