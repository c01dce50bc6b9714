/// Partition p of every co-partitioned topic, with all the state of its subscribers: an actor whose mailbox is Kafka.
///
/// What a batch changes is staged: `commit` adopts it once its transaction is committed, `rollback` forgets it.
/// A shard belongs to one lane and is used on that lane's thread alone.
public final class Shard {
    /// Its number.
    public let partition: Int32

    let campaign: CampaignFile
    var subscribers = SubscriberTable()
    var deadlines = DeadlineIndex()
    /// Deadlines that the running batch took out of the index.
    var firing: [(deadline: Timestamp, number: PhoneNumber)] = []
    var totals = TotalsTable()
    var record: ShardRecord
    var stagedRecord: ShardRecord
    /// The text of the campaign file that the changelog has; nil when it has none.
    var keptCampaign: String?

    private var subscriber = Subscriber()
    private var encoded = Writer()

    /// A shard of which nothing is known yet; then come the changelog's records, then `finishRestore`.
    public init(partition: Int32, partitionCount: Int32, campaign: CampaignFile) {
        self.partition = partition
        self.campaign = campaign
        record = ShardRecord(partitionCount: partitionCount, campaign: campaign.campaign)
        stagedRecord = record
    }

    /// How many subscribers are known.
    public var subscriberCount: Int { subscribers.count }

    /// The earliest deadline of any subscriber; nil when there is none.
    public var earliestDeadline: Timestamp? { deadlines.earliest }

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
        switch decoded.result {
        case .failure(let fault):
            effects.append(
                .letter(
                    Letter(
                        source: record, fault: fault, stage: .decode, eventID: decoded.id, eventTime: decoded.time,
                        rulesVersion: decoded.time.flatMap { campaign.version(at: $0)?.version }, failedAt: now)))
            return .dead(fault.rejection)
        case .success(let event):
            return try apply(event, of: record, now: now, into: &effects)
        }
    }

    private func apply(
        _ event: Event, of record: SourceRecord, now: Timestamp, into effects: inout [Effect]
    ) throws(StateError) -> Decision {
        let given = Circumstances(campaign: campaign, record: record, now: now)
        try load(event.subject)
        let first = effects.count
        let decision = subscriber.decide(event, given, into: &effects)
        guard decision.changesState else { return decision }
        stage(event.subject)
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
        let decision = subscriber.decide(claim, now: now, into: &effects)
        guard case .commanded = decision else { return decision }
        stage(claim.helper)
        count(effects, from: first, at: claim.eventTime) { _ in }
        return decision
    }

    /// Ends what is due at or before `horizon`, for at most `limit` subscribers; the earliest first.
    ///
    /// `horizon` must be a moment up to which this shard has read all that was published.
    /// The effects' texts live until the commit or the rollback.
    public func fireDeadlines(
        upTo horizon: Timestamp, now: Timestamp, limit: Int, into effects: inout [Effect]
    ) throws(StateError) {
        while firing.count < limit, let due = deadlines.takeDue(horizon) {
            firing.append(due)
            guard let kept = subscribers.record(of: due.number), SubscriberRecord.deadline(of: kept) == due.deadline
            else { continue }
            try load(due.number)
            if campaign.window.lastPublication <= horizon { subscriber.endGrace(now: now, into: &effects) }
            stage(due.number)
        }
    }

    private func load(_ number: PhoneNumber) throws(StateError) {
        guard let kept = subscribers.record(of: number) else { return subscriber.removeAll() }
        do throws(Reader.Malformed) {
            try subscriber.read(kept)
        } catch {
            throw .unreadable("a subscriber's record of campaign-state")
        }
    }

    private func stage(_ number: PhoneNumber) {
        encoded.removeAll()
        let waits = subscriber.waitsForEndOfGrace
        encoded.put(subscriber, deadline: waits ? campaign.window.lastPublication : SubscriberRecord.noDeadline)
        subscribers.stage(encoded.bytes, of: number)
    }

    private func count(_ effects: [Effect], from first: Int, at time: Timestamp, _ add: (inout HourlyTotals) -> Void) {
        totals.stage(ofHour: time.hour) { hour in
            add(&hour)
            for index in first..<effects.count {
                if case .command(let command) = effects[index] { hour.add(command) }
            }
        }
    }
}
