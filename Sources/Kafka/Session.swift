internal import CRdKafka

/// A consumer of a group and its transactional producer as one thing. It performs and reports; all decisions are its
/// owner's. It is made, used and dropped on one thread.
///
/// The group subscribes to the lead topic; the same partitions of the following topics are assigned with it. A topic is
/// named by its index: consumed topics count the lead topic as 0 and the following ones from 1, output topics from 0.
public struct Session: ~Copyable {
    let consumer: Client
    let consumerQueue: ConsumerQueue
    private(set) var producer: Client
    let cursors = Cursors()
    private let producerProperties: ClientProperties

    /// Creates both clients and subscribes. The properties lie above the defaults, but cannot undo what exactly-once
    /// rests on. No broker is asked yet: only properties can fail here.
    public init(
        consumer consumerProperties: ClientProperties, producer producerProperties: ClientProperties,
        groupID: String, groupInstanceID: String?, transactionalID: String,
        leadTopic: String, followingTopics: [String], outputTopics: [String], log: @escaping KafkaLog
    ) throws(KafkaFailure) {
        let properties = SessionProperties.producer(producerProperties, transactionalID: transactionalID)
        let producer = try Client(RD_KAFKA_PRODUCER, properties, topics: outputTopics, log: log)
        let consumer = try Client(
            RD_KAFKA_CONSUMER,
            SessionProperties.consumer(consumerProperties, group: groupID, instance: groupInstanceID),
            topics: [leadTopic] + followingTopics, log: log, isGroupMember: true)
        try check(rd_kafka_poll_set_consumer(consumer.handle), "poll")
        let queue = try ConsumerQueue(of: consumer)
        let subscription = PartitionList(subscribingTo: leadTopic)
        try check(rd_kafka_subscribe(consumer.handle, subscription.pointer), "subscribe")
        self.consumer = consumer
        self.consumerQueue = queue
        self.producer = producer
        self.producerProperties = properties
    }

    /// Replaces the producer by a new one with the same transactional id; `initTransactions` comes next. What the old
    /// one had not committed is lost, and its late requests are fenced by the new one.
    public mutating func renewProducer() throws(KafkaFailure) {
        producer = try Client(
            RD_KAFKA_PRODUCER, producerProperties, topics: producer.topicNames, log: producer.events.log)
    }
}

/// Owns a reference to a consumer's queue, and keeps the consumer alive as long.
final class ConsumerQueue {
    let pointer: OpaquePointer
    private let client: Client

    init(of client: Client) throws(KafkaFailure) {
        guard let queue = rd_kafka_queue_get_consumer(client.handle) else {
            throw KafkaFailure(RD_KAFKA_RESP_ERR__UNKNOWN_GROUP, call: "open the consumer's queue")
        }
        self.pointer = queue
        self.client = client
    }

    /// A queue that partitions are sent to by `rd_kafka_consume_start_queue`.
    init(newFor client: Client) {
        self.pointer = rd_kafka_queue_new(client.handle)
        self.client = client
    }

    /// Starts fetching a partition into a queue made by `init(newFor:)`.
    func startFetching(_ place: TopicOffset) throws(KafkaFailure) {
        let topic = client.topics[place.topic]
        guard rd_kafka_consume_start_queue(topic, place.partition, place.offset, pointer) != 0 else { return }
        throw KafkaFailure(rd_kafka_last_error(), call: "read \(client.topicNames[place.topic])")
    }

    deinit { rd_kafka_queue_destroy(pointer) }
}
