internal import CRdKafka

/// A place in a partition of one of the topics that a session or reader was given.
public struct TopicOffset: Sendable, Hashable {
    /// The index of the topic.
    public var topic: Int
    /// The partition.
    public var partition: Int32
    /// The offset of the next record, or `beginning`.
    public var offset: Int64

    /// Where the log begins, whatever its first offset is.
    public static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)

    /// A place in a partition.
    public init(topic: Int, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }
}

/// Owns a list of librdkafka's partitions.
struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ places: [TopicOffset], of names: [String]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(places.count))
        for place in places {
            let element = rd_kafka_topic_partition_list_add(pointer, names[place.topic], place.partition)
            element?.pointee.offset = place.offset
        }
    }

    init(subscribingTo name: String) {
        pointer = rd_kafka_topic_partition_list_new(1)
        rd_kafka_topic_partition_list_add(pointer, name, RD_KAFKA_PARTITION_UA)
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    var elements: UnsafeBufferPointer<rd_kafka_topic_partition_t> {
        UnsafeBufferPointer(start: pointer.pointee.elems, count: Int(pointer.pointee.cnt))
    }

    /// The first element's error, where a call failed for some.
    var firstError: rd_kafka_resp_err_t? {
        elements.first { $0.err != RD_KAFKA_RESP_ERR_NO_ERROR }?.err
    }
}
