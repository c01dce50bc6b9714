internal import CRdKafka

/// Creates topics for tests and asks the broker for its partitions.
public final class TestAdmin: Sendable {
    private let client: KafkaClient

    /// Connects to a broker.
    public init(bootstrapServers: String) throws {
        client = try KafkaClient(
            RD_KAFKA_PRODUCER,
            [
                "bootstrap.servers": bootstrapServers, "log_level": "0", "reconnect.backoff.ms": "50",
                "reconnect.backoff.max.ms": "200",
            ])
    }

    /// True if a broker answers in time and counts itself as part of the cluster.
    public func answers(withinMs timeout: Int32) -> Bool {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        guard rd_kafka_metadata(client.handle, 1, nil, &metadata, timeout) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return false
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        return (metadata?.pointee.broker_cnt ?? 0) > 0
    }

    /// How many partitions a topic has; 0 if there is no such topic.
    public func partitions(of topic: String) throws -> Int32 {
        let handle = rd_kafka_topic_new(client.handle, topic, nil)
        defer { rd_kafka_topic_destroy(handle) }
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(client.handle, 0, handle, &metadata, 10_000)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw TestFailure("partitions of \(topic): \(KafkaClient.name(error))")
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        return metadata.pointee.topic_cnt == 1 ? metadata.pointee.topics[0].partition_cnt : 0
    }

    /// Creates a topic and waits until it can be written to.
    public func createTopic(_ name: String, partitions: Int32, settings: [String: String] = [:]) throws {
        let topic = rd_kafka_NewTopic_new(name, partitions, 1, nil, 0)
        defer { rd_kafka_NewTopic_destroy(topic) }
        for (key, value) in settings { rd_kafka_NewTopic_set_config(topic, key, value) }
        var topics = [topic]
        let answer: Void? = try client.answer(
            withinMs: 30_000, to: { rd_kafka_CreateTopics(client.handle, &topics, 1, nil, $0) }
        ) { try Self.checkCreation(of: name, $0) }
        guard answer != nil else { throw TestFailure("no answer for topic \(name)") }
        let deadline = Deadline(after: .seconds(30))
        while try self.partitions(of: name) < partitions {
            if deadline.isOver { throw TestFailure("topic \(name) was created, but has no leaders") }
        }
    }

    private static func checkCreation(of name: String, _ event: OpaquePointer) throws {
        var count = 0
        guard rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        else { throw TestFailure("topic \(name): " + String(cString: rd_kafka_event_error_string(event))) }
        for result in UnsafeBufferPointer(start: results, count: count) {
            let error = rd_kafka_topic_result_error(result)
            guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw TestFailure("topic \(name): \(KafkaClient.name(error))")
            }
        }
    }

    /// Asks the broker to delete topics, which it does in its own time.
    public func deleteTopics(_ names: [String]) throws {
        var topics = names.map { rd_kafka_DeleteTopic_new($0) }
        defer { rd_kafka_DeleteTopic_destroy_array(&topics, topics.count) }
        let answer: Void? = client.answer(
            withinMs: 10_000, to: { rd_kafka_DeleteTopics(client.handle, &topics, topics.count, nil, $0) }
        ) { _ in }
        guard answer != nil else { throw TestFailure("no answer for topics \(names)") }
    }

    /// Deletes each partition's records before an offset.
    public func deleteRecords(of topic: String, partitions: Int32, before offset: Int64) throws {
        let list = rd_kafka_topic_partition_list_new(partitions)
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in 0..<partitions {
            rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = offset
        }
        let deletion = rd_kafka_DeleteRecords_new(list)
        defer { rd_kafka_DeleteRecords_destroy(deletion) }
        var deletions = [deletion]
        let answer: rd_kafka_resp_err_t? = client.answer(
            withinMs: 30_000, to: { rd_kafka_DeleteRecords(client.handle, &deletions, 1, nil, $0) }
        ) { rd_kafka_event_error($0) }
        guard answer == RD_KAFKA_RESP_ERR_NO_ERROR else { throw TestFailure("deletion of records of \(topic)") }
    }

    /// Gives a topic more partitions, and waits until they are there.
    public func addPartitions(_ name: String, count: Int32) throws {
        let growth = rd_kafka_NewPartitions_new(name, Int(count), nil, 0)
        defer { rd_kafka_NewPartitions_destroy(growth) }
        var growths = [growth]
        let answer: Void? = client.answer(
            withinMs: 30_000, to: { rd_kafka_CreatePartitions(client.handle, &growths, 1, nil, $0) }
        ) { _ in }
        guard answer != nil else { throw TestFailure("no answer for topic \(name)") }
        let deadline = Deadline(after: .seconds(30))
        while try partitions(of: name) < count {
            if deadline.isOver { throw TestFailure("topic \(name) did not grow to \(count) partitions") }
        }
    }
}
