internal import CRdKafka

/// Brokers inside this process, for the demo and for tests of errors. They keep no transactional offsets, show aborted
/// records and fence no zombies.
public final class MockCluster {
    private let client: Client
    private let cluster: OpaquePointer

    /// Starts brokers on loopback.
    public init(brokers: Int32 = 1, log: @escaping KafkaLog) throws(KafkaFailure) {
        client = try Client(RD_KAFKA_PRODUCER, [:], topics: [], log: log)
        guard let cluster = rd_kafka_mock_cluster_new(client.handle, brokers) else {
            throw KafkaFailure(RD_KAFKA_RESP_ERR__FAIL, call: "start mock brokers")
        }
        self.cluster = cluster
    }

    deinit { rd_kafka_mock_cluster_destroy(cluster) }

    /// What clients need to connect.
    public var bootstrapServers: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

    /// Creates a topic.
    public func createTopic(_ name: String, partitions: Int32) throws(KafkaFailure) {
        try check(rd_kafka_mock_topic_create(cluster, name, partitions, 1), "create \(name)")
    }

    /// Makes the next requests with this ApiKey fail with these codes, in order.
    public func failNext(apiKey: Int16, with codes: [Int32]) {
        var errors = codes.map { rd_kafka_resp_err_t($0) }
        rd_kafka_mock_push_request_errors_array(cluster, apiKey, errors.count, &errors)
    }
}
