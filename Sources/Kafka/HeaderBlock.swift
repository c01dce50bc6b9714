internal import CRdKafka
internal import Synchronization

/// A list of headers that any number of produced records may carry. It is filled before the first record carries it, on
/// one thread.
///
/// librdkafka destroys a record's headers with the record, so each carries a copy. That is dear, and freed on another
/// thread: a record gives its copy back for the next.
public final class HeaderBlock {
    private let pointer: OpaquePointer
    /// The addresses of copies that no record carries.
    private let idle = Mutex<[UInt]>([])
    /// The bytes of all names and values.
    public private(set) var bytes = 0

    /// An empty list.
    public init() {
        pointer = rd_kafka_headers_new(8)
    }

    deinit {
        rd_kafka_headers_destroy(pointer)
        while let copy = takeIdle() { rd_kafka_headers_destroy(copy) }
    }

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

    /// The block that a message of an outbox names; nil where it has no headers. The outbox's arena keeps it.
    static func of(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> HeaderBlock? {
        message.pointee._private.map { Unmanaged<HeaderBlock>.fromOpaque($0).takeUnretainedValue() }
    }

    /// A copy for a record.
    func takeCopy() -> OpaquePointer? { takeIdle() ?? rd_kafka_headers_copy(pointer) }

    /// Takes a copy back from a record that is delivered or dropped; on any thread.
    func giveBack(_ copy: OpaquePointer) { idle.withLock { $0.append(UInt(bitPattern: copy)) } }

    /// How many copies no record carries.
    var idleCount: Int { idle.withLock { $0.count } }

    private func takeIdle() -> OpaquePointer? {
        idle.withLock { $0.popLast() }.flatMap { OpaquePointer(bitPattern: $0) }
    }
}
