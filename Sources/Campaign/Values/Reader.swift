/// Takes apart what `Writer` wrote. Reading beyond the end, or nonsense, throws and never traps.
struct Reader {
    /// The bytes do not have the form that their version promises.
    struct Malformed: Error {}

    private let bytes: Bytes
    private(set) var position = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    @inline(__always)
    mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position &+= 1 }
        return bytes.buffer[position]
    }

    mutating func fixed() throws(Malformed) -> Int64 {
        guard position + 8 <= bytes.count else { throw Malformed() }
        defer { position += 8 }
        return Int64(littleEndian: bytes.buffer.loadUnaligned(fromByteOffset: position, as: Int64.self))
    }

    mutating func time() throws(Malformed) -> Timestamp { Timestamp(microseconds: try fixed()) }

    @inline(__always)
    mutating func varint() throws(Malformed) -> Int64 {
        let first = UInt64(try byte())
        let zigzag = first < 0x80 ? first : try longVarint(first)
        return Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
    }

    /// The rest of a varint of several bytes.
    @inline(never)
    private mutating func longVarint(_ first: UInt64) throws(Malformed) -> UInt64 {
        var raw = first & 0x7f
        var shift: UInt64 = 7
        while true {
            let byte = try byte()
            guard shift < 63 || (shift == 63 && byte <= 1) else { throw Malformed() }
            raw |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return raw }
            shift &+= 7
        }
    }

    /// A count of things that follow, each at least one byte long: so it is bounded by what is left.
    mutating func count() throws(Malformed) -> Int {
        let count = try varint()
        guard count >= 0, count <= Int64(bytes.count - position) else { throw Malformed() }
        return Int(count)
    }

    mutating func counted() throws(Malformed) -> Bytes {
        try take(count())
    }

    mutating func take(_ count: Int) throws(Malformed) -> Bytes {
        guard count >= 0, position + count <= bytes.count else { throw Malformed() }
        defer { position += count }
        return bytes.slice(position, position + count)
    }

    /// What was read since `start`.
    func bytes(from start: Int) -> Bytes { bytes.slice(start, position) }

    mutating func number() throws(Malformed) -> PhoneNumber {
        guard let number = PhoneNumber(value: UInt64(bitPattern: try varint())) else { throw Malformed() }
        return number
    }
}
