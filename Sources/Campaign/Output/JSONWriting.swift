/// A text as a JSON string, with its quotation marks.
public func jsonString(_ text: String) -> String {
    var writer = Writer()
    writer.put("\"")
    writer.putEscaped(text)
    writer.put("\"")
    return writer.bytes.text
}

extension Writer {
    /// Writes text into a JSON string: quotes, backslashes and control characters are escaped.
    mutating func putEscaped(_ text: Bytes) {
        guard text.mayNeedEscape else { return put(text) }
        for byte in text.buffer {
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { putEscape(of: byte) } else { put(byte: byte) }
        }
    }

    /// Writes a text into a JSON string.
    mutating func putEscaped(_ text: String) {
        var text = text
        text.withUTF8 { putEscaped(Bytes(UnsafeRawBufferPointer($0))) }
    }

    private mutating func putEscape(of byte: UInt8) {
        switch byte {
        case 0x22: put("\\\"")
        case 0x5C: put("\\\\")
        case 0x0A: put("\\n")
        case 0x0D: put("\\r")
        case 0x09: put("\\t")
        default:
            put("\\u00")
            for digit in [byte >> 4, byte & 15] { put(byte: digit < 10 ? 0x30 + digit : 0x57 + digit) }
        }
    }
}

extension Bytes {
    /// False when a JSON string can have these bytes as they are. Few texts need an escape, so eight bytes are looked at
    /// together: a byte's high bit is set where subtracting borrowed, so it was too small, or the byte below it was.
    fileprivate var mayNeedEscape: Bool {
        func repeated(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }
        func someBelow(_ bound: UInt64, _ word: UInt64) -> UInt64 { (word &- repeated(bound)) & ~word }
        func suspects(_ word: UInt64) -> UInt64 {
            let found =
                someBelow(0x20, word) | someBelow(1, word ^ repeated(0x22)) | someBelow(1, word ^ repeated(0x5C))
            return found & repeated(0x80)
        }
        var index = 0
        while index + 8 <= count {
            if suspects(word(at: index)) != 0 { return true }
            index += 8
        }
        // The last eight may overlap.
        if count >= 8 { return suspects(word(at: count - 8)) != 0 }
        return buffer[index...].contains { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
    }
}
