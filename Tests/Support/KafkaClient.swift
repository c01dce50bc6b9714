internal import CRdKafka
internal import Glibc

/// Owns a librdkafka client of the test bed.
final class KafkaClient: Sendable {
    // librdkafka's clients may be used by any thread.
    nonisolated(unsafe) let handle: OpaquePointer

    init(_ kind: rd_kafka_type_t, _ properties: [String: String], onDelivery: DeliveryCount? = nil) throws {
        let configuration = rd_kafka_conf_new()
        var text = [CChar](repeating: 0, count: 512)
        func refused() -> TestFailure { TestFailure("test client: " + Self.string(text)) }
        for (name, value) in properties
        where rd_kafka_conf_set(configuration, name, value, &text, text.count) != RD_KAFKA_CONF_OK {
            rd_kafka_conf_destroy(configuration)
            throw refused()
        }
        if let onDelivery { onDelivery.install(in: configuration) }
        guard let client = rd_kafka_new(kind, configuration, &text, text.count) else {
            rd_kafka_conf_destroy(configuration)
            throw refused()
        }
        handle = client
    }

    deinit { rd_kafka_destroy(handle) }

    static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Asks until there is an answer: a broker that just came back refuses for a while.
    func untilAnswered(
        _ what: String, passing more: [rd_kafka_resp_err_t] = [], _ ask: () -> rd_kafka_resp_err_t
    ) throws {
        let deadline = Deadline(after: .seconds(60))
        let passing =
            more + [
                RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
                RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
                RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
                RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
                RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            ]
        while true {
            let error = ask()
            if error == RD_KAFKA_RESP_ERR_NO_ERROR { return }
            guard passing.contains(error), !deadline.isOver else { throw TestFailure("\(what): \(Self.name(error))") }
            // Not `rd_kafka_poll`: on a consumer that has records waiting it ends the process.
            usleep(50_000)
        }
    }

    /// Sends an order to the brokers and reads the answer; nil when none came in time.
    func answer<Answer>(
        withinMs timeout: Int32, to send: (_ queue: OpaquePointer?) -> Void, _ read: (OpaquePointer) throws -> Answer
    ) rethrows -> Answer? {
        let queue = rd_kafka_queue_new(handle)
        defer { rd_kafka_queue_destroy(queue) }
        send(queue)
        guard let event = rd_kafka_queue_poll(queue, timeout) else { return nil }
        defer { rd_kafka_event_destroy(event) }
        return try read(event)
    }

    static func name(_ error: rd_kafka_resp_err_t) -> String { String(cString: rd_kafka_err2name(error)) }
}
