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
        guard value >= 10 else { return put(byte: 0x30 &+ UInt8(truncatingIfNeeded: value)) }
        guard value < 100_000_000 else {
            putDigits(value / 100_000_000)
            return put(ascii(eightDigits(value % 100_000_000)), count: 8)
        }
        let digits = eightDigits(value)
        let zeros = min(digits.trailingZeroBitCount / 8, 7)
        put(ascii(digits) >> (8 * zeros), count: 8 - zeros)
    }

    /// Writes the lowest bytes of a word, the lowest first.
    @inline(__always)
    private mutating func put(_ word: UInt64, count length: Int) {
        extend(by: 8).storeBytes(of: word.littleEndian, as: UInt64.self)
        count &-= 8 &- length
    }

    /// Writes an 8-byte little-endian integer.
    public mutating func putFixed(_ value: Int64) {
        extend(by: 8).storeBytes(of: value.littleEndian, as: Int64.self)
    }

    /// Writes an instant in 8 bytes: as few as a varint takes in our century, and quicker.
    @inline(__always)
    mutating func put(_ time: Timestamp) { putFixed(time.microseconds) }

    /// Writes an integer in as few bytes as it needs: 7 bits a byte, zig-zag, so small negatives are short too.
    @inline(__always)
    public mutating func putVarint(_ value: Int64) {
        let zigzag = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        if zigzag < 0x80 { put(byte: UInt8(truncatingIfNeeded: zigzag)) } else { putLong(zigzag) }
    }

    @inline(never)
    private mutating func putLong(_ zigzag: UInt64) {
        let longest = 10
        let position = extend(by: longest)
        var rest = zigzag
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

/// The digits of a number below 10^8, a byte each, the first in the lowest: divided into halves, pairs and digits, all at
/// once, for divisions one by one are dear.
@inline(__always)
func eightDigits(_ value: UInt64) -> UInt64 {
    let halves = value / 10_000 | (value % 10_000) << 32
    // Times 10,486 and by 2^20 is by 100 up to 9,999; times 103 and by 2^10 is by 10 up to 99.
    let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007F_0000_007F
    let pairs = hundreds | (halves &- hundreds &* 100) << 16
    let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
    return tens | (pairs &- tens &* 10) << 8
}

/// Eight digits as text.
@inline(__always)
func ascii(_ digits: UInt64) -> UInt64 { digits | 0x3030_3030_3030_3030 }
