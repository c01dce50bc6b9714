public import TestSupport

/// What a shard does next.
public enum Step: Hashable, Sendable {
    /// It reads a record of `recharge-events` or `assist-events` in its partition.
    case record(TestRecord)
    /// It reads its next mail; nothing happens if there is none.
    case mail(shard: Int32)

    /// The shard that takes the step.
    public var shard: Int32 {
        switch self {
        case .record(let record): record.partition
        case .mail(let shard): shard
        }
    }
}

/// The campaign as the contract's sections 2 to 5 and 7 have it, without budget, receipts and replays: slow, obvious,
/// and written without a look at the worker.
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

    /// The campaign.
    public let campaign: OracleCampaign
    /// Partitions of each topic.
    public let partitions: Int32
    /// Ids that are remembered for one subscriber.
    public let rememberedEvents: Int
    private let topics: [String: EventTopic]

    /// All accepted assists by event id.
    public internal(set) var acceptedAssists: [String: Accepted] = [:]
    /// All gifts of decided recharges without their assist line, by command id, also those without a line.
    public internal(set) var rechargeGifts: [String: ExpectedCommand] = [:]
    /// All claims of helpers, in the order they were read.
    public internal(set) var claims: [Claim] = []

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
        topics = Dictionary(uniqueKeysWithValues: EventTopic.allCases.map { (topicsPrefix + $0.rawValue, $0) })
    }

    /// True if a shard has mail that it did not read yet.
    public func hasMail(_ shard: Int32) -> Bool { !(mail[shard] ?? []).isEmpty }

    /// Takes one step; nil if there was nothing to do.
    public mutating func step(_ step: Step) -> Outcome? {
        switch step {
        case .record(let record):
            return read(record, in: record.partition, isMail: false)
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
                add(
                    letter: .reversalWithoutOriginal, reversal.record, shard, id: reversal.event.id,
                    time: reversal.event.time, to: &outcome)
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

    func letter(_ reason: Reason, _ record: TestRecord, _ shard: Int32, id: String?, time: Int64?) -> Outcome {
        var outcome = Outcome(decision: .letter(reason))
        add(letter: reason, record, shard, id: id, time: time, to: &outcome)
        return outcome
    }

    private func add(
        letter reason: Reason, _ record: TestRecord, _ shard: Int32, id: String?, time: Int64?,
        to outcome: inout Outcome
    ) {
        let letter = ExpectedLetter(record: record, reason: reason, partition: shard, eventID: id, eventTime: time)
        outcome.letters.append(letter)
        outcome.statuses.append(
            ExpectedStatus(letterID: letter.id, partition: shard, state: "OPEN", reason: reason))
    }

    private mutating func read(_ record: TestRecord, in shard: Int32, isMail: Bool) -> Outcome? {
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
            return decide(event, topic, record, shard)
        } catch {
            return letter(error.reason, record, shard, id: error.eventID, time: error.eventTime)
        }
    }
}
