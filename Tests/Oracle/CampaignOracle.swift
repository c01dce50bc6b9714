public import TestSupport

/// What a shard does next.
public enum Step: Hashable, Sendable, CustomStringConvertible {
    /// It reads a record of one of the inputs in its partition.
    case record(TestRecord)
    /// It reads its next mail; nothing happens if there is none.
    case mail(shard: Int32)
    /// It has read `credit-receipts` to an end that was asked for after all deadlines up to this one.
    case deadlines(shard: Int32, upTo: Int64)

    /// The step in a line, for a test's message.
    public var description: String {
        switch self {
        case .record(let record):
            "\(record.topic)/\(record.partition)/\(record.offset) \(record.valueText?.prefix(400) ?? "-")"
                + (record.header("recharge.letter.id").map { " about \($0)" } ?? "")
        case .mail(let shard): "mail of \(shard)"
        case .deadlines(let shard, let end): "deadlines of \(shard) up to \(ChinaTime.text(end))"
        }
    }

    /// The shard that takes the step.
    public var shard: Int32 {
        switch self {
        case .record(let record): record.partition
        case .mail(let shard), .deadlines(let shard, _): shard
        }
    }
}

/// The campaign as the contract's sections 2 to 7 have it, without budget: slow, obvious, and written without a look at
/// the worker.
public struct CampaignOracle {
    /// A helper's claim of an accepted assist.
    public struct Claim: Hashable, Sendable {
        /// The helper's gift if the helper has times left.
        public var gift: ExpectedCommand
        /// How often a helper is paid at most, by the assist's version.
        public var times: Int
    }

    enum Mail {
        case event(TestRecord)
        case claim(Claim)
    }

    /// An assist that was accepted, for comparisons that don't know the interleaving.
    public struct Accepted: Hashable, Sendable {
        /// The gift if it is paid at once.
        public var gift: ExpectedCommand
        /// True once it was paid, at once or with a recharge.
        public var isPaid: Bool
    }

    /// The campaign file in force.
    public var campaign: OracleCampaign
    /// The worker's clock: when commands are issued and letters written.
    public var now: Int64 = 0
    /// Partitions of each topic.
    public let partitions: Int32
    /// Ids that are remembered for one subscriber.
    public let rememberedEvents: Int
    let topicsPrefix: String
    private let topics: [String: EventTopic]

    /// All accepted assists by event id.
    public internal(set) var acceptedAssists: [String: Accepted] = [:]
    /// All gifts of decided recharges without their assist line, by command id, also those without a line.
    public internal(set) var rechargeGifts: [String: ExpectedCommand] = [:]
    /// All claims of helpers, in the order they were read.
    public internal(set) var claims: [Claim] = []

    /// All gifts by the ids of their grants.
    var gifts: [String: Gift] = [:]
    /// For each command id that of its grant.
    var grants: [String: String] = [:]
    /// The letters of events and receipts that are neither resolved nor discarded, by id.
    var letters: [String: KeptLetter] = [:]

    private var mail: [Int32: [Mail]] = [:]
    private var subscribers: [String: Subscriber] = [:]

    /// Starts a campaign at nothing.
    ///
    /// - Parameter topicsPrefix: goes before each topic's name.
    public init(
        _ campaign: OracleCampaign, partitions: Int32, topicsPrefix: String = "", rememberedEvents: Int = 5_000
    ) {
        self.campaign = campaign
        self.partitions = partitions
        self.rememberedEvents = rememberedEvents
        self.topicsPrefix = topicsPrefix
        topics = Dictionary(uniqueKeysWithValues: EventTopic.allCases.map { (topicsPrefix + $0.rawValue, $0) })
    }

    /// True if a shard has mail that it did not read yet.
    public func hasMail(_ shard: Int32) -> Bool { !(mail[shard] ?? []).isEmpty }

    /// Takes one step; nil if there was nothing to do.
    public mutating func step(_ step: Step) -> Outcome? {
        switch step {
        case .record(let record) where record.topic == topicsPrefix + "letter-requests":
            return answer(request: record)
        case .record(let record):
            return read(record, in: record.partition, isMail: false)
        case .deadlines(let shard, let end): return passDeadlines(of: shard, upTo: end)
        case .mail(let shard):
            guard hasMail(shard), let next = mail[shard]?.removeFirst() else { return nil }
            switch next {
            case .event(let record): return read(record, in: shard, isMail: true)
            case .claim(let claim): return pay(claim)
            }
        }
    }

    /// Reads records as they stand in the topics, then all mail: enough where the order does not matter.
    public mutating func judge(_ records: [TestRecord]) -> [Outcome] {
        records.compactMap { step(.record($0)) } + readAllMail()
    }

    /// Reads all mail that is left, shard by shard, and what comes of it.
    public mutating func readAllMail() -> [Outcome] {
        var outcomes: [Outcome] = []
        while let shard = (0..<partitions).first(where: hasMail) {
            if let outcome = step(.mail(shard: shard)) { outcomes.append(outcome) }
        }
        return outcomes
    }

    /// The end of grace in one shard: what waits for a recharge ends.
    public mutating func expire(shard: Int32) -> Outcome {
        var outcome = Outcome(decision: .nothing)
        for number in subscribers.keys.sorted() where partition(of: number) == shard {
            var subscriber = take(number)
            for index in subscriber.assists.indices where !subscriber.assists[index].isClosed {
                subscriber.assists[index].isClosed = true
                outcome.expiredAssists += 1
            }
            for index in subscriber.waiting.indices where !subscriber.waiting[index].hasLetter {
                subscriber.waiting[index].hasLetter = true
                let reversal = subscriber.waiting[index]
                let letter = letter(
                    .reversalWithoutOriginal, reversal.record, shard, id: reversal.event.id, time: reversal.event.time)
                outcome.letters += letter.letters
                outcome.statuses += letter.statuses
            }
            put(number, subscriber)
        }
        return outcome
    }

    func partition(of number: String) -> Int32 { SubscriberNumber.partition(of: number, among: partitions) }

    mutating func send(_ claim: Claim) {
        mail[partition(of: claim.gift.subject), default: []].append(.claim(claim))
    }

    /// Takes a subscriber out of the shard, to be put back after it was changed.
    mutating func take(_ number: String) -> Subscriber { subscribers.removeValue(forKey: number) ?? Subscriber() }

    mutating func put(_ number: String, _ subscriber: Subscriber) { subscribers[number] = subscriber }

    /// Reads a record in the shard where it stands, or in its subject's, where it came by mail or comes once more by a
    /// request.
    mutating func read(_ record: TestRecord, in shard: Int32, isMail: Bool) -> Outcome? {
        guard let topic = topics[record.topic] else { return nil }
        let reading = EventReading(record: record, topic: topic)
        if reading.isTooLarge { return letter(.badPayload, record, shard, id: nil, time: nil) }
        let json = record.value.flatMap(JSON.init)
        if !isMail, let subject = EventReading.subject(of: json), partition(of: subject) != shard {
            mail[partition(of: subject), default: []].append(.event(record))
            return Outcome(decision: .forwarded)
        }
        do {
            let event = try reading.event(json)
            if case .receipt(let receipt) = event.body {
                return settle(receipt, event, record, shard, isMail: isMail)
            }
            return decide(event, topic, record, shard)
        } catch {
            return letter(error.reason, record, shard, id: error.eventID, time: error.eventTime)
        }
    }
}
