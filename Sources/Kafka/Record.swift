internal import CRdKafka
internal import Glibc

/// One consumed record: a view that is valid until its batch drops it.
public struct Record {
    /// The topic's index in the list that the session or reader was given.
    public let topic: Int
    /// The partition.
    public let partition: Int32
    /// The offset.
    public let offset: Int64
    /// The record's timestamp in milliseconds of Unix time; -1 where it has none.
    public let timestampMs: Int64
    /// The key; nil where the record has none.
    public let key: UnsafeRawBufferPointer?
    /// The value; nil for a tombstone.
    public let value: UnsafeRawBufferPointer?
    private let message: UnsafeMutablePointer<rd_kafka_message_t>

    init(_ message: UnsafeMutablePointer<rd_kafka_message_t>, topic: Int) {
        let fields = message.pointee
        self.message = message
        self.topic = topic
        partition = fields.partition
        offset = fields.offset
        var kind = rd_kafka_timestamp_type_t(0)
        timestampMs = rd_kafka_message_timestamp(message, &kind)
        key = fields.key.map { UnsafeRawBufferPointer(start: $0, count: fields.key_len) }
        value = fields.payload.map { UnsafeRawBufferPointer(start: $0, count: fields.len) }
    }

    /// Whether the record has headers.
    public var hasHeaders: Bool { headers != nil }

    /// Visits the headers in their order, names as UTF-8; a value may be nil. Unreadable headers are none.
    public func forEachHeader(_ visit: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        guard let headers else { return }
        var index = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(headers, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            if let name {
                let length = strlen(name)
                visit(
                    UnsafeRawBufferPointer(start: name, count: length),
                    value.map { UnsafeRawBufferPointer(start: $0, count: size) })
            }
            index += 1
        }
    }

    private var headers: OpaquePointer? {
        var headers: OpaquePointer?
        let code = rd_kafka_message_headers(message, &headers)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? headers : nil
    }
}
