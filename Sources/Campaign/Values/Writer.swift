/// A growing buffer of bytes that is reused: `removeAll` keeps its memory.
public struct Writer: ~Copyable {
    @usableFromInline var start: UnsafeMutableRawPointer
    @usableFromInline var capacity: Int
    /// How many bytes are written.
    public private(set) var count = 0

    /// An empty buffer with room for `capacity` bytes before it grows.
    public init(capacity: Int = 256) {
        self.capacity = max(16, capacity)
        start = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { start.deallocate() }

    /// What is written so far; valid until the next write.
    public var bytes: Bytes { Bytes(start: start, count: count) }

    /// What is written from `position` on; valid until the next write.
    public func bytes(from position: Int) -> Bytes { bytes.slice(position, count) }

    /// Forgets what is written and keeps the memory.
    public mutating func removeAll() { count = 0 }

    /// Forgets what is written from `position` on.
    public mutating func truncate(to position: Int) { count = min(count, max(0, position)) }

    /// Makes room for `more` bytes and returns where they begin.
    @inline(__always)
    mutating func extend(by more: Int) -> UnsafeMutableRawPointer {
        if more > capacity &- count { grow(to: count + more) }
        let position = start + count
        count &+= more
        return position
    }

    @inline(never)
    private mutating func grow(to least: Int) {
        let larger = max(capacity * 2, least)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = moved
        capacity = larger
    }

    /// Writes a literal.
    @inline(__always)
    public mutating func put(_ literal: StaticString) {
        extend(by: literal.utf8CodeUnitCount).copyMemory(
            from: literal.utf8Start, byteCount: literal.utf8CodeUnitCount)
    }

    /// Writes bytes as they are.
    @inline(__always)
    public mutating func put(_ bytes: Bytes) {
        guard let source = bytes.start, bytes.count > 0 else { return }
        extend(by: bytes.count).copyMemory(from: source, byteCount: bytes.count)
    }

    /// Writes a text's UTF-8. It has a label, lest literals are taken for texts, which are slower.
    public mutating func put(text: String) {
        var text = text
        text.withUTF8 { put(Bytes(UnsafeRawBufferPointer($0))) }
    }

    /// Writes one byte.
    @inline(__always)
    public mutating func put(byte: UInt8) {
        extend(by: 1).storeBytes(of: byte, as: UInt8.self)
    }

    /// Writes a decimal number.
    public mutating func putDecimal(_ value: Int64) {
        if value < 0 { put(byte: 0x2D) }
        putDigits(value.magnitude)
    }

    /// Writes a decimal number.
    public mutating func putDigits(_ value: UInt64) {
        var length = 1
        var bound: UInt64 = 10
        while length < 20, value >= bound {
            length &+= 1
            bound = length < 20 ? bound * 10 : .max
        }
        putDigits(value, count: length)
    }

    /// Writes the last `count` decimal digits.
    @inline(__always)
    mutating func putDigits(_ value: UInt64, count: Int) {
        let position = extend(by: count)
        var rest = value
        var index = count
        // Two at a time: divisions are dear.
        while index >= 2 {
            index &-= 2
            let pair = UInt16(truncatingIfNeeded: rest % 100)
            rest /= 100
            let tens = (pair &* 103) >> 10
            let digits = 0x3030 &+ tens &+ (pair &- tens &* 10) << 8
            position.storeBytes(of: digits.littleEndian, toByteOffset: index, as: UInt16.self)
        }
        if index == 1 {
            position.storeBytes(of: 0x30 &+ UInt8(truncatingIfNeeded: rest % 10), as: UInt8.self)
        }
    }

    /// Writes an 8-byte little-endian integer.
    public mutating func putFixed(_ value: Int64) {
        extend(by: 8).storeBytes(of: value.littleEndian, as: Int64.self)
    }

    /// Writes an instant in 8 bytes: as few as a varint takes in our century, and quicker.
    @inline(__always)
    mutating func put(_ time: Timestamp) { putFixed(time.microseconds) }

    /// Writes an integer in as few bytes as it needs: 7 bits a byte, zig-zag, so small negatives are short too.
    public mutating func putVarint(_ value: Int64) {
        let longest = 10
        let position = extend(by: longest)
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        var length = 0
        while rest >= 0x80 {
            position.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: length, as: UInt8.self)
            length &+= 1
            rest >>= 7
        }
        position.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: length, as: UInt8.self)
        count -= longest - (length + 1)
    }

    /// Writes the count and then the bytes.
    public mutating func putCounted(_ bytes: Bytes) {
        putVarint(Int64(bytes.count))
        put(bytes)
    }
}
