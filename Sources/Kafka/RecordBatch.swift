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

    /// Adds at most `maximum` messages; returns when they are there, the time is over, or one was an error: that one is
    /// shown to the closure and dropped. It may be what the caller waits for, such as the end of a partition.
    ///
    /// One call per message, for librdkafka 2.0.2 loses records in `rd_kafka_consume_batch_queue`: when a rebalance
    /// pauses a partition in mid call, it drops what it had collected and resumes behind that.
    mutating func consume(
        from queue: OpaquePointer, of client: Client, maximum: Int, timeoutMs: Int32,
        onError: (UnsafeMutablePointer<rd_kafka_message_t>) -> Void
    ) {
        precondition(source == nil || source === client, "a batch holds records of one client")
        source = client
        reserve(count + maximum)
        let full = count + maximum
        let deadline = Deadline(afterMs: timeoutMs)
        while count < full {
            let next = rd_kafka_consume_queue(queue, 0) ?? rd_kafka_consume_queue(queue, deadline.remainingMs)
            guard let message = next else { return }
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
                messages[count] = message
                count += 1
                bytes += message.pointee.len + message.pointee.key_len
            } else {
                onError(message)
                rd_kafka_message_destroy(message)
                return
            }
        }
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
