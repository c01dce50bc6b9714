import Campaign
import Worker

/// Which letters a person means.
struct LetterFilter {
    /// The options of a verb that takes a filter.
    static let options: [Verb.Option] = [
        .init(flag: "--reason", operand: "REASON", meaning: "such as UNKNOWN_PACKAGE; several with commas"),
        .init(flag: "--class", operand: "CLASS", meaning: "poison, policy, conflict or sla; several with commas"),
        .init(
            flag: "--status", operand: "STATUS",
            meaning: "OPEN, REPLAYING, PARKED, RESOLVED, DISCARDED or any; several with commas"),
        .init(flag: "--since", operand: "TIME", meaning: "failed last at or after: RFC 3339, or 2h for two hours ago"),
        .init(flag: "--until", operand: "TIME", meaning: "failed last before"),
        .init(flag: "--event-id", operand: "ID", meaning: "of the event, or of a gift's cause"),
        .init(flag: "--number", operand: "NUMBER", meaning: "the subscriber's, 11 digits"),
        .init(flag: "--id", operand: "ID", meaning: "the letter's"),
        .init(flag: "--topic", operand: "TOPIC", meaning: "where it was first read, with or without the prefix"),
        .init(flag: "--partition", operand: "N", meaning: "the partition there"),
    ]

    private var reasons: [Rejection] = []
    private var classes: [DeadLetter.Class] = []
    /// Empty for any.
    private(set) var states: [LetterStatus.State] = []
    private var since: Timestamp?
    private var until: Timestamp?
    private var eventID: String?
    private var number: PhoneNumber?
    private(set) var ids: Set<LetterID> = []
    private var topic: TopicRole?
    private var partition: Int32?

    func matches(_ letter: DeadLetter) -> Bool {
        if !ids.isEmpty, !ids.contains(letter.id) { return false }
        if !states.isEmpty, !states.contains(letter.state) { return false }
        if !reasons.isEmpty, letter.reason.map({ reasons.contains($0) }) != true { return false }
        if !classes.isEmpty, letter.letterClass.map({ classes.contains($0) }) != true { return false }
        if let since, letter.lastFailedAt < since { return false }
        if let until, letter.lastFailedAt >= until { return false }
        if let eventID, letter.eventID != eventID { return false }
        if let number, letter.number != number { return false }
        if let topic, letter.source.topic != topic { return false }
        if let partition, letter.source.partition != partition { return false }
        return true
    }
}

extension LetterFilter {
    /// Reads the options and the ids that follow the verb. Without `--status` those of `states` are meant, and any
    /// where letters are named by their ids.
    init(_ invocation: Invocation, states: [LetterStatus.State], _ topics: Topics, now: Timestamp) throws(Mistakes) {
        var mistakes: [String] = []
        func option<Value>(_ flag: String, _ need: String, _ read: (String) -> Value?) -> Value? {
            guard let text = invocation.options[flag] else { return nil }
            let value = read(text)
            if value == nil { mistakes.append("\(flag) is \(text): \(need)") }
            return value
        }
        func words<Value>(_ flag: String, _ known: [(String, Value)]) -> [Value] {
            guard let text = invocation.options[flag] else { return [] }
            // An empty list would mean every letter.
            let parts = text.split(separator: ",")
            if parts.isEmpty { mistakes.append("\(flag) is empty") }
            return parts.compactMap { word in
                if let found = known.first(where: { $0.0.lowercased() == word.lowercased() }) { return found.1 }
                mistakes.append("\(flag) is \(word): there is none such" + guess(String(word), known.map(\.0)))
                return nil
            }
        }
        reasons = words("--reason", Rejection.allCases.map { ("\($0.name)", $0) })
        classes = words("--class", DeadLetter.Class.allCases.map { ($0.rawValue, $0) })
        let named = LetterStatus.State.allCases.map { ($0.rawValue, [$0]) }
        self.states = words("--status", named + [("any", LetterStatus.State.allCases)]).flatMap(\.self)
        let time = "an RFC 3339 time with an offset is needed, or 30s, 5m, 2h, 7d for so long ago"
        since = option("--since", time) { Self.time($0, now) }
        until = option("--until", time) { Self.time($0, now) }
        eventID = invocation.options["--event-id"]
        number = option("--number", "a subscriber's number is needed") { text in
            var text = text
            return text.withUTF8 { PhoneNumber(Bytes(UnsafeRawBufferPointer($0))) }
        }
        let names = LetterTopicNames(topics)
        ids = Set(
            (invocation.operands + [invocation.options["--id"]].compactMap(\.self)).map { id in
                var id = id
                return id.withUTF8 { LetterID(Bytes(UnsafeRawBufferPointer($0)), names) }
            })
        topic = option("--topic", "none of the topics that letters come from") { text in
            TopicRole.allCases.first { $0.rawValue == text || topics.name($0) == text }
        }
        partition = option("--partition", "a whole number from 0 on is needed") { text in
            Int32(text).flatMap { $0 >= 0 ? $0 : nil }
        }
        if invocation.options["--status"] == nil, ids.isEmpty { self.states = states }
        guard mistakes.isEmpty else { throw Mistakes(all: mistakes) }
    }

    /// Whether a person said at all which letters are meant.
    static func isGiven(_ invocation: Invocation) -> Bool {
        !invocation.operands.isEmpty || options.contains { invocation.options[$0.flag] != nil }
    }

    /// A time, or how long ago.
    private static func time(_ text: String, _ now: Timestamp) -> Timestamp? {
        if let ago = Duration(words: text) { return Timestamp(microseconds: now.microseconds - ago.microseconds) }
        var text = text
        return text.withUTF8 { try? Timestamp(Bytes(UnsafeRawBufferPointer($0))) }
    }
}

/// Everything that is wrong with a command line.
struct Mistakes: Error {
    let all: [String]
}

extension Duration {
    /// Reads `30s`, `5m`, `2h` or `7d`; nil for anything else and for more than ten years.
    init?(words: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = words.last.flatMap({ units[$0] }), let count = Int64(words.dropLast()),
            (0...315_360_000 / unit).contains(count)
        else { return nil }
        self = .seconds(count * unit)
    }
}
