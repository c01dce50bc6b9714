/// Partition p of every co-partitioned topic, with all the state of its subscribers: an actor whose mailbox is Kafka.
///
/// What a batch changes is staged: `commit` adopts it once its transaction is committed, `rollback` forgets it.
/// A shard belongs to one lane and is used on that lane's thread alone.
public final class Shard {
    /// Its number.
    public let partition: Int32

    let campaign: CampaignFile
    var subscribers = SubscriberTable()
    /// Letters about input records.
    var letters = LetterTable()
    /// When billing's answers are due.
    var giftDeadlines = DeadlineIndex()
    /// For whom something ends with the grace.
    var graceEnds = DeadlineIndex()
    /// What the running batch took out of the two.
    var firing = Firing()
    var totals = TotalsTable()
    var record: ShardRecord
    var stagedRecord: ShardRecord
    /// The text of the campaign file that the changelog has; nil when it has none.
    var keptCampaign: String?

    /// The subscriber at hand, and bytes in the making.
    var subscriber = Subscriber()
    var encoded = Writer()
    /// Makes commands again, to hold requests against them.
    var commands: CommandEncoder
    var originalHeaders = Writer()

    /// Deadlines that the running batch took out of their indexes.
    struct Firing {
        var gifts: [DeadlineIndex.Hint] = []
        var graceEnds: [DeadlineIndex.Hint] = []

        var isEmpty: Bool { gifts.isEmpty && graceEnds.isEmpty }
        var count: Int { gifts.count + graceEnds.count }

        mutating func removeAll() {
            gifts.removeAll(keepingCapacity: true)
            graceEnds.removeAll(keepingCapacity: true)
        }
    }

    /// A shard of which nothing is known yet; then come the changelog's records, then `finishRestore`.
    public init(partition: Int32, partitionCount: Int32, campaign: CampaignFile) {
        self.partition = partition
        self.campaign = campaign
        record = ShardRecord(partitionCount: partitionCount, campaign: campaign.campaign)
        stagedRecord = record
        commands = CommandEncoder(campaign)
    }

    /// How many subscribers are known.
    public var subscriberCount: Int { subscribers.count }

    /// How many letters are open with this reason.
    public func openLetters(_ reason: Rejection) -> Int64 {
        Int64(letters.counts[reason] ?? 0) + record.sums.letters(reason)
    }

    /// How many commands billing has to answer.
    public var giftsWaitedFor: Int64 { record.sums.waiting }

    /// When the earliest of those answers is due, passed or not; nil when there is none. To be asked between batches.
    public var earliestGiftDeadline: Timestamp? { earliestLateGift(SubscriberRecord.noDeadline) }

    /// The earliest moment at or before `now` at which billing's answer to a gift was due; nil when there is none. To be
    /// asked between batches.
    public func earliestLateGift(_ now: Timestamp) -> Timestamp? {
        while let hint = giftDeadlines.earliest, hint.deadline <= now {
            let kept = subscribers.record(of: hint.number)
            if kept.map({ SubscriberRecord.giftDeadline(of: $0) }) == hint.deadline { return hint.deadline }
            giftDeadlines.removeEarliest()
        }
        return nil
    }

    /// When something ends with the grace; nil when nothing waits for it.
    public var earliestEndOfGrace: Timestamp? { graceEnds.earliest?.deadline }

    /// The next offset to read, as committed; nil for a topic that was never followed.
    public func position(of topic: InputTopic) -> Int64? { record.positions[Int(topic.rawValue)] }

    /// The next offset to read once the batch is committed.
    public func stagedPosition(of topic: InputTopic) -> Int64? { stagedRecord.positions[Int(topic.rawValue)] }

    /// Sets where a topic that was never followed is to be read from.
    public func begin(_ topic: InputTopic, at offset: Int64) {
        record.positions[Int(topic.rawValue)] = offset
        stagedRecord.positions[Int(topic.rawValue)] = offset
    }

    /// Sets the next offset to read; it counts with the commit.
    public func advance(_ topic: InputTopic, to offset: Int64) {
        stagedRecord.positions[Int(topic.rawValue)] = offset
    }

    /// Applies an input record that this shard read, or that another sent here.
    ///
    /// The effects' texts live until the decoder decodes the next record.
    public func apply(
        _ record: SourceRecord, _ decoded: DecodedRecord, cameByMail: Bool, now: Timestamp, into effects: inout [Effect]
    ) throws(StateError) -> Decision {
        if !cameByMail, let subject = decoded.subject, subject.partition(of: self.record.partitionCount) != partition {
            effects.append(.forward(record, subject: subject))
            return .forwarded
        }
        let first = effects.count
        let given = Circumstances(campaign: campaign, record: record, cameByMail: cameByMail, now: now)
        let decision = try decide(decoded, given, into: &effects)
        noteLetters(&effects, from: first)
        return decision
    }

    func decide(
        _ decoded: DecodedRecord, _ given: Circumstances, into effects: inout [Effect]
    ) throws(StateError) -> Decision {
        switch decoded.result {
        case .failure(let fault):
            effects.append(
                .letter(
                    Letter(
                        .record(given.record), fault, stage: .decode, eventID: decoded.id, eventTime: decoded.time,
                        rulesVersion: decoded.time.flatMap { campaign.version(at: $0)?.version }, failedAt: given.now)))
            return .dead(fault.rejection)
        case .success(let event):
            return try decide(event, given, into: &effects)
        }
    }

    private func decide(
        _ event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) throws(StateError) -> Decision {
        try load(event.subject)
        let first = effects.count
        let decision = subscriber.decide(event, given, into: &effects)
        guard decision.changesState else { return decision }
        stage(event.subject)
        if case .receipt = event.kind {
            countCommands(effects, from: first)
            return decision
        }
        count(effects, from: first, at: event.time) { $0.add(event, decision) }
        if event.time < campaign.window.end {
            stagedRecord.decidedUntil = max(stagedRecord.decidedUntil ?? event.time, event.time)
        }
        return decision
    }

    /// Applies what another shard tells of an accepted assist.
    public func apply(_ claim: Claim, now: Timestamp, into effects: inout [Effect]) throws(StateError) -> Decision {
        try load(claim.helper)
        let first = effects.count
        let decision = subscriber.decide(claim, now: now, confirmWithin: campaign.confirmWithin, into: &effects)
        guard case .commanded = decision else { return decision }
        stage(claim.helper)
        count(effects, from: first, at: claim.eventTime) { _ in }
        return decision
    }

    /// Ends what is due, for at most `limit` subscribers; the earliest first. The effects' texts live until the commit or
    /// the rollback.
    ///
    /// A horizon is a moment up to which this shard has read all that was published: on `credit-receipts` for gifts, on
    /// all that it follows for the end of grace. Nil: nobody knows of one.
    /// Returns how many assists expired.
    @discardableResult
    public func fireDeadlines(
        gifts: Timestamp?, grace: Timestamp?, now: Timestamp, limit: Int, into effects: inout [Effect]
    ) throws(StateError) -> Int {
        var expired = 0
        let first = effects.count
        while firing.count < limit, let gifts, let due = giftDeadlines.takeDue(gifts) {
            firing.gifts.append(due)
            let kept = subscribers.record(of: due.number)
            guard kept.map({ SubscriberRecord.giftDeadline(of: $0) }) == due.deadline else { continue }
            try load(due.number)
            subscriber.failLateGifts(upTo: gifts, subject: due.number, now: now, into: &effects)
            stage(due.number)
        }
        // Alone, so that nobody is staged twice: the effects' texts are in the records as they were.
        while firing.gifts.isEmpty, firing.count < limit, let grace, let due = graceEnds.takeDue(grace) {
            firing.graceEnds.append(due)
            let kept = subscribers.record(of: due.number)
            guard kept.map({ SubscriberRecord.waitsForEndOfGrace($0) }) ?? false else { continue }
            try load(due.number)
            expired += subscriber.endGrace(now: now, into: &effects)
            stage(due.number)
        }
        noteLetters(&effects, from: first)
        return expired
    }

    func load(_ number: PhoneNumber) throws(StateError) {
        guard let kept = subscribers.record(of: number) else { return subscriber.removeAll() }
        do throws(Reader.Malformed) {
            try subscriber.read(kept)
        } catch {
            throw .unreadable("a subscriber's record of campaign-state")
        }
    }

    func stage(_ number: PhoneNumber) {
        encoded.removeAll()
        encoded.put(subscriber)
        subscribers.stage(encoded.bytes, of: number)
        stagedRecord.sums += subscriber.sums
    }

    private func count(_ effects: [Effect], from first: Int, at time: Timestamp, _ add: (inout HourlyTotals) -> Void) {
        totals.stage(ofHour: time.hour) { hour in
            add(&hour)
            let effects = effects.span
            for index in first..<effects.count {
                if case .command(let command) = effects[index] { hour.add(command) }
            }
        }
    }

    /// Counts commands that another moment's event caused.
    func countCommands(_ effects: [Effect], from first: Int) {
        for index in first..<effects.count {
            guard case .command(let command) = effects[index] else { continue }
            totals.stage(ofHour: command.eventTime.hour) { $0.add(command) }
        }
    }
}
