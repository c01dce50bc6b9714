/// A value of the campaign file on its way to a Swift value. Each reading either succeeds or reports what to change.
struct Field {
    /// The largest amount of money that a campaign may name, in fen: 10 billion yuan. No sum or product of such overflows.
    static let mostFen: Int64 = 1_000_000_000_000

    /// As messages name it.
    let name: String
    let node: YAMLNode
    let problems: ProblemList

    func report(_ message: @autoclosure () -> String) {
        problems.report(message(), at: node.position)
    }

    /// A scalar's text and whether it stands without quotes.
    private func scalar(_ wanted: @autoclosure () -> String) -> (text: String, isPlain: Bool)? {
        switch node.content {
        case .unreadable: return nil
        case .scalar(let text, let isPlain):
            if !isPlain || !["", "~", "null", "Null", "NULL"].contains(text) { return (text, isPlain) }
            report("`\(name)` has no value: write \(wanted())")
        case .sequence: report("`\(name)` is a list: write \(wanted())")
        case .mapping: report("`\(name)` has members of its own: write \(wanted())")
        }
        return nil
    }

    /// The text as it stands, quoted or plain, without any check.
    func rawText(_ wanted: @autoclosure () -> String) -> String? {
        scalar(wanted())?.text
    }

    /// One line for people: not empty, no spaces at its ends, no control characters, at most `most` characters.
    func text(upTo most: Int) -> String? {
        guard let text = rawText("a text") else { return nil }
        let characters = text.unicodeScalars
        guard let first = characters.first, let last = characters.last else {
            report("`\(name)` is empty: write a text")
            return nil
        }
        if first.properties.isWhitespace || last.properties.isWhitespace {
            report("`\(name)` begins or ends with a space or a line break: take it away")
        } else if characters.contains(where: { $0.properties.generalCategory == .control }) {
            report("`\(name)` holds a line break or another control character: write it in one line")
        } else if characters.count > most {
            report("`\(name)` has \(characters.count) characters: shorten it to at most \(most)")
        } else {
            return text
        }
        return nil
    }

    /// A whole number within bounds, in plain digits.
    func integer(in bounds: ClosedRange<Int64>) -> Int64? {
        let wanted = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        guard let (text, isPlain) = scalar(wanted) else { return nil }
        guard isWholeNumber(text) else {
            report("`\(name)` must be \(wanted) in digits alone, not \(quoted(text))")
            return nil
        }
        guard isPlain else {
            report("`\(name)` is a number: write \(quoted(text)) without quotes")
            return nil
        }
        guard let value = Int64(text), bounds.contains(value) else {
            report("`\(name)` must be \(wanted), not \(quoted(text))")
            return nil
        }
        return value
    }

    /// Money in whole fen.
    func fen(atLeast least: Int64 = 1) -> Fen? {
        if case .scalar(let text, _) = node.content, let meant = fenOfYuan(text) {
            report("`\(name)` is in whole fen, not \(quoted(text)): write \(meant) if you mean \(yuan(meant)) yuan")
            return nil
        }
        return integer(in: least...Field.mostFen)
    }

    /// A length of time: digits and one of `s`, `m`, `h`, `d`. At most ten years.
    func duration(atLeast least: Duration) -> Duration? {
        let wanted = "a duration such as `30s`, `5m`, `1h` or `7d`"
        guard let text = rawText(wanted) else { return nil }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), isWholeNumber(text.dropLast()), !text.hasPrefix("-") else {
            report("`\(name)` must be \(wanted), not \(quoted(text))")
            return nil
        }
        let most: Int64 = 3650 * 86_400
        guard let count = Int64(text.dropLast()), count <= most / unit, .seconds(count * unit) >= least else {
            report("`\(name)` must be from `\(least.microseconds / 1_000_000)s` to `3650d`, not \(quoted(text))")
            return nil
        }
        return .seconds(count * unit)
    }

    /// A moment with an offset, of the years 2000 to 2999.
    func time() -> Timestamp? {
        let example = "`2026-05-01T00:00:00+08:00`"
        guard let text = rawText("a time such as \(example)") else { return nil }
        do throws(TimeError) {
            let time = try withBytes(text) { bytes in
                Result { () throws(TimeError) in try Timestamp(bytes) }
            }.get()
            if (2000...2999).contains(time.local.year) { return time }
            report("`\(name)` must be of the years 2000 to 2999, not \(quoted(text))")
        } catch .noOffset {
            report("`\(name)` has no offset, so its zone is a guess: write \(quoted(text + "+08:00"))")
        } catch {
            report("`\(name)` must be a date and time that exist, such as \(example), not \(quoted(text))")
        }
        return nil
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(_: Choice.Type = Choice.self) -> Choice?
    where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue)
        guard let text = rawText("one of \(listed(words))") else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let hint = nearest(to: text, among: words).map { ": did you mean `\($0)`?" } ?? ""
        report("`\(name)` must be one of \(listed(words)), not \(quoted(text))\(hint)")
        return nil
    }

    /// The elements of a list of bounded length.
    func elements(_ counts: ClosedRange<Int>) -> [Field]? {
        guard case .sequence(let nodes) = node.content else {
            if case .unreadable = node.content { return nil }
            report("`\(name)` must be a list: write `[…, …]` or one element a line behind `- `")
            return nil
        }
        guard counts.contains(nodes.count) else {
            report(
                nodes.count < counts.lowerBound
                    ? "`\(name)` is empty: write at least \(counts.lowerBound)"
                    : "`\(name)` has \(nodes.count) elements: at most \(counts.upperBound) are allowed")
            return nil
        }
        return nodes.enumerated().map { index, node in
            Field(name: "\(name)[\(index + 1)]", node: node, problems: problems)
        }
    }
}

/// Passes a text's UTF-8 on.
func withBytes<Result>(_ text: String, _ body: (Bytes) -> Result) -> Result {
    var text = text
    return text.withUTF8 { body(Bytes(UnsafeRawBufferPointer($0))) }
}

/// Digits, a minus perhaps, no zeros in front (YAML reads those as octal).
private func isWholeNumber(_ text: some StringProtocol) -> Bool {
    let digits = text.utf8.first == 0x2D ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    return first != 0x30 || digits.count == 1
}

/// What `5.00` or `99.5` is in fen; nil for anything else.
private func fenOfYuan(_ text: String) -> Fen? {
    let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard parts.count == 2, (1...9).contains(parts[0].count), (1...2).contains(parts[1].count),
        parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }),
        let yuan = Int64(String(Substring(parts[0]))), let rest = Int64(String(Substring(parts[1])))
    else { return nil }
    return yuan * 100 + (parts[1].count == 1 ? rest * 10 : rest)
}
