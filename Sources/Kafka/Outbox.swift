internal import CRdKafka

/// What a transaction is to produce, grouped by topic and partition. Its storage is reused: appending allocates nothing
/// once it has grown to a batch's size.
public struct Outbox: ~Copyable {
    /// The records of one partition, in the order they were appended.
    struct Group {
        let topic: Int
        let partition: Int32
        fileprivate(set) var messages: UnsafeMutablePointer<rd_kafka_message_t>
        fileprivate(set) var count = 0
        /// Some records have timestamps of their own, in `offset`; the others have -1 there.
        fileprivate(set) var hasTimestamps = false
        fileprivate var capacity = 64
    }

    private(set) var groups: [Group] = []
    /// Per topic and partition the group's index, or -1.
    private var indexes: [[Int]] = []
    /// A producer that was given the records reads them here until they are delivered or dropped.
    private(set) var arena = Arena()
    /// Keeps the blocks of the records alive.
    private var blocks: [HeaderBlock] = []
    /// The number of records.
    public private(set) var count = 0
    /// The bytes of keys, values and headers.
    public private(set) var bytes = 0

    /// An empty outbox.
    public init() {}

    deinit {
        for group in groups { group.messages.deallocate() }
    }

    /// Copies a record into the outbox. `topic` is an index into the session's output topics; `partition` is the
    /// record's, never chosen by librdkafka; a nil value is a tombstone. Without a timestamp (milliseconds of Unix time)
    /// the record has the time at which it is produced.
    public mutating func append(
        topic: Int, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: HeaderBlock? = nil, timestampMs: Int64? = nil
    ) {
        var message = rd_kafka_message_t()
        message.offset = timestampMs ?? -1
        if let key {
            message.key = arena.copy(key)
            message.key_len = key.count
        }
        if let value {
            message.payload = arena.copy(value)
            message.len = value.count
        }
        if let headers {
            message._private = UnsafeMutableRawPointer(headers.pointer)
            if blocks.last !== headers { blocks.append(headers) }
        }
        let group = index(topic, Int(partition))
        groups[group].append(message)
        if timestampMs != nil { groups[group].hasTimestamps = true }
        count += 1
        bytes += message.key_len + message.len + (headers?.bytes ?? 0)
    }

    /// Drops all records and keeps the storage, but for what a producer may still send.
    public mutating func removeAll() {
        for index in groups.indices { groups[index].clear() }
        blocks.removeAll(keepingCapacity: true)
        if isKnownUniquelyReferenced(&arena) { arena.removeAll() } else { arena = Arena() }
        count = 0
        bytes = 0
    }

    private mutating func index(_ topic: Int, _ partition: Int) -> Int {
        if topic < indexes.count, partition < indexes[topic].count, indexes[topic][partition] >= 0 {
            return indexes[topic][partition]
        }
        return addGroup(topic, partition)
    }

    private mutating func addGroup(_ topic: Int, _ partition: Int) -> Int {
        precondition(topic >= 0 && partition >= 0, "a record goes to a partition of a topic")
        while indexes.count <= topic { indexes.append([]) }
        while indexes[topic].count <= partition { indexes[topic].append(-1) }
        indexes[topic][partition] = groups.count
        groups.append(Group(topic: topic, partition: Int32(partition), messages: .allocate(capacity: 64)))
        return groups.count - 1
    }
}

extension Outbox.Group {
    fileprivate mutating func clear() {
        count = 0
        hasTimestamps = false
    }

    fileprivate mutating func append(_ message: rd_kafka_message_t) {
        if count == capacity {
            let larger = UnsafeMutablePointer<rd_kafka_message_t>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: messages, count: count)
            messages.deallocate()
            messages = larger
            capacity *= 2
        }
        (messages + count).initialize(to: message)
        count += 1
    }
}
