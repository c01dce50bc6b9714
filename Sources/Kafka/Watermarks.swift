internal import CRdKafka

/// The two ends of a partition's log.
public struct Watermarks: Sendable, Equatable {
    /// The offset of the first record that is kept.
    public let low: Int64
    /// The offset behind the last record, committed or not.
    public let high: Int64
}

/// Asks for the ends of partitions, whatever transactions are open. Used on one thread.
public struct WatermarkReader: ~Copyable {
    private let client: Client

    /// A reader of these topics; a topic is named by its index.
    public init(_ properties: ClientProperties, topics: [String], log: @escaping KafkaLog) throws(KafkaFailure) {
        client = try Client(
            RD_KAFKA_CONSUMER, ReaderProperties.make(properties, isolation: "read_uncommitted"), topics: topics,
            log: log)
    }

    /// The ends of one partition. A question that was sent is answered or fails by `socket.timeout.ms`.
    public func read(topic: Int, partition: Int32, timeoutMs: Int32) throws(KafkaFailure) -> Watermarks {
        var low: Int64 = 0
        var high: Int64 = 0
        client.serve(waitingMs: 0)
        try client.retrying(for: timeoutMs) { (remainingMs) throws(KafkaFailure) in
            try check(
                rd_kafka_query_watermark_offsets(
                    client.handle, client.topicNames[topic], partition, &low, &high, remainingMs),
                "read ends of \(client.topicNames[topic])")
        }
        return Watermarks(low: low, high: high)
    }
}

/// The properties of consumers that belong to no group.
enum ReaderProperties {
    static func make(_ user: ClientProperties, isolation: String) -> ClientProperties {
        let defaults: ClientProperties = [
            "socket.timeout.ms": "10000",
            "socket.nagle.disable": "true",
            "fetch.message.max.bytes": "4194304",
            // A reader stops at the end: the broker need not wait for more.
            "fetch.wait.max.ms": "10",
            "queued.min.messages": "10000000",
            "queued.max.messages.kbytes": "65536",
        ]
        var properties = defaults.overlaid(with: user).overlaid(with: [
            "isolation.level": isolation, "enable.partition.eof": "true", "auto.offset.reset": "error",
        ])
        properties["group.id"] = nil
        properties["group.instance.id"] = nil
        return properties
    }
}
