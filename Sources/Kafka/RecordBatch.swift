internal import CRdKafka

/// Consumed records in the order they came. It owns their memory and reuses its own.
public struct RecordBatch: ~Copyable {
    private var messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    private var capacity: Int
    /// Keeps the client alive until its messages are destroyed.
    private var source: Client?
    /// The number of records.
    public private(set) var count = 0
    /// The bytes of the records' keys and values.
    public private(set) var bytes = 0

    /// An empty batch.
    public init() {
        capacity = 1_024
        messages = .allocate(capacity: capacity)
        messages.initialize(repeating: nil, count: capacity)
    }

    deinit {
        for index in 0..<count { rd_kafka_message_destroy(messages[index]) }
        messages.deallocate()
    }

    /// The record at an index; valid until the batch drops it.
    public subscript(index: Int) -> Record {
        precondition(index >= 0 && index < count, "no such record")
        guard let message = messages[index], let source else { preconditionFailure("a record has its message") }
        return Record(message, topic: source.index(of: message.pointee.rkt))
    }

    /// Drops all records of these partitions, whatever their topic.
    public mutating func removePartitions(_ partitions: [Int32]) {
        remove { partitions.contains($0.pointee.partition) }
    }

    /// Drops all records and keeps the storage.
    public mutating func release() {
        remove { _ in true }
        source = nil
    }

    /// Consumes at most `maximum` messages behind those already here. Returns the messages that are errors; the
    /// caller's closure sees each before it is destroyed.
    mutating func consume(
        from queue: OpaquePointer, of client: Client, maximum: Int, timeoutMs: Int32,
        onError: (UnsafeMutablePointer<rd_kafka_message_t>) -> Void
    ) throws(KafkaFailure) {
        precondition(source == nil || source === client, "a batch holds records of one client")
        source = client
        reserve(count + maximum)
        let received = rd_kafka_consume_batch_queue(queue, timeoutMs, messages + count, maximum)
        guard received >= 0 else { throw client.failure(rd_kafka_last_error(), call: "poll") }
        let first = count
        count += received
        for index in first..<count {
            guard let message = messages[index] else { continue }
            bytes += message.pointee.len + message.pointee.key_len
            if message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR { onError(message) }
        }
        remove(from: first) { $0.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR }
    }

    /// Drops the records from an index on that a test names.
    mutating func remove(
        from first: Int = 0, where isDropped: (UnsafeMutablePointer<rd_kafka_message_t>) -> Bool
    ) {
        var kept = first
        for index in first..<count {
            guard let message = messages[index] else { continue }
            if isDropped(message) {
                bytes -= message.pointee.len + message.pointee.key_len
                rd_kafka_message_destroy(message)
            } else {
                messages[kept] = message
                kept += 1
            }
        }
        count = kept
    }

    private mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>.allocate(capacity: larger)
        moved.initialize(repeating: nil, count: larger)
        moved.update(from: messages, count: count)
        messages.deallocate()
        messages = moved
        capacity = larger
    }
}
