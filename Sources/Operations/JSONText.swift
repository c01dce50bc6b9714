/// One JSON object on one line, member by member.
struct JSONLine {
    private var members = ""

    /// The object.
    var text: String { "{\(members)}" }

    mutating func put(_ name: String, _ value: String?) {
        if let value { add(name, quotedJSON(value)) }
    }

    mutating func put(_ name: String, _ value: Int64?) {
        if let value { add(name, "\(value)") }
    }

    mutating func put(_ name: String, _ value: Bool) { add(name, "\(value)") }

    mutating func put(_ name: String, _ value: JSONLine) { add(name, value.text) }

    private mutating func add(_ name: String, _ value: String) {
        if !members.isEmpty { members += "," }
        members += "\"\(name)\":\(value)"
    }
}

/// A JSON string with its quotation marks.
func quotedJSON(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else { return "\"\(text)\"" }
    var string = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": string += "\\\""
        case "\\": string += "\\\\"
        case "\0"..<" ":
            let digits = String(scalar.value, radix: 16)
            string += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: string.unicodeScalars.append(scalar)
        }
    }
    return string + "\""
}
