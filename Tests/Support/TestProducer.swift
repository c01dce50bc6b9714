internal import CRdKafka
import Synchronization

/// What the broker said to the records of a producer.
final class DeliveryCount: Sendable {
    let failures = Mutex<[String]>([])

    /// The count must live as long as the client.
    func install(in configuration: OpaquePointer?) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
            guard let message, let opaque, message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
            let count = Unmanaged<DeliveryCount>.fromOpaque(opaque).takeUnretainedValue()
            count.failures.withLock { $0.append(KafkaClient.name(message.pointee.err)) }
        }
    }
}

/// Writes records into topics, as billing and the campaign pages do: idempotent, `murmur2_random` by key.
public final class TestProducer: Sendable {
    private let deliveries = DeliveryCount()
    let client: KafkaClient

    /// A producer; further librdkafka properties win over the defaults.
    public init(bootstrapServers: String, properties: [String: String] = [:]) throws {
        let defaults = [
            "bootstrap.servers": bootstrapServers, "enable.idempotence": "true", "partitioner": "murmur2_random",
            "linger.ms": "5", "queue.buffering.max.messages": "500000", "message.max.bytes": "3145728",
            // With more, a record that is refused by a leader in the making can be taken for stored.
            "max.in.flight": "1",
            "log_level": "0",
        ]
        client = try KafkaClient(
            RD_KAFKA_PRODUCER, defaults.merging(properties) { _, given in given }, onDelivery: deliveries)
    }

    /// Queues one record; `flush` makes sure that it is stored.
    ///
    /// - Parameters:
    ///   - partition: nil lets the key decide.
    ///   - timestamp: milliseconds since 1970; nil is now. Topics with `LogAppendTime` ignore it.
    public func produce(
        topic: String, partition: Int32? = nil, key: [UInt8]?, value: [UInt8]?, headers: [TestHeader] = [],
        timestamp: Int64? = nil
    ) throws {
        while true {
            let error = send(topic, partition ?? RD_KAFKA_PARTITION_UA, key, value, headers, timestamp)
            switch error {
            case RD_KAFKA_RESP_ERR_NO_ERROR: return
            case RD_KAFKA_RESP_ERR__QUEUE_FULL: rd_kafka_poll(client.handle, 100)
            default: throw TestFailure("a record for \(topic) was refused: \(KafkaClient.name(error))")
            }
        }
    }

    /// The same with text.
    public func produce(
        topic: String, partition: Int32? = nil, key: String?, value: String?, headers: [TestHeader] = [],
        timestamp: Int64? = nil
    ) throws {
        try produce(
            topic: topic, partition: partition, key: key.map { Array($0.utf8) }, value: value.map { Array($0.utf8) },
            headers: headers, timestamp: timestamp)
    }

    /// Waits until the broker has stored all records.
    ///
    /// - Throws: `TestFailure` at the timeout, or when the broker refused one.
    public func flush(timeout: Duration = .seconds(60)) throws {
        let milliseconds = Deadline(after: timeout).milliseconds(atMost: .max)
        let error = rd_kafka_flush(client.handle, milliseconds)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else { throw TestFailure("flush: \(KafkaClient.name(error))") }
        let failures = deliveries.failures.withLock { $0 }
        if let first = failures.first { throw TestFailure("\(failures.count) records were not stored: \(first)") }
    }

    private func send(
        _ topic: String, _ partition: Int32, _ key: [UInt8]?, _ value: [UInt8]?, _ headers: [TestHeader],
        _ timestamp: Int64?
    ) -> rd_kafka_resp_err_t {
        topic.withCString { topicName in
            withBytes(key) { keyBytes in
                withBytes(value) { valueBytes in
                    let list = Self.list(headers)
                    var options = [
                        Self.option(RD_KAFKA_VTYPE_TOPIC) { $0.cstr = topicName },
                        Self.option(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = partition },
                        Self.option(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = RD_KAFKA_MSG_F_COPY },
                        Self.option(RD_KAFKA_VTYPE_KEY) { $0.mem = keyBytes },
                        Self.option(RD_KAFKA_VTYPE_VALUE) { $0.mem = valueBytes },
                        Self.option(RD_KAFKA_VTYPE_TIMESTAMP) { $0.i64 = timestamp ?? 0 },
                    ]
                    if let list { options.append(Self.option(RD_KAFKA_VTYPE_HEADERS) { $0.headers = list }) }
                    guard let failed = rd_kafka_produceva(client.handle, options, options.count) else {
                        return RD_KAFKA_RESP_ERR_NO_ERROR
                    }
                    // librdkafka owns the headers only once it has taken the record.
                    if let list { rd_kafka_headers_destroy(list) }
                    defer { rd_kafka_error_destroy(failed) }
                    return rd_kafka_error_code(failed)
                }
            }
        }
    }

    private static func option(
        _ type: rd_kafka_vtype_t, _ set: (inout rd_kafka_vu_t.__Unnamed_union_u) -> Void
    ) -> rd_kafka_vu_t {
        var option = rd_kafka_vu_t()
        option.vtype = type
        set(&option.u)
        return option
    }

    private static func list(_ headers: [TestHeader]) -> OpaquePointer? {
        guard !headers.isEmpty else { return nil }
        let list = rd_kafka_headers_new(headers.count)
        for header in headers {
            let size = header.value.map(\.count) ?? -1
            _ = rd_kafka_header_add(list, header.name, -1, header.value, size)
        }
        return list
    }
}

private typealias Memory = rd_kafka_vu_t.__Unnamed_union_u.__Unnamed_struct_mem

/// Empty bytes get an address too: librdkafka tells an empty value from none by it.
private func withBytes<Result>(_ bytes: [UInt8]?, _ body: (Memory) -> Result) -> Result {
    guard let bytes else { return body(Memory(ptr: nil, size: 0)) }
    return (bytes.isEmpty ? [0] : bytes).withUnsafeBytes {
        body(Memory(ptr: UnsafeMutableRawPointer(mutating: $0.baseAddress), size: bytes.count))
    }
}
