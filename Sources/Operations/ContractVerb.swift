import Campaign
import Worker

extension Verb {
    static let contractCheck = Verb(
        words: ["contract", "check"], repeatedOperand: "FILE",
        options: [
            Option(
                flag: "--topic", operand: "TOPIC", meaning: "the topic that they are for, else the one of their type")
        ],
        summary: "say whether the worker takes a message, and if not where and why",
        details: [
            "Judges the message in each FILE, without one on standard input, as if it were published now: by the worker's",
            "own code. Where a first line ends with }, each line is a message. Of each that would be a dead letter it",
            "prints file and line, the reason, the member as a JSON pointer, and a sentence (exit code 2); never a",
            "subscriber's number. What the campaign file and earlier events decide is not looked at: limit, package,",
            "window, audience, copies.",
        ],
        perform: { invocation in
            let name = invocation.options["--topic"]
            guard let topics = eventTopics(named: name) else {
                return .refusal([wrongTopic(name ?? ""), Help.pointer(to: invocation.verb)], .usage)
            }
            return checkMessages(in: invocation.operands, for: topics, now: Clock.now())
        })
}

/// The topics whose records are events, in the order of the contract.
private let eventTopics = InputTopic.allCases.filter { !$0.eventTypes.isEmpty }

/// The topic of that name, all without a name; nil when there is none of that name.
private func eventTopics(named name: String?) -> [InputTopic]? {
    guard let name else { return eventTopics }
    return eventTopics.first { $0.role.rawValue == name }.map { [$0] }
}

private func wrongTopic(_ name: String) -> String {
    let names = eventTopics.map(\.role.rawValue)
    return "--topic is one of \(names.joined(separator: ", "))\(guess(name, names))"
}

/// Judges the messages of files, of standard input without one, as if they were published at `now`.
func checkMessages(in paths: [String], for topics: [InputTopic], now: Timestamp) -> Outcome {
    var check = ContractCheck(topics: topics, now: now)
    for path in paths.isEmpty ? [nil] : paths.map(Optional.some) {
        let name = path ?? "standard input"
        do throws(UnreadableFile) {
            let all = messages(in: try bytes(of: path))
            guard !all.isEmpty else { throw UnreadableFile(reason: "there is no message in it") }
            for (line, message) in all { check.judge(message, place: "\(name):\(line)") }
        } catch {
            return .refusal(["\(name): \(error.reason)"], .badData)
        }
    }
    return check.outcome
}

private func bytes(of path: String?) throws(UnreadableFile) -> [UInt8] {
    let limit = 256 << 20
    guard let path else { return try FileDescriptor.standardInput.readAll(atMost: limit) }
    return try contents(ofFile: path, atMost: limit)
}

/// The messages with the lines that they begin in: one a line where the first of them ends on its line, else all is one.
private func messages(in bytes: [UInt8]) -> [(line: Int, message: ArraySlice<UInt8>)] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        .filter { !$1.allSatisfy(isBlank) }.map { (line: $0 + 1, message: $1) }
    guard let first = lines.first else { return [] }
    let isOneALine = first.message.last { !isBlank($0) } == UInt8(ascii: "}")
    return isOneALine ? lines : [(first.line, bytes[first.message.startIndex...])]
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

/// Says of messages what the worker's decoder says of them.
private struct ContractCheck: ~Copyable {
    let topics: [InputTopic]
    let now: Timestamp
    private var decoder = EventDecoder()
    private var taken: [InputTopic: Int] = [:]
    private var refusals: [String] = []

    init(topics: [InputTopic], now: Timestamp) {
        self.topics = topics
        self.now = now
    }

    mutating func judge(_ message: ArraySlice<UInt8>, place: String) {
        for topic in topics {
            guard let fault = fault(of: message, on: topic) else {
                taken[topic, default: 0] += 1
                return
            }
            if fault.rejection != .unknownType || topic == topics.last {
                refusals.append("\(place): \(words(fault))")
                return
            }
        }
    }

    /// Nil when the topic takes it.
    private mutating func fault(of message: ArraySlice<UInt8>, on topic: InputTopic) -> Fault? {
        message.withUnsafeBytes { bytes in
            let record = SourceRecord(
                topic: topic, partition: 0, offset: 0, timestamp: now, key: nil, value: Bytes(bytes), headers: .none)
            guard case .failure(let fault) = decoder.decode(record).result else { return nil }
            return fault
        }
    }

    private func words(_ fault: Fault) -> String {
        let place = fault.pointer.isEmpty ? "" : " at \(fault.pointer)"
        let sentence =
            fault.rejection == .unknownType
            ? "type must be one of \(topics.flatMap(\.eventTypes).joined(separator: ", "))" : fault.message
        return "\(fault.rejection.name)\(place): \(sentence)"
    }

    /// What is to be said of all of them.
    var outcome: Outcome {
        let count = taken.values.reduce(refusals.count, +)
        let places = topics.compactMap { topic in taken[topic].map { "\($0) taken from \(topic.role.rawValue)" } }
        let parts = places + (refusals.isEmpty ? [] : ["\(refusals.count) not taken"])
        return .answer(
            refusals + ["\(count) message\(count == 1 ? "" : "s"): \(parts.joined(separator: ", "))"],
            refusals.isEmpty ? .ok : .foundProblems)
    }
}
