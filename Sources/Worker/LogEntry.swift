import Campaign

/// One line of the log, before it has its form.
struct LogEntry {
    let at: Timestamp
    let level: Log.Level
    let event: String
    let message: String
    let fields: KeyValuePairs<String, Log.Value>

    func line(_ format: Log.Format) -> String {
        switch format {
        case .json: json
        case .text: text
        }
    }

    private var json: String {
        var line =
            "{\"at\":\"\(at)\",\"level\":\"\(level.rawValue)\",\"event\":\(quoted(event)),\"message\":\(quoted(message))"
        for (name, value) in fields {
            switch value {
            case .text(let text): line += ",\(quoted(name)):\(quoted(text))"
            case .integer(let number): line += ",\(quoted(name)):\(number)"
            }
        }
        return line + "}"
    }

    private var text: String {
        var line = "\(at.description) \(level.rawValue.uppercased()) \(event): \(onOneLine(masked(message)))"
        for (name, value) in fields {
            switch value {
            case .text(let text): line += " \(name)=\(quoted(text))"
            case .integer(let number): line += " \(name)=\(number)"
            }
        }
        return line
    }
}

/// A masked JSON string with its quotation marks.
private func quoted(_ text: String) -> String { jsonString(masked(text)) }

/// Line breaks and other control characters as spaces, so that one entry stays one line and can't steer a terminal.
private func onOneLine(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        line.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar)
    }
    return String(line)
}
