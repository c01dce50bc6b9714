/// Builds the tree of a file's one document and reports what a campaign file may not hold.
struct YAMLComposer: ~Copyable {
    private static let deepest = 16
    /// A campaign is kept in a Kafka record of at most 1 MiB together with other state, hence half of that.
    private static let longest = 512 * 1024
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private var parser: YAMLParser
    private let problems: ProblemList

    /// The document's root, as far as it could be read; nil when there is none.
    static func root(of bytes: [UInt8], problems: ProblemList) -> YAMLNode? {
        guard bytes.count <= longest else {
            problems.report("the file is longer than \(longest) bytes: shorten it", at: .start)
            return nil
        }
        let text = bytes.starts(with: byteOrderMark) ? bytes[byteOrderMark.count...] : bytes[...]
        guard let parser = YAMLParser(text) else {
            problems.report("there is no memory to read this file", at: .start)
            return nil
        }
        var composer = YAMLComposer(parser: parser, problems: problems)
        do throws(YAMLParser.Malformed) {
            return try composer.document()
        } catch {
            if let tab = indentingTab(in: text) {
                problems.report("a tab indents here: write spaces", at: tab)
            }
            problems.report(error.message, at: error.position)
            return nil
        }
    }

    /// The first tab before a line's text, which people don't see and libyaml finds too late.
    private static func indentingTab(in text: ArraySlice<UInt8>) -> Position? {
        for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let indent = line.prefix { $0 == 0x20 || $0 == 0x09 }
            guard let tab = indent.firstIndex(of: 0x09) else { continue }
            return Position(line: index + 1, column: tab - line.startIndex + 1)
        }
        return nil
    }

    private init(parser: consuming YAMLParser, problems: ProblemList) {
        self.parser = parser
        self.problems = problems
    }

    private mutating func document() throws(YAMLParser.Malformed) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let step = try parser.next()
            switch step.event {
            case .streamEnd:
                if root == nil { problems.report("the file is empty: write a campaign", at: .start) }
                return root
            case .streamStart, .documentEnd:
                break
            case .documentStart where root != nil:
                throw YAMLParser.Malformed(
                    position: step.position,
                    message: "a second document begins here: one file holds one campaign, take the rest away")
            case .documentStart:
                root = try node(parser.next(), depth: 0)
            default:
                root = try node(step, depth: 0)
            }
        }
    }

    private mutating func node(_ step: YAMLParser.Step, depth: Int) throws(YAMLParser.Malformed) -> YAMLNode {
        guard depth < YAMLComposer.deepest else {
            throw YAMLParser.Malformed(
                position: step.position, message: "this is nested deeper than \(YAMLComposer.deepest): no part needs it"
            )
        }
        if step.hasAnchor {
            problems.report("anchors (&…) are not allowed: take it away, write each value out", at: step.position)
        }
        if step.hasTag {
            problems.report("tags (!…) are not allowed: take it away", at: step.position)
        }
        switch step.event {
        case .scalar(let text, let isPlain):
            return YAMLNode(position: step.position, content: .scalar(text, isPlain: isPlain))
        case .sequenceStart:
            return YAMLNode(position: step.position, content: .sequence(try elements(depth: depth)))
        case .mappingStart:
            return YAMLNode(position: step.position, content: .mapping(try members(depth: depth)))
        case .alias:
            problems.report("aliases (*…) are not allowed: write the value out", at: step.position)
            return YAMLNode(position: step.position, content: .unreadable)
        default:
            return YAMLNode(position: step.position, content: .unreadable)
        }
    }

    private mutating func elements(depth: Int) throws(YAMLParser.Malformed) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let step = try parser.next()
            if case .sequenceEnd = step.event { return elements }
            elements.append(try node(step, depth: depth + 1))
        }
    }

    private mutating func members(depth: Int) throws(YAMLParser.Malformed) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var lines: [String: Int] = [:]
        while true {
            let step = try parser.next()
            if case .mappingEnd = step.event { return members }
            let key = try node(step, depth: depth + 1)
            let value = try node(parser.next(), depth: depth + 1)
            guard let name = name(key) else { continue }
            if let line = lines.updateValue(key.position.line, forKey: name) {
                problems.report(
                    "\(quoted(name)) stands in line \(line) already: take one of the two away", at: key.position)
                continue
            }
            members.append(YAMLNode.Member(key: name, position: key.position, value: value))
        }
    }

    /// A key's text; reports what can't be a key.
    private func name(_ key: YAMLNode) -> String? {
        switch key.content {
        case .scalar("<<", isPlain: true):
            problems.report("merge keys (<<) are not allowed: write the members out", at: key.position)
        case .scalar(let name, _):
            return name
        case .sequence, .mapping:
            problems.report("a name must be a text: a list or a mapping can't stand before the colon", at: key.position)
        case .unreadable:
            break
        }
        return nil
    }
}
