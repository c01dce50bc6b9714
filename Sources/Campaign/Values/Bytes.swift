/// A run of bytes that somebody else owns: a message, the parser's strings, a subscriber's record.
///
/// It is a view: valid while its owner keeps the bytes, which is at least until the event at hand is applied and encoded.
public struct Bytes: Equatable {
    /// Where the bytes stand; nil only when there are none.
    @usableFromInline let start: UnsafeRawPointer?
    /// How many there are.
    public let count: Int

    /// No bytes.
    public static var none: Bytes { Bytes(start: nil, count: 0) }

    @inlinable
    init(start: UnsafeRawPointer?, count: Int) {
        self.start = start
        self.count = count
    }

    /// The bytes of `buffer`.
    @inlinable
    public init(_ buffer: UnsafeRawBufferPointer) {
        self.init(start: buffer.baseAddress, count: buffer.count)
    }

    /// The bytes of a literal, which live for ever.
    @inlinable
    public init(_ literal: StaticString) {
        self.init(start: UnsafeRawPointer(literal.utf8Start), count: literal.utf8CodeUnitCount)
    }

    /// True when there are no bytes.
    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// The same bytes for standard-library calls.
    @inlinable
    public var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// The byte at `index`, which must be below `count`.
    @inlinable
    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "a byte beyond the end")
        return buffer[index]
    }

    /// The part from `lower` up to `upper`; both are cut to what there is.
    public func slice(_ lower: Int, _ upper: Int) -> Bytes {
        let low = max(0, min(lower, count))
        let high = max(low, min(upper, count))
        return Bytes(UnsafeRawBufferPointer(rebasing: buffer[low..<high]))
    }

    /// The first `most` bytes; fewer where a character would be cut in two.
    func prefix(_ most: Int) -> Bytes {
        guard count > most else { return self }
        var end = most
        while end > 0, self[end] & 0xC0 == 0x80 { end -= 1 }
        return slice(0, end)
    }

    /// Equal when the bytes are equal, wherever they stand.
    @inlinable
    public static func == (left: Bytes, right: Bytes) -> Bool {
        guard left.count == right.count, left.count > 0 else { return left.count == right.count }
        // Eight at a time; the last eight may overlap.
        var index = 0
        while index + 8 <= left.count {
            guard left.word(at: index) == right.word(at: index) else { return false }
            index += 8
        }
        if left.count >= 8 { return left.word(at: left.count - 8) == right.word(at: left.count - 8) }
        while index < left.count {
            guard left.buffer[index] == right.buffer[index] else { return false }
            index += 1
        }
        return true
    }

    @inlinable
    func word(at index: Int) -> UInt64 { buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) }

    /// Equal to a text's UTF-8.
    public static func == (left: Bytes, right: String) -> Bool {
        left.count == right.utf8.count && left.buffer.elementsEqual(right.utf8)
    }

    /// The bytes as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: buffer, as: UTF8.self) }
}
