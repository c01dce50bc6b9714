import Campaign
import Kafka

/// One thread with one consumer, one transactional producer and its shards. It performs what `LaneDecisions` says and
/// reports what came of it. Made, run and dropped on one thread.
struct Lane: ~Copyable {
    /// Bounds of single calls, in milliseconds. A call that runs out of time is made again.
    private static let callMs: Int32 = 5000
    /// A batch closes at so many bytes of input.
    private static let batchBytes = 8 << 20
    /// Records asked for at once, so that a batch of large ones does not grow far beyond its bytes.
    private static let chunk = 256
    /// The longest single wait for records, so that a stop is seen soon.
    private static let longestPollMs: Int64 = 100
    /// Subscribers whose deadlines fire in one transaction.
    private static let deadlinesAtOnce = 1000
    /// The brokers forget offsets of topics that the group does not subscribe to (KAFKA-8338), after 7 days by default.
    private static let positionsEveryMs: Int64 = 3_600_000

    let configuration: LaneConfiguration
    let signals: LaneSignals
    var session: Session
    var batch = RecordBatch()
    var desk: ShardDesk
    private var decisions = LaneDecisions()
    private var horizons: Horizons
    private var report: LaneReport
    private var timing: BatchTiming
    private var positionsSent = Clock.monotonicMilliseconds()
    private var isReady = false

    init(_ configuration: LaneConfiguration, _ signals: LaneSignals) throws(KafkaFailure) {
        let session = try Self.join(configuration)
        let watcher = try EndsWatcher(
            configuration.kafka, topics: configuration.inputNames, log: configuration.kafkaLog)
        self.configuration = configuration
        self.signals = signals
        self.session = session
        desk = ShardDesk(configuration)
        timing = BatchTiming(interval: configuration.commitIntervalMilliseconds)
        horizons = Horizons(watcher)
        report = LaneReport(
            signals.vitals, lane: configuration.lane, partitionCount: configuration.partitionCount)
    }

    private static func join(_ configuration: LaneConfiguration) throws(KafkaFailure) -> Session {
        try Session(
            consumer: configuration.consumerProperties, producer: configuration.kafka, groupID: configuration.group,
            groupInstanceID: configuration.name, transactionalID: configuration.name,
            leadTopic: configuration.inputNames[0], followingTopics: Array(configuration.inputNames.dropFirst()),
            outputTopics: configuration.outputNames, log: configuration.kafkaLog)
    }

    /// Runs until it is asked to stop, or can't go on.
    mutating func run() -> Stop {
        var action = LaneDecisions.Action.connect
        while true {
            report.willPerform(action)
            if case .stop(let stop) = action { return stop }
            let outcome = perform(action)
            if case .failed(let reaction, let text) = outcome {
                configuration.log.write(
                    .warn, "call-failed", text, ["lane": "\(configuration.name)", "reaction": "\(reaction)"])
            }
            action = decisions.next(after: outcome)
            report.didDecide(decisions)
        }
    }

    private mutating func perform(_ action: LaneDecisions.Action) -> LaneDecisions.Outcome {
        do throws(KafkaFailure) {
            switch action {
            case .connect: try session.initTransactions(timeoutMs: Self.callMs)
            case .poll: return .polled(try poll())
            case .restore(let partitions): return restore(partitions)
            case .assign(let partitions): try assign(partitions)
            case .release(let partitions): try release(partitions)
            case .decide(let work): return decide(work)
            case .begin: try session.begin()
            case .produce: try session.produce(desk.outbox)
            case .sendOffsets: try session.sendOffsets(desk.offsets(), timeoutMs: Self.callMs)
            case .commit:
                try session.commit(timeoutMs: Self.callMs)
                return .ended(unansweredRequests: session.unansweredRequests)
            case .adopt(let work): adopt(work)
            case .abort:
                try session.abort(timeoutMs: -1)
                return .ended(unansweredRequests: session.unansweredRequests)
            case .rewind: try rewind()
            case .renew: try session.renewProducer()
            case .rejoin: try rejoin()
            case .pause(let milliseconds): signals.wait(lane: configuration.lane, atMostMs: milliseconds)
            case .stop: break
            }
            return .done
        } catch {
            return failed(error)
        }
    }

    private func failed(_ failure: KafkaFailure) -> LaneDecisions.Outcome {
        let cause = session.cause(of: failure)
        return .failed(cause.reaction, configuration.rights.words(cause))
    }

    // MARK: Collecting

    private mutating func poll() throws(KafkaFailure) -> LaneDecisions.Polled {
        var polled = LaneDecisions.Polled()
        // Before anything is collected: only then is it known how far this lane has read.
        polled.hasDueDeadlines = batch.count == 0 && findDueDeadlines()
        describeShards()
        let limit = max(1, configuration.commitRecords / decisions.batchDivisor)
        repeat {
            let before = batch.count
            // The first record is waited for alone: the brokers have collected already.
            let maximum = before == 0 ? 1 : min(Self.chunk, limit - before)
            let wait = before == 0 ? timing.interval : timing.wait(at: Clock.monotonicMilliseconds())
            try session.poll(into: &batch, maximum: maximum, timeoutMs: Int32(min(wait, Self.longestPollMs)))
            let now = Clock.monotonicMilliseconds()
            if before == 0 { timing.open(at: now) }
            polled.rebalances = session.takeRebalances()
            polled.isComplete =
                batch.count > 0
                && (batch.count >= limit || batch.bytes >= Self.batchBytes
                    || timing.isOver(at: now, nothingWaits: batch.count - before < maximum))
        } while batch.count > 0 && !polled.isComplete && polled.rebalances.isEmpty && !signals.stopRequested
        if polled.isComplete {
            timing.close(at: Clock.monotonicMilliseconds())
            session.wakeFetching(desk.shards.map(\.partition))
        }
        polled.records = batch.count
        polled.positionsAreOld = Clock.monotonicMilliseconds() - positionsSent >= Self.positionsEveryMs
        polled.stopRequested = signals.stopRequested
        return polled
    }

    private mutating func findDueDeadlines() -> Bool {
        let now = Clock.now()
        horizons.takeAnswers(now: now)
        var isDue = false
        for shard in desk.shards {
            if let deadline = shard.earliestLateGift(now), advance(shard, .receipts, to: deadline, now) { isDue = true }
            guard let deadline = shard.earliestEndOfGrace, deadline <= now else { continue }
            if advance(shard, .all, to: deadline, now) { isDue = true }
        }
        return isDue
    }

    private mutating func advance(
        _ shard: Shard, _ scope: Horizons.Scope, to deadline: Timestamp, _ now: Timestamp
    ) -> Bool {
        let positions = positions(of: shard)
        return horizons.advance(shard.partition, scope, to: deadline, now: now) { positions[Int($0.rawValue)] }
    }

    /// Tells others how far the shards are; once in a while, and like the deadlines before anything is collected.
    private mutating func describeShards() {
        guard batch.count == 0, report.shardsAreDue() else { return }
        report.describe(desk.shards.map { ($0, positions(of: $0)) })
    }

    /// By `InputTopic`.
    private func positions(of shard: Shard) -> [Int64] { InputTopic.allCases.map { position(of: $0, shard) } }

    /// The next offset to read: what is applied, or beyond it what librdkafka stepped over. While records wait in the
    /// batch, librdkafka's position is ahead of what is applied and does not count.
    private func position(of topic: InputTopic, _ shard: Shard) -> Int64 {
        let own = shard.stagedPosition(of: topic) ?? 0
        guard batch.count == 0 else { return own }
        return max(own, session.position(topic: Int(topic.rawValue), partition: shard.partition) ?? own)
    }

    // MARK: Shards

    private mutating func restore(_ partitions: [Int32]) -> LaneDecisions.Outcome {
        let started = Clock.monotonicMilliseconds()
        horizons.forget(partitions)
        do throws(Restore.Failure) {
            desk.replace(try Restore(configuration: configuration).shards(partitions, session))
        } catch {
            switch error {
            case .kafka(let failure): return failed(failure)
            case .stop(let stop): return .impossible(stop)
            }
        }
        report.restored()
        configuration.log.write(
            .info, "restored", "state restored",
            [
                "lane": "\(configuration.name)", "partitions": "\(partitions)",
                "milliseconds": .integer(Clock.monotonicMilliseconds() - started),
            ])
        return .done
    }

    private mutating func assign(_ partitions: [Int32]) throws(KafkaFailure) {
        try session.assign(desk.places(of: partitions))
        if partitions.isEmpty { becomeReady() }
    }

    private mutating func release(_ partitions: [Int32]) throws(KafkaFailure) {
        batch.removePartitions(partitions)
        desk.remove(partitions)
        horizons.forget(partitions)
        try session.unassign(partitions)
        configuration.log.write(
            .info, "released", "partitions went elsewhere",
            ["lane": "\(configuration.name)", "partitions": "\(partitions)"])
    }

    private mutating func rejoin() throws(KafkaFailure) {
        let all = desk.shards.map(\.partition)
        desk.rollback()
        desk.remove(all)
        horizons.forget(all)
        batch.release()
        session = try Self.join(configuration)
    }

    // MARK: Transactions

    private mutating func decide(_ work: LaneDecisions.Work) -> LaneDecisions.Outcome {
        do throws(StateError) {
            switch work {
            case .batch:
                try desk.apply(batch)
            case .deadlines:
                for shard in desk.shards {
                    try desk.fireDeadlines(
                        of: shard, gifts: horizons.horizon(of: shard.partition, .receipts),
                        grace: horizons.horizon(of: shard.partition, .all),
                        limit: max(1, Self.deadlinesAtOnce / decisions.batchDivisor))
                }
            case .positions(let partitions):
                for shard in desk.shards where partitions.contains(shard.partition) {
                    for topic in InputTopic.allCases { shard.advance(topic, to: position(of: topic, shard)) }
                    desk.touch(shard)
                }
            }
        } catch {
            return .impossible(Stop(error))
        }
        return .decided(hasWork: desk.closeOutbox())
    }

    private mutating func adopt(_ work: LaneDecisions.Work) {
        report.adopted(desk.tally, desk.arrivals)
        desk.commit()
        switch work {
        case .batch:
            signals.laneHasDone(records: batch.count)
            batch.release()
        case .deadlines: break
        case .positions:
            positionsSent = Clock.monotonicMilliseconds()
            becomeReady()
        }
    }

    private mutating func rewind() throws(KafkaFailure) {
        desk.rollback()
        batch.release()
        try session.seek(desk.places(of: decisions.owned.sorted()), timeoutMs: Self.callMs)
    }

    private mutating func becomeReady() {
        guard !isReady else { return }
        isReady = true
        signals.laneIsReady()
    }
}
