/// Subscribers' numbers and the partitions they belong to.
public enum SubscriberNumber {
    /// The 11 digits of a number as people and systems write it; nil if it is none.
    static func normalised(_ text: String) -> String? {
        var digits = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case " ", "-": continue
            case "\u{FF10}"..."\u{FF19}":
                digits.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFF10 + 48)))
            default: digits.unicodeScalars.append(scalar)
            }
        }
        for prefix in ["+86", "0086", "86"] where digits.hasPrefix(prefix) {
            digits.removeFirst(prefix.count)
            break
        }
        let bytes = Array(digits.utf8)
        guard bytes.count == 11, bytes[0] == 49, bytes[1] >= 51, bytes.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
            return nil
        }
        return digits
    }

    /// The partition of a key by Kafka's default partitioner of Java clients.
    public static func partition(of key: String, among partitions: Int32) -> Int32 {
        Int32(bitPattern: murmur2(Array(key.utf8)) & 0x7FFF_FFFF) % partitions
    }

    /// True if a text holds 11 digits in a row, no more, that are a subscriber's number.
    static func isIn(_ text: String) -> Bool {
        text.split { !$0.isASCII || !$0.isNumber }.contains { normalised(String($0)) != nil && $0.count == 11 }
    }

    private static func murmur2(_ data: [UInt8]) -> UInt32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash: UInt32 = 0x9747_B28C ^ UInt32(data.count)
        var rest = data[...]
        while rest.count >= 4 {
            var word = rest.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            word = word &* multiplier
            word ^= word >> 24
            hash = hash &* multiplier ^ (word &* multiplier)
            rest = rest.dropFirst(4)
        }
        if !rest.isEmpty {
            hash ^= rest.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        return hash ^ hash >> 15
    }
}
