internal import CRdKafka

/// Questions and orders to the cluster about topics. Every call is bounded by its timeout. Used on one thread.
public struct Admin: ~Copyable {
    /// A topic to create.
    public struct NewTopic: Sendable {
        /// Its name.
        public let name: String
        /// How many partitions.
        public let partitions: Int32
        /// Copies of each partition; -1 takes the broker's default.
        public let replicationFactor: Int32
        /// Its settings, such as `cleanup.policy`.
        public let settings: [(name: String, value: String)]

        /// A topic to create.
        public init(
            name: String, partitions: Int32, replicationFactor: Int32 = -1, settings: [(name: String, value: String)]
        ) {
            self.name = name
            self.partitions = partitions
            self.replicationFactor = replicationFactor
            self.settings = settings
        }
    }

    /// What creating a topic came to.
    public enum Creation: Sendable, Equatable {
        /// It is new.
        case created
        /// A topic of that name was there; nothing was changed.
        case existed
        /// It was refused.
        case failed(KafkaFailure)
    }

    private let client: Client

    /// Asks no broker yet.
    public init(_ properties: ClientProperties, log: @escaping KafkaLog) throws(KafkaFailure) {
        client = try Client(
            RD_KAFKA_CONSUMER, ReaderProperties.make(properties, isolation: "read_uncommitted"), topics: [], log: log)
    }

    /// How a topic lies on the brokers.
    public struct Layout: Sendable, Equatable {
        /// How many partitions.
        public let partitions: Int32
        /// Copies of each partition; of the one with the fewest.
        public let replicas: Int32
    }

    /// The topic's number of partitions; nil where there is no such topic.
    public func partitions(of topic: String, timeoutMs: Int32) throws(KafkaFailure) -> Int32? {
        try layout(of: topic, timeoutMs: timeoutMs)?.partitions
    }

    /// The topic's layout; nil where there is no such topic.
    public func layout(of topic: String, timeoutMs: Int32) throws(KafkaFailure) -> Layout? {
        guard let handle = rd_kafka_topic_new(client.handle, topic, nil) else {
            throw KafkaFailure(rd_kafka_last_error(), call: "describe \(topic)")
        }
        defer { rd_kafka_topic_destroy(handle) }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(client.handle, 0, handle, &answer, timeoutMs)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw client.explained(KafkaFailure(code, call: "describe \(topic)"))
        }
        defer { rd_kafka_metadata_destroy(answer) }
        guard let metadata = answer?.pointee, metadata.topic_cnt == 1 else { return nil }
        let described = metadata.topics[0]
        if described.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART { return nil }
        try check(described.err, "describe \(topic)")
        let partitions = UnsafeBufferPointer(start: described.partitions, count: Int(described.partition_cnt))
        return Layout(partitions: described.partition_cnt, replicas: partitions.map(\.replica_cnt).min() ?? 0)
    }

    /// The high watermarks of the first `partitions` partitions of each topic, in this order, with one question.
    public func ends(of topics: [String], partitions: Int32, timeoutMs: Int32) throws(KafkaFailure) -> [TopicOffset] {
        let places = topics.indices.flatMap { topic in
            (0..<partitions).map { TopicOffset(topic: topic, partition: $0, offset: Int64(RD_KAFKA_OFFSET_END)) }
        }
        let list = PartitionList(places, of: topics)
        let code = rd_kafka_offsets_for_times(client.handle, list.pointer, timeoutMs)
        if let error = list.firstError { try check(error, "read ends") }
        try check(code, "read ends")
        // What got no answer still holds the question.
        if list.elements.contains(where: { $0.offset < 0 }) { try check(RD_KAFKA_RESP_ERR__TIMED_OUT, "read ends") }
        return zip(places, list.elements).map { place, element in
            TopicOffset(topic: place.topic, partition: place.partition, offset: element.offset)
        }
    }

    /// Creates topics; the answers stand in the same order.
    public func create(_ topics: [NewTopic], timeoutMs: Int32) throws(KafkaFailure) -> [Creation] {
        guard !topics.isEmpty else { return [] }
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        for topic in topics { requests.append(try request(topic)) }
        let event = try perform("create topics", RD_KAFKA_ADMIN_OP_CREATETOPICS, timeoutMs) { options, queue in
            rd_kafka_CreateTopics(client.handle, &requests, requests.count, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        var creations: [String: Creation] = [:]
        for index in 0..<count {
            guard let result = results?[index], let name = rd_kafka_topic_result_name(result) else { continue }
            creations[String(cString: name)] = creation(result)
        }
        let missing = Creation.failed(KafkaFailure(RD_KAFKA_RESP_ERR__BAD_MSG, "no answer", call: "create topics"))
        return topics.map { creations[$0.name] ?? missing }
    }

    /// The topic's settings, defaults included.
    public func settings(of topic: String, timeoutMs: Int32) throws(KafkaFailure) -> [String: String] {
        let call = "read settings of \(topic)"
        var resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let event = try perform(call, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeoutMs) { options, queue in
            rd_kafka_DescribeConfigs(client.handle, &resource, 1, options, queue)
        }
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        let results = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count)
        guard count == 1, let described = results?[0] else {
            throw KafkaFailure(RD_KAFKA_RESP_ERR__BAD_MSG, "no answer", call: call)
        }
        let code = rd_kafka_ConfigResource_error(described)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaFailure(
                code, rd_kafka_ConfigResource_error_string(described).map { String(cString: $0) }, call: call)
        }
        return entries(of: described)
    }

    private func entries(of resource: OpaquePointer) -> [String: String] {
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        var settings: [String: String] = [:]
        for index in 0..<count {
            guard let entry = entries?[index], let name = rd_kafka_ConfigEntry_name(entry),
                let value = rd_kafka_ConfigEntry_value(entry)
            else { continue }
            settings[String(cString: name)] = String(cString: value)
        }
        return settings
    }

    private func request(_ topic: NewTopic) throws(KafkaFailure) -> OpaquePointer {
        let (created, text) = withErrorText { text, size in
            rd_kafka_NewTopic_new(topic.name, topic.partitions, topic.replicationFactor, text, size)
        }
        guard let request = created else {
            throw KafkaFailure(RD_KAFKA_RESP_ERR__INVALID_ARG, text, call: "create \(topic.name)")
        }
        for setting in topic.settings { rd_kafka_NewTopic_set_config(request, setting.name, setting.value) }
        return request
    }

    private func creation(_ result: OpaquePointer) -> Creation {
        let code = rd_kafka_topic_result_error(result)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return .created }
        if code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS { return .existed }
        let text = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
        return .failed(KafkaFailure(code, text, call: "create topics"))
    }

    /// Sends one request and waits for its event, which the caller destroys.
    private func perform(
        _ call: String, _ operation: rd_kafka_admin_op_t, _ timeoutMs: Int32,
        _ send: (_ options: OpaquePointer?, _ queue: OpaquePointer) -> Void
    ) throws(KafkaFailure) -> OpaquePointer {
        let options = rd_kafka_AdminOptions_new(client.handle, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        rd_kafka_AdminOptions_set_request_timeout(options, timeoutMs, nil, 0)
        let queue = ConsumerQueue(newFor: client)
        send(options, queue.pointer)
        guard let event = rd_kafka_queue_poll(queue.pointer, timeoutMs + 1_000) else {
            throw client.explained(KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT, call: call))
        }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
            rd_kafka_event_destroy(event)
            throw client.explained(KafkaFailure(code, text, call: call))
        }
        return event
    }
}
