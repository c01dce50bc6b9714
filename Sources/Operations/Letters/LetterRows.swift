import Campaign
import Worker

/// A letter as people and programs see it: numbers are masked unless they are asked for.
struct LetterRows {
    let topics: Topics
    let reveals: Bool

    /// A text that may hold a subscriber's number.
    func concealed(_ text: String) -> String { reveals ? text : masked(text) }

    func number(of letter: DeadLetter) -> String? {
        letter.number.map { reveals ? "\($0.value)" : $0.description }
    }

    func id(of letter: DeadLetter) -> String { concealed(letter.id.text(topics)) }

    static let headings = [
        "ID", "REASON", "CLASS", "STATUS", "REPLAYS", "LAST FAILED", "EVENT", "NUMBER", "GIFT YUAN", "EVENT YUAN",
    ]
    static let figures: Set<Int> = [4, 8, 9]

    func cells(_ letter: DeadLetter, _ style: TextTable.Style) -> [TextTable.Cell] {
        [
            .init(id(of: letter), .plain), .init(letter.reasonName, .plain),
            .init(letter.letterClass?.rawValue ?? "", .plain),
            .init(letter.state.rawValue, letter.state.tint), .init("\(letter.replays)", .plain),
            .init(style.text(letter.lastFailedAt), .plain), .init(concealed(letter.eventID), .plain),
            .init(number(of: letter) ?? "", .plain), .init(letter.giftFen.map(yuan) ?? "", .plain),
            .init(letter.eventFen.map(yuan) ?? "", .plain),
        ]
    }

    /// The members that the command line promises, in their order; what is not known is left out.
    func json(_ letter: DeadLetter) -> String { members(letter).text }

    /// The same, with what a request would do.
    func json(_ letter: DeadLetter, plan: Prospect) -> String {
        var line = members(letter)
        line.put("plan", plan.words)
        line.put("planFen", plan.fen)
        return line.text
    }

    /// The same, with what came of a request, and the status that the letter has since.
    func json(_ letter: DeadLetter, outcome: LetterOutcome) -> String {
        var letter = letter
        letter.state = outcome.state ?? letter.state
        var line = members(letter)
        line.put("outcome", concealed(outcome.words))
        return line.text
    }

    private func members(_ letter: DeadLetter) -> JSONLine {
        var line = JSONLine()
        line.put("id", id(of: letter))
        line.put("reason", letter.reasonName)
        line.put("class", letter.letterClass?.rawValue)
        line.put("kind", letter.kind?.rawValue)
        line.put("status", letter.state.rawValue)
        line.put("replays", Int64(letter.replays))
        line.put("firstFailedAt", letter.firstFailedAt.description)
        line.put("lastFailedAt", letter.lastFailedAt.description)
        line.put("eventId", letter.eventID.isEmpty ? nil : concealed(letter.eventID))
        let source = letter.source
        line.put("topic", topics.name(source.topic))
        line.put("partition", Int64(source.partition))
        line.put("offset", source.offset)
        line.put("fen", letter.fen)
        return line
    }

    static let csvHeadings =
        "id,reason,class,kind,status,replays,firstFailedAt,lastFailedAt,eventId,topic,partition,offset,fen"

    /// The same members as `json`, for spreadsheets.
    func csv(_ letter: DeadLetter) -> String {
        let source = letter.source
        let texts = [
            id(of: letter), letter.reasonName, letter.letterClass?.rawValue ?? "", letter.kind?.rawValue ?? "",
            letter.state.rawValue, "\(letter.replays)", letter.firstFailedAt.description,
            letter.lastFailedAt.description, concealed(letter.eventID), topics.name(source.topic),
            "\(source.partition)",
        ]
        return (texts.map(csvField) + ["\(source.offset)", letter.fen.map { "\($0)" } ?? ""]).joined(separator: ",")
    }
}

extension DeadLetter {
    /// The reason's name; for one that a newer version wrote, that this one does not know it.
    var reasonName: String { reason.map { "\($0.name)" } ?? "UNKNOWN" }
}

extension LetterStatus.State {
    /// What needs a person stands out.
    var tint: TextTable.Tint {
        switch self {
        case .open: .waiting
        case .replaying: .plain
        case .parked: .bad
        case .resolved, .discarded: .good
        }
    }
}

/// A field of a CSV file (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front.
private func csvField(_ text: String) -> String {
    let text = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
}

/// Prints lines to standard output, many at a time.
func printLines(_ lines: some Collection<String>) {
    guard !lines.isEmpty else { return }
    FileDescriptor.standardOutput.write(lines.joined(separator: "\n") + "\n")
}
