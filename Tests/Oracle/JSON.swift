/// A JSON value that still knows how its numbers were written, since `5000.0` is not an integer here.
public enum JSON: Hashable, Sendable {
    /// A member of an object.
    public struct Member: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: JSON
    }

    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as it is written.
    case number(String)
    /// A string, unescaped.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object, its members in order.
    case object([Member])

    /// The value of a text; nil if it is not UTF-8 or not exactly one JSON value.
    public init?(_ text: [UInt8]) {
        guard String(validating: text, as: UTF8.self) != nil else { return nil }
        let value: JSON? = text.withUnsafeBufferPointer { bytes in
            var parser = JSONParser(bytes: bytes)
            return try? parser.document()
        }
        guard let value else { return nil }
        self = value
    }

    /// A member of an object; `null` counts as absent.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        let value = members.first { $0.name == name }?.value
        return value == .null ? nil : value
    }

    /// The names of an object's members.
    public var names: Set<String> {
        guard case .object(let members) = self else { return [] }
        return Set(members.map(\.name))
    }

    /// The string, if it is one.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, if it is one and fits into 64 bits.
    public var integer: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }

    /// True for a number without fraction and exponent, of any size.
    var isInteger: Bool {
        if case .number(let text) = self { !text.utf8.contains { $0 == 46 || $0 | 32 == 101 } } else { false }
    }
}

private struct JSONParser {
    struct Malformed: Error {}

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    mutating func document() throws(Malformed) -> JSON {
        let result = try value()
        skipSpace()
        guard position == bytes.count else { throw Malformed() }
        return result
    }

    private mutating func value() throws(Malformed) -> JSON {
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object() throws(Malformed) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw Malformed() }
            let name = try string()
            skipSpace()
            guard take(":") else { throw Malformed() }
            members.append(JSON.Member(name: name, value: try value()))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw Malformed() }
        }
    }

    private mutating func array() throws(Malformed) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw Malformed() }
        }
    }

    private mutating func string() throws(Malformed) -> String {
        position += 1
        var text = ""
        var start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let last = slice(start)
                position += 1
                return text.isEmpty ? last : text + last
            } else if byte == UInt8(ascii: "\\") {
                text += slice(start)
                position += 1
                text.unicodeScalars.append(try escaped())
                start = position
            } else if byte < 32 {
                throw Malformed()
            } else {
                position += 1
            }
        }
        throw Malformed()
    }

    private mutating func escaped() throws(Malformed) -> Unicode.Scalar {
        let letter = peek()
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw Malformed()
        }
        var code = try fourHexDigits()
        if (0xD800..<0xDC00).contains(code) {
            guard take("\\"), take("u") else { throw Malformed() }
            let low = try fourHexDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw Malformed() }
            code = 0x1_0000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Malformed() }
        return scalar
    }

    private mutating func fourHexDigits() throws(Malformed) -> UInt32 {
        guard position + 4 <= bytes.count else { throw Malformed() }
        let digits = slice(position, position + 4)
        guard !digits.hasPrefix("+"), !digits.hasPrefix("-"), let code = UInt32(digits, radix: 16) else {
            throw Malformed()
        }
        position += 4
        return code
    }

    private mutating func number() throws(Malformed) -> JSON {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits()
        }
        return .number(slice(start))
    }

    private mutating func digits() throws(Malformed) {
        let start = position
        while let byte = peek(), byte >= 48, byte <= 57 { position += 1 }
        guard position > start else { throw Malformed() }
    }

    private mutating func word(_ word: StaticString, _ meaning: JSON) throws(Malformed) -> JSON {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, slice(position, end) == word.description else { throw Malformed() }
        position = end
        return meaning
    }

    private func slice(_ start: Int, _ end: Int? = nil) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<(end ?? position)]), as: UTF8.self)
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek(), UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
    }
}
