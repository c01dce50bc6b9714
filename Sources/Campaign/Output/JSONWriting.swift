extension Writer {
    /// Writes text into a JSON string: quotes, backslashes and control characters are escaped.
    mutating func putEscaped(_ text: Bytes) {
        var from = 0
        for index in 0..<text.count {
            let byte = text[index]
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
            put(text.slice(from, index))
            from = index + 1
            putEscape(of: byte)
        }
        put(text.slice(from, text.count))
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
