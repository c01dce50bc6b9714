/// A record's headers in one run of bytes: for each the counted name and the counted value, a value's count being -1 for null.
public struct Headers: Equatable {
    /// The run; empty when there are no headers.
    public let bytes: Bytes

    /// No headers.
    public static var none: Headers { Headers(bytes: .none) }

    /// Headers that a `Writer` holds since `putHeader`.
    public init(bytes: Bytes) { self.bytes = bytes }

    /// Calls `body` with each name and value, in order. A value may be null.
    public func forEach(_ body: (Bytes, Bytes?) -> Void) {
        var reader = Reader(bytes)
        while !reader.isAtEnd, let name = try? reader.counted(), let value = try? reader.optional() {
            body(name, value.bytes)
        }
    }

    /// Calls `body` with those that a record has of its own: none of the names that we give letters and requests. Who
    /// publishes a letter's record again would say of another letter what is not so.
    func forEachOriginal(_ body: (Bytes, Bytes?) -> Void) {
        forEach { name, value in
            let isOurs = Self.ownPrefixes.contains { name.slice(0, $0.utf8CodeUnitCount) == Bytes($0) }
            if !isOurs { body(name, value) }
        }
    }

    private static let ownPrefixes: [StaticString] = [
        "recharge.letter.", "recharge.request.", "__dlq.errors.", "kafka_dlt-original-topic",
    ]

    /// The last value of that name, as Kafka's own clients look one up.
    func last(_ name: StaticString) -> Bytes? {
        guard !bytes.isEmpty else { return nil }
        let wanted = Bytes(name)
        var found: Bytes?
        forEach { name, value in if name == wanted { found = value } }
        return found
    }

    /// The last value of that name as text, empty when there is none.
    public func text(_ name: StaticString) -> String { last(name)?.text ?? "" }

    /// Bytes of names and values together.
    var size: Int {
        var size = 0
        forEach { name, value in size += name.count + (value?.count ?? 0) }
        return size
    }
}

extension Writer {
    /// Adds a header to the run of `Headers` that is being written.
    public mutating func putHeader(_ name: Bytes, _ value: Bytes?) {
        putCounted(name)
        putOptional(value)
    }

    /// Writes a count and the bytes, or -1 for nil.
    mutating func putOptional(_ bytes: Bytes?) {
        guard let bytes else { return putVarint(-1) }
        putCounted(bytes)
    }
}

extension Reader {
    /// Bytes that may be null.
    struct Optional {
        var bytes: Bytes?
    }

    mutating func optional() throws(Malformed) -> Optional {
        let count = try varint()
        if count == -1 { return Optional(bytes: nil) }
        guard count >= 0, count <= Int64(Int32.max) else { throw Malformed() }
        return Optional(bytes: try take(Int(count)))
    }
}
