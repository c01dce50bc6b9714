internal import CRdKafka

/// Reads committed records from given places on and on, without a group. Used on one thread.
public struct TopicFollower: ~Copyable {
    private let client: Client
    private let queue: ConsumerQueue

    /// Starts fetching. `places` may begin at `TopicOffset.beginning`.
    public init(
        _ properties: ClientProperties, topics: [String], from places: [TopicOffset], log: @escaping KafkaLog
    ) throws(KafkaFailure) {
        let client = try Client(
            RD_KAFKA_CONSUMER, ReaderProperties.make(properties, isolation: "read_committed"), topics: topics, log: log)
        let queue = ConsumerQueue(newFor: client)
        for place in places { try queue.startFetching(place) }
        self.client = client
        self.queue = queue
    }

    /// Adds at most `maximum` records to the batch: waits for the first and takes what is there with it.
    public mutating func read(into batch: inout RecordBatch, maximum: Int, timeoutMs: Int32) throws(KafkaFailure) {
        client.serve(waitingMs: 0)
        let first = batch.count
        try consume(into: &batch, maximum: 1, timeoutMs: timeoutMs)
        if batch.count > first, maximum > 1 { try consume(into: &batch, maximum: maximum - 1, timeoutMs: 0) }
    }

    private func consume(into batch: inout RecordBatch, maximum: Int, timeoutMs: Int32) throws(KafkaFailure) {
        var failure: KafkaFailure?
        batch.consume(from: queue.pointer, of: client, maximum: maximum, timeoutMs: timeoutMs) { message in
            let code = message.pointee.err
            guard code != RD_KAFKA_RESP_ERR__PARTITION_EOF else { return }
            let found = client.failure(
                code, rd_kafka_message_errstr(message).map { String(cString: $0) }, call: "read")
            if Reaction.passesByItself(code) {
                client.events.log(4, found.description)
            } else {
                failure = found
            }
        }
        if let failure { throw failure }
    }
}
