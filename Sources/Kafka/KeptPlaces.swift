internal import CRdKafka

/// Where a group has read a topic to, as the brokers keep it. For readers who choose their partitions themselves and
/// join no group: two with one group's name would both read all. Used on one thread.
public struct KeptPlaces: ~Copyable {
    private let client: Client

    /// The places of a group. No broker is asked yet.
    public init(
        _ properties: ClientProperties, group: String, topic: String, log: @escaping KafkaLog
    ) throws(KafkaFailure) {
        let properties = ReaderProperties.make(properties, isolation: "read_committed").overlaid(with: [
            "group.id": group, "enable.auto.commit": "false",
        ])
        client = try Client(RD_KAFKA_CONSUMER, properties, topics: [topic], log: log)
    }

    /// The places of the first `partitions` partitions; the beginning where none is kept.
    public func read(partitions: Int32, timeoutMs: Int32) throws(KafkaFailure) -> [TopicOffset] {
        let wanted = (0..<partitions).map {
            TopicOffset(topic: 0, partition: $0, offset: Int64(RD_KAFKA_OFFSET_INVALID))
        }
        let list = PartitionList(wanted, of: client.topicNames)
        try client.retrying(for: timeoutMs) { (remainingMs) throws(KafkaFailure) in
            try check(rd_kafka_committed(client.handle, list.pointer, remainingMs), "read the group's place")
            if let error = list.firstError { try check(error, "read the group's place") }
        }
        return zip(wanted, list.elements).map { place, element in
            TopicOffset(
                topic: 0, partition: place.partition,
                offset: element.offset >= 0 ? element.offset : TopicOffset.beginning)
        }
    }

    /// Keeps places, and waits until the brokers have them.
    public func keep(_ places: [TopicOffset]) throws(KafkaFailure) {
        guard !places.isEmpty else { return }
        let list = PartitionList(places, of: client.topicNames)
        try check(rd_kafka_commit(client.handle, list.pointer, 0), "keep the group's place")
    }
}
