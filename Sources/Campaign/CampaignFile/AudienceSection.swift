extension Audience {
    private enum Key: String, CaseIterable { case carrier, city, segments, portedIn, portedOut }

    /// Reads the section `audience`; nil when a problem is reported. `segments` reads the file that it names.
    init?(_ field: Field, segments: (Field) -> Set<UInt32>?) {
        guard let section = Section<Key>(field) else { return nil }
        let carrier = section.required(.carrier)?.choice(Carrier.self)
        let city = section.required(.city)?.city()
        let segments = section.required(.segments).flatMap(segments)
        let portedIn = section.optional(.portedIn)?.numbers() ?? [:]
        let portedOut = section.optional(.portedOut)?.numbers() ?? [:]
        for (number, field) in portedOut {
            guard let other = portedIn[number] else { continue }
            field.report(
                "\(number) is in `portedIn` too (line \(other.node.position.line)): take it off one of the two")
        }
        guard let carrier, let city, let segments else { return nil }
        self.init(
            carrier: carrier, city: city, segments: segments, portedIn: Set(portedIn.keys),
            portedOut: Set(portedOut.keys))
    }
}

extension Field {
    /// A code of GB/T 2260: 6 digits, quoted or not.
    fileprivate func city() -> UInt32? {
        let wanted = "the city's 6-digit code of GB/T 2260, such as `442000`"
        guard let text = rawText(wanted) else { return nil }
        if text.utf8.count == 6, let code = UInt32(text), (110_000...829_999).contains(code) { return code }
        report("`\(name)` must be \(wanted), not \(quoted(text))")
        return nil
    }

    /// A list of subscribers' numbers, each with its place. The same number twice does no harm.
    fileprivate func numbers() -> [PhoneNumber: Field]? {
        guard let elements = elements(0...100_000) else { return nil }
        var numbers: [PhoneNumber: Field] = [:]
        for element in elements {
            guard let text = element.rawText("a subscriber's number") else { continue }
            guard let number = withBytes(text, { PhoneNumber($0) }) else {
                element.report("`\(element.name)` is no subscriber's number: write its 11 digits, `1[3-9]` first")
                continue
            }
            if numbers[number] == nil { numbers[number] = element }
        }
        return numbers
    }
}

/// The segments' file: 7 digits a line, `#` begins a comment.
enum SegmentsFile {
    private static let longest = 1024 * 1024

    /// Reads the file that `field` names. Its own mistakes carry its own name and lines.
    static func read(_ field: Field, from file: CampaignFile.FileSource) -> Set<UInt32>? {
        guard let name = field.text(upTo: 100) else { return nil }
        guard !name.contains(where: { $0 == "/" || $0 == "\\" }), name != ".", name != ".." else {
            field.report("`\(field.name)` names a file that lies beside this one: write its name without a path")
            return nil
        }
        let bytes: [UInt8]
        do throws(UnreadableFile) {
            bytes = try file(name)
        } catch {
            field.report("the file \(quoted(name)) can't be read (\(error.reason)): put it beside this one")
            return nil
        }
        guard bytes.count <= longest else {
            field.report("the file \(quoted(name)) is longer than \(longest) bytes: shorten it")
            return nil
        }
        return segments(of: bytes, name: name, problems: field.problems)
    }

    private static func segments(of bytes: [UInt8], name: String, problems: ProblemList) -> Set<UInt32> {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: byteOrderMark) ? bytes.dropFirst(byteOrderMark.count) : bytes[...]
        var segments: Set<UInt32> = []
        var isSound = true
        for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0D].contains($0) }
            let indent = line.prefix(while: isSpace).count
            let content = line.prefix { $0 != 0x23 }.dropFirst(indent)
            guard let last = content.lastIndex(where: { !isSpace($0) }) else { continue }
            if let segment = segment(content[...last]) {
                segments.insert(segment)
            } else {
                isSound = false
                problems.report(
                    "a segment is 7 digits, `1[3-9]` first, one a line: mend this line or put `#` before it",
                    at: Position(line: index + 1, column: indent + 1), in: name)
            }
        }
        if segments.isEmpty, isSound {
            problems.report("the file lists no segments: write 7 digits a line", at: .start, in: name)
        }
        return segments
    }

    private static func segment(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard digits.count == 7, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let segment = digits.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 0x30) }
        return (1_300_000...1_999_999).contains(segment) ? segment : nil
    }
}
