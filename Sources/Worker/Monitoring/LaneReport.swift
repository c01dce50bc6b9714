import Campaign
import Kafka
import Synchronization

/// What a lane tells of itself: its pulse with each action, its counts with each commit, its shards once a second.
struct LaneReport {
    private static let shardsEveryMs: Int64 = 1000

    private let vitals: Vitals
    private let lane: Int
    private let partitionCount: Int
    private var readiness = LaneDecisions.Readiness.joining
    private var failedTransactions = 0
    /// When the open transaction began, in microseconds of the monotonic clock.
    private var transactionBegan: Int64?
    private var restoreBegan: Int64 = 0
    private var shardsDescribed: Int64 = 0
    /// Publication of the last decided record, by topic and partition; -1 for none since the start.
    private var decidedMs: [Int64]
    private var events = Histogram.ofEvents

    init(_ vitals: Vitals, lane: Int, partitionCount: Int32) {
        self.vitals = vitals
        self.lane = lane
        self.partitionCount = Int(partitionCount)
        decidedMs = Array(repeating: -1, count: InputTopic.allCases.count * Int(partitionCount))
    }

    private var pulse: LanePulse { vitals.lanes[lane] }

    // MARK: With each action

    mutating func willPerform(_ action: LaneDecisions.Action) {
        let now = Clock.monotonicMicroseconds()
        switch action {
        // These last as long as the broker makes them.
        case .restore, .abort, .stop: pulse.wait()
        default: pulse.move(nowMs: now / 1000)
        }
        switch action {
        case .begin: transactionBegan = now
        case .rewind, .rejoin: transactionBegan = nil
        case .restore: restoreBegan = now
        default: break
        }
    }

    mutating func didDecide(_ decisions: LaneDecisions) {
        if decisions.readiness != readiness {
            readiness = decisions.readiness
            pulse.readiness = readiness
        }
        if decisions.failedTransactions != failedTransactions {
            let more = decisions.failedTransactions - failedTransactions
            failedTransactions = decisions.failedTransactions
            vitals.figures.withLock { $0.aborted += Int64(more) }
        }
    }

    // MARK: With each commit

    /// What was decided is committed, or had nothing to commit.
    mutating func adopted(_ tally: Tally, _ arrivals: Arrivals) {
        guard let began = transactionBegan else { return }
        transactionBegan = nil
        let seconds = Double(Clock.monotonicMicroseconds() - began) / 1_000_000
        note(arrivals, committedMs: Clock.now().milliseconds)
        vitals.figures.withLock { figures in
            figures.tally.add(tally)
            figures.committed += 1
            figures.commits.observe(seconds)
            figures.events.add(events)
        }
    }

    private mutating func note(_ arrivals: Arrivals, committedMs: Int64) {
        events.removeAll()
        for run in arrivals.runs {
            decidedMs[index(run.topic, run.partition)] = run.publishedMs
            // What other shards tell was published by a worker.
            guard run.topic != .mail else { continue }
            events.observe(Double(max(0, committedMs - run.publishedMs)) / 1000, times: run.count)
        }
    }

    private func index(_ topic: InputTopic, _ partition: Int32) -> Int {
        Int(topic.rawValue) * partitionCount + Int(partition)
    }

    func restored() {
        let seconds = Double(Clock.monotonicMicroseconds() - restoreBegan) / 1_000_000
        vitals.figures.withLock { figures in
            figures.restores += 1
            figures.lastRestoreSeconds = seconds
        }
    }

    // MARK: Once a second

    /// Whether the shards are to be described; then they are for a second not.
    mutating func shardsAreDue() -> Bool {
        let now = Clock.monotonicMilliseconds()
        guard now - shardsDescribed >= Self.shardsEveryMs else { return false }
        shardsDescribed = now
        return true
    }

    /// Describes the lane's shards, each with the next offsets to read by `InputTopic`.
    func describe(_ shards: [(shard: Shard, positions: [Int64])]) {
        let confirmWithin = vitals.campaign.confirmWithin
        let described = shards.map { shard, positions in
            Figures.OfShard(
                subscribers: shard.subscriberCount, giftsOpen: shard.giftsWaitedFor,
                oldestGift: shard.earliestGiftDeadline.map {
                    Timestamp(microseconds: $0.microseconds - confirmWithin.microseconds)
                }, lettersOpen: Counts { shard.openLetters($0) },
                progress: zip(InputTopic.allCases, positions).map { topic, position in
                    let decided = decidedMs[index(topic, shard.partition)]
                    return Lag.Progress(
                        place: Lag.Place(topic: topic, partition: shard.partition), offset: position,
                        decidedMs: decided < 0 ? nil : decided)
                })
        }
        vitals.figures.withLock { $0.shards[lane] = described }
    }
}
