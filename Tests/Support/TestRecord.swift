/// A header of a record.
public struct TestHeader: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its value; Kafka knows an absent one.
    public var value: [UInt8]?

    /// A header whose value is text.
    public init(_ name: String, _ text: String) {
        self.init(name: name, value: Array(text.utf8))
    }

    /// A header with any value.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}

/// A record as it stands in a topic.
public struct TestRecord: Hashable, Sendable {
    /// Its topic.
    public var topic: String
    /// Its partition.
    public var partition: Int32
    /// Its offset.
    public var offset: Int64
    /// Milliseconds since 1970.
    public var timestamp: Int64
    /// Its key, if it has one.
    public var key: [UInt8]?
    /// Its value; nil is a tombstone.
    public var value: [UInt8]?
    /// Its headers in order.
    public var headers: [TestHeader]

    /// A record at its place.
    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64, key: [UInt8]?, value: [UInt8]?,
        headers: [TestHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// The key as text.
    public var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }

    /// The value as text.
    public var valueText: String? { value.map { String(decoding: $0, as: UTF8.self) } }

    /// The first value of a header, as text.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }
}
