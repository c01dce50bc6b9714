public import TestSupport

/// A record that somebody will publish.
public struct Coming: Sendable {
    /// When, by the clock of the topic.
    public var due: Int64
    /// The record; its offset and timestamp are not yet known.
    public var record: TestRecord
}

/// Billing with all its faults, by a seed: it refuses, credits wrong amounts, answers late, twice, or differently the
/// second time, or not at all; and it answers what nobody asked, and writes what nobody can read.
///
/// Beneath that it keeps the contract: a copy of an executed command moves no money, a refused one is tried anew, and a
/// reverse is done only if its grant was.
public struct Billing {
    /// What a command asks for.
    private struct Order {
        var id: String
        var subject: String
        var totalFen: Int64
        var reverses: String?
    }

    private let partitions: Int32
    private let topic: String
    private let confirmWithin: Int64
    private let seed: UInt64
    private var random: SeededRandom
    private var nextID = 0
    /// The first answers to executed commands.
    private var executed: [String: Answer] = [:]

    /// A billing system for the topics of a campaign.
    public init(_ campaign: OracleCampaign, partitions: Int32, topicsPrefix: String = "", seed: UInt64) {
        self.partitions = partitions
        topic = topicsPrefix + EventTopic.receipt.rawValue
        confirmWithin = campaign.confirmWithin
        self.seed = seed
        random = SeededRandom(seed: seed)
    }

    /// What comes of a record of `bonus-credits` that is read now.
    public mutating func answers(to record: TestRecord, at now: Int64) -> [Coming] {
        guard let json = record.value.flatMap(JSON.init), let id = json["id"]?.string, let data = json["data"],
            let subject = json["subject"]?.string, let totalFen = data["totalFen"]?.integer
        else { return [] }
        let order = Order(id: id, subject: subject, totalFen: totalFen, reverses: data["reverses"]?.string)
        var coming = execute(order).map { answer in
            Coming(due: now + delay(), record: receipt(id, subject, answer))
        }
        if random.chance(2) { coming.append(Coming(due: now + delay(), record: stray(order))) }
        if random.chance(2) { coming.append(Coming(due: now + delay(), record: garbage(order))) }
        return coming
    }

    /// The answers to one copy of a command.
    private mutating func execute(_ order: Order) -> [Answer] {
        if let first = executed[order.id] { return random.chance(90) ? [first] : [] }
        if let grant = order.reverses, executed[grant] == nil {
            return random.chance(95) ? [Answer(outcome: .rejected, fen: 0, reason: "NO_GRANT")] : []
        }
        let good = Answer(outcome: .credited, fen: order.totalFen)
        let bad = badAnswer(order)
        let choice = Int.random(in: 0..<100, using: &random)
        let answers: [Answer] =
            switch choice {
            case 0..<55: [good]
            case 55..<75: [bad]
            case 75..<83: []
            case 83..<87: [good, good]
            case 87..<90: [bad, bad]
            case 90..<93: [good, bad]
            case 93..<96: [bad, good]
            case 96..<98: [bad, badAnswer(order)]
            default: [good, bad, bad, good, badAnswer(order)]
            }
        if let done = answers.first(where: { $0.outcome == .credited }) { executed[order.id] = done }
        return answers
    }

    private mutating func badAnswer(_ order: Order) -> Answer {
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: Answer(outcome: .rejected, fen: 0, isRetryable: true, reason: "BUSY")
        case 2: Answer(outcome: .rejected, fen: 0, reason: random.pick(["CLOSED", "NO_GRANT"]))
        case 3: Answer(outcome: .rejected, fen: 0)
        default: Answer(outcome: .credited, fen: random.pick([0, order.totalFen - 1, order.totalFen + 100]))
        }
    }

    /// Mostly at once, now and then around the deadline, or long after it.
    private mutating func delay() -> Int64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<7: Int64.random(in: 1...max(1, confirmWithin / 2), using: &random)
        case 7: confirmWithin + Int64.random(in: -2...2, using: &random)
        default: Int64.random(in: confirmWithin...confirmWithin * 3, using: &random)
        }
    }

    // MARK: Records

    private mutating func draft(_ commandID: String, _ subject: String, _ answer: Answer) -> EventDraft {
        nextID += 1
        var data = [
            ("commandId", quoted(commandID)), ("outcome", quoted(answer.outcome.rawValue)),
            ("creditedFen", "\(answer.fen)"),
        ]
        if let reason = answer.reason { data.append(("reason", quoted(reason))) }
        if answer.isRetryable || random.chance(20) { data.append(("retryable", "\(answer.isRetryable)")) }
        return EventDraft(
            id: "answer-\(seed)-\(nextID)", type: "credit.settled.v1", time: ChinaTime.text(1_777_000_000_000),
            subject: random.chance(10) ? "+86 " + subject : subject, data: data)
    }

    private mutating func receipt(_ commandID: String, _ subject: String, _ answer: Answer) -> TestRecord {
        record(subject, draft(commandID, subject, answer).bytes())
    }

    /// An answer to a command that never was, or that was another subscriber's.
    private mutating func stray(_ order: Order) -> TestRecord {
        let good = Answer(outcome: .credited, fen: order.totalFen)
        return switch Int.random(in: 0..<3, using: &random) {
        case 0: receipt("recharge/never-\(nextID)/gift", order.subject, good)
        case 1: receipt(order.id, "13415390000", good)
        default: receipt(order.id + "/", order.subject, badAnswer(order))
        }
    }

    private mutating func garbage(_ order: Order) -> TestRecord {
        var draft = draft(order.id, order.subject, Answer(outcome: .credited, fen: order.totalFen))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: draft.setData("creditedFen", random.pick(["-1", "\"100\"", "1.0", nil]))
        case 1: draft.setData("outcome", random.pick(["\"done\"", "null", "1"]))
        case 2: draft.setData("retryable", "\"yes\"")
        case 3: draft.setData("commandId", random.pick(["7", nil]))
        case 4: draft.set("type", quoted("recharge.completed.v1"))
        case 5: draft.set("time", quoted(random.pick(["2026-05-03T10:00:00", "2999-01-01T00:00:00Z", "soon"])))
        case 6: draft.set("subject", quoted("1234"))
        default: return record(order.subject, random.pick([nil, [], Array("{".utf8)]))
        }
        return record(order.subject, draft.bytes())
    }

    private mutating func record(_ subject: String, _ value: [UInt8]?) -> TestRecord {
        let home = SubscriberNumber.partition(of: subject, among: partitions)
        return TestRecord(
            topic: topic, partition: random.chance(94) ? home : Int32.random(in: 0..<partitions, using: &random),
            offset: 0, timestamp: 0, key: Array(subject.utf8), value: value,
            headers: random.chance(20) ? [TestHeader("traceparent", "00-answer-\(nextID)-01")] : [])
    }
}
