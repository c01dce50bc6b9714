internal import CRdKafka

/// Sends records outside of any transaction: for tools, never for what the worker decides. A record that was sent again
/// after a lost answer stands only once (idempotence). Used on one thread.
public struct Producer: ~Copyable {
    private let client: Client

    /// A producer for these topics; an outbox names a topic by its index. No broker is asked yet.
    public init(_ properties: ClientProperties, topics: [String], log: @escaping KafkaLog) throws(KafkaFailure) {
        let defaults: ClientProperties = ["compression.codec": "lz4", "linger.ms": "5", "socket.nagle.disable": "true"]
        let properties = defaults.overlaid(with: properties).overlaid(with: [
            "enable.idempotence": "true", "acks": "all",
        ])
        client = try Client(RD_KAFKA_PRODUCER, properties, topics: topics, log: log, notesDeliveries: true)
    }

    /// Sends the outbox and waits until the brokers have all of it. After a failure a part of it may be there.
    public func send(_ outbox: borrowing Outbox, timeoutMs: Int32) throws(KafkaFailure) {
        client.events.forgetDeliveries()
        if let code = client.enqueue(outbox) { throw client.failure(code, call: "produce") }
        let flushed = rd_kafka_flush(client.handle, timeoutMs)
        guard flushed == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw client.explained(client.failure(flushed, call: "produce"))
        }
        client.takeBackMemory()
        if let code = client.events.failedDelivery { throw client.failure(rd_kafka_resp_err_t(code), call: "produce") }
    }
}
