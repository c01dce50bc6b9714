public import TestSupport

/// People who work on dead letters, by a seed: they replay and discard them, two at once, again and again, with copies
/// that are not the letter's, and with requests that make no sense.
public struct Ops {
    private let partitions: Int32
    private let topic: String
    private let patience: Int64
    private let isConfluent: Bool
    private var random: SeededRandom
    private var seen: [TestRecord] = []
    private var nextID = 0

    /// Ops of a campaign's topics.
    ///
    /// - Parameters:
    ///   - patience: how long they take at most, in milliseconds.
    ///   - isConfluent: true if what comes of a replay must not depend on the order in which a shard reads its topics:
    ///     then receipts that contradict others are not replayed.
    public init(partitions: Int32, topicsPrefix: String = "", patience: Int64, isConfluent: Bool, seed: UInt64) {
        self.partitions = partitions
        topic = topicsPrefix + "letter-requests"
        self.patience = patience
        self.isConfluent = isConfluent
        random = SeededRandom(seed: seed)
    }

    /// What they ask for when they see a letter.
    public mutating func requests(about letter: TestRecord, at now: Int64) -> [Coming] {
        seen.append(letter)
        let isGift = letter.header("recharge.letter.id")?.hasPrefix("gift/") ?? false
        let requests: [TestRecord] =
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<45: isGift || random.chance(50) ? [request("replay", letter)] : []
            case 45..<53: [request("discard", letter)]
            case 53..<58: [request("replay", letter), request("replay", letter)]
            case 58..<61: [request("replay", letter), request("discard", letter)]
            case 61..<67: [forged(letter)]
            case 67..<70: [request("replay", random.pick(seen.suffix(50)))]
            case 70..<73: [garbage(letter)]
            default: []
            }
        return requests.map { Coming(due: now + Int64.random(in: 1...patience, using: &random), record: $0) }
    }

    private mutating func request(_ action: String, _ letter: TestRecord) -> TestRecord {
        nextID += 1
        let contradicts =
            letter.header("recharge.letter.kind") == "receipt"
            && letter.header("recharge.letter.reason") == Reason.conflictingDuplicate.rawValue
        let action = contradicts && isConfluent ? "discard" : action
        var request = letter
        request.topic = topic
        request.headers.removeAll { $0.name.hasPrefix("__dlq.") || $0.name.hasPrefix("kafka_dlt-") }
        request.headers += [
            TestHeader("recharge.request.action", action), TestHeader("recharge.request.id", "request-\(nextID)"),
            TestHeader("recharge.request.by", random.pick(["wang", "李"])),
            TestHeader("recharge.request.why", random.pick(["billing is well again", "客户投诉"])),
        ]
        return request
    }

    /// A request whose copy is not the letter's.
    private mutating func forged(_ letter: TestRecord) -> TestRecord {
        var forged = request(random.pick(["replay", "discard"]), letter)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: forged.value = letter.value.map { $0 + [32] }
        case 1: forged.value = letter.value == nil ? [] : nil
        case 2: forged.key = Array("13415390000".utf8)
        case 3: forged.partition = (letter.partition + 1) % partitions
        default:
            forged.set("recharge.letter.record-time", "2026-05-01T00:00:00.001+08:00")
        }
        return forged
    }

    /// A request that says nothing, or names nothing.
    private mutating func garbage(_ letter: TestRecord) -> TestRecord {
        var garbage = request("replay", letter)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: garbage.headers = []
        case 1: garbage.set("recharge.request.action", random.pick(["pay", "", "REPLAY"]))
        case 2: garbage.headers.removeAll { $0.name == "recharge.request.action" }
        case 3: garbage.headers.removeAll { $0.name == "recharge.letter.id" }
        case 4: garbage.set("recharge.letter.id", random.pick(["gift/none", "", "recharge-events/0/999999", "充值"]))
        default: garbage.headers.removeAll { $0.name == "recharge.letter.record-time" }
        }
        return garbage
    }
}

extension TestRecord {
    /// Replaces a header's value, or adds the header.
    fileprivate mutating func set(_ name: String, _ text: String) {
        headers.removeAll { $0.name == name }
        headers.append(TestHeader(name, text))
    }
}
