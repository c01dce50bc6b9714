/// An event as its publisher writes it: members as JSON text, so that a test can also write what no event may hold.
struct EventDraft {
    /// Members of the envelope but `data`, in order.
    var envelope: [(name: String, json: String)]
    /// Members of `data`, in order.
    var data: [(name: String, json: String)]

    init(id: String, type: String, time: String, subject: String, data: [(name: String, json: String)]) {
        envelope = [
            ("specversion", quoted("1.0")), ("id", quoted(id)), ("source", quoted("/billing")), ("type", quoted(type)),
            ("time", quoted(time)), ("subject", quoted(subject)),
        ]
        self.data = data
    }

    /// Replaces a member of the envelope; nil removes it.
    mutating func set(_ name: String, _ json: String?) { Self.set(&envelope, name, json) }

    /// Replaces a member of `data`; nil removes it.
    mutating func setData(_ name: String, _ json: String?) { Self.set(&data, name, json) }

    /// The value of the record.
    func bytes() -> [UInt8] { Array(text().utf8) }

    func text(data replaced: String? = nil) -> String {
        let members = envelope + [("data", replaced ?? Self.object(data))]
        return Self.object(members)
    }

    private static func object(_ members: [(name: String, json: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }

    private static func set(_ members: inout [(name: String, json: String)], _ name: String, _ json: String?) {
        let index = members.firstIndex { $0.name == name }
        switch (index, json) {
        case (let index?, let json?): members[index].json = json
        case (let index?, nil): members.remove(at: index)
        case (nil, let json?): members.append((name, json))
        case (nil, nil): break
        }
    }
}

/// A JSON string, escaped as far as it must be.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case _ where scalar.value < 32: result += escaped(UInt16(scalar.value))
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

/// A JSON string in which every character is an escape: the same string to whoever reads it.
func fullyEscaped(_ text: String) -> String {
    "\"" + text.utf16.map(escaped).joined() + "\""
}

private func escaped(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
}
