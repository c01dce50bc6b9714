internal import CRdKafka

/// A list of headers that any number of produced records may carry. Used on one thread.
public final class HeaderBlock {
    let pointer: OpaquePointer
    /// The bytes of all names and values.
    public private(set) var bytes = 0

    /// An empty list.
    public init() {
        pointer = rd_kafka_headers_new(8)
    }

    deinit { rd_kafka_headers_destroy(pointer) }

    /// Adds a header behind the others; names may repeat.
    public func add(_ name: String, _ value: String) {
        rd_kafka_header_add(pointer, name, -1, value, value.utf8.count)
        bytes += name.utf8.count + value.utf8.count
    }

    /// Adds a header of a consumed record: name as UTF-8, value as it is.
    public func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        let start = name.baseAddress?.assumingMemoryBound(to: CChar.self)
        rd_kafka_header_add(pointer, start, name.count, value?.baseAddress, value?.count ?? 0)
        bytes += name.count + (value?.count ?? 0)
    }
}
