/// A subscriber's number: 11 digits, `1[3-9]` first (contract, section 2). Its description is masked.
public struct PhoneNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number as an integer, 13000000000 to 19999999999.
    public let value: UInt64

    /// Nil when `value` is no subscriber's number.
    public init?(value: UInt64) {
        guard (13_000_000_000...19_999_999_999).contains(value) else { return nil }
        self.value = value
    }

    /// Reads a number as people write it: `+86`, `0086`, `86`, spaces, hyphens and full-width digits are taken and dropped.
    public init?(_ text: Bytes) {
        let text = text.buffer
        var digits: UInt64 = 0
        var count = 0
        var plus = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0x30...0x39:
                count += 1
                guard count <= 15 else { return nil }
                digits = digits &* 10 &+ UInt64(byte - 0x30)
            case 0x20, 0x2D:
                break
            case 0x2B where count == 0 && !plus:
                plus = true
            case 0xEF:
                // U+FF10 to U+FF19, the full-width digits, are EF BC 90 to EF BC 99.
                guard index + 2 < text.count, text[index + 1] == 0xBC, (0x90...0x99).contains(text[index + 2])
                else { return nil }
                count += 1
                guard count <= 15 else { return nil }
                digits = digits &* 10 &+ UInt64(text[index + 2] - 0x90)
                index += 2
            default:
                return nil
            }
            index += 1
        }
        switch (count, plus) {
        case (11, false): self.init(value: digits)
        case (13, _) where digits / 100_000_000_000 == 86: self.init(value: digits % 100_000_000_000)
        case (15, false) where digits / 100_000_000_000 == 86: self.init(value: digits % 100_000_000_000)
        default: return nil
        }
    }

    /// The first 7 digits, which tell the operator and the city that the number was issued in.
    public var segment: UInt32 { UInt32(value / 10_000) }

    /// The partition of this number among `count`: murmur2 as Java's default partitioner has it, so billing's is ours.
    public func partition(of count: Int32) -> Int32 {
        withUnsafeBytes(of: digits) {
            Int32(murmur2(UnsafeRawBufferPointer(rebasing: $0[..<Self.length])) & 0x7fff_ffff) % count
        }
    }

    fileprivate static let length = 11

    /// The 11 digits as text, and five zeros behind them.
    fileprivate var digits: (UInt64, UInt64) {
        (ascii(eightDigits(value / 1000)).littleEndian, ascii(eightDigits(value % 1000 * 100_000)).littleEndian)
    }

    /// Masked: `138****5678`.
    public var description: String {
        let tail = String(value % 10_000)
        return "\(value / 100_000_000)****" + String(repeating: "0", count: 4 - tail.count) + tail
    }

    /// By value.
    public static func < (left: PhoneNumber, right: PhoneNumber) -> Bool { left.value < right.value }
}

extension Writer {
    /// Writes the 11 digits.
    mutating func put(_ number: PhoneNumber) {
        let digits = number.digits
        let size = MemoryLayout.size(ofValue: digits)
        extend(by: size).storeBytes(of: digits, as: (UInt64, UInt64).self)
        truncate(to: count - size + PhoneNumber.length)
    }
}

/// Austin Appleby's murmur2 with the seed of Kafka's Java client (public domain algorithm).
func murmur2(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let multiplier: UInt32 = 0x5bd1_e995
    var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
    let words = bytes.count / 4
    for word in 0..<words {
        var mixed = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
        mixed &*= multiplier
        mixed ^= mixed >> 24
        hash = (hash &* multiplier) ^ (mixed &* multiplier)
    }
    let tail = words * 4
    let left = bytes.count - tail
    if left > 0 {
        for index in 0..<left { hash ^= UInt32(bytes[tail + index]) << (8 * UInt32(index)) }
        hash &*= multiplier
    }
    hash ^= hash >> 13
    hash &*= multiplier
    return hash ^ (hash >> 15)
}
