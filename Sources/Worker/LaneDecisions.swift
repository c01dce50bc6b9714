public import Kafka

/// What a lane does next: all decisions of a lane in one value, which takes the outcome of each action and names the
/// next. It knows no broker, so tests walk it through every order of failures.
///
/// A batch goes: poll until it is complete, decide, begin, produce, send offsets, commit, adopt. No transaction is open
/// across a poll, and state moves only after its commit. An abort rewinds to what is committed; a producer that is
/// finished is renewed and all state restored, for nobody can tell whether its last transaction was committed.
public struct LaneDecisions: Sendable {
    /// What a transaction is about.
    public enum Work: Sendable, Equatable {
        /// The collected records.
        case batch
        /// Deadlines that passed.
        case deadlines
        /// The offsets and own records of these shards, moved or not: at assignment, and once an hour.
        case positions([Int32])
    }

    /// What the lane is to do.
    public enum Action: Sendable, Equatable {
        /// Initialise the producer's transactions.
        case connect
        /// Serve the group and add to the batch.
        case poll
        /// Make shards of these partitions from the changelog.
        case restore([Int32])
        /// Start fetching these partitions where their shards stand.
        case assign([Int32])
        /// Drop these partitions' records and shards, and stop fetching them.
        case release([Int32])
        /// Apply the work to the shards and fill the outbox.
        case decide(Work)
        /// Open a transaction.
        case begin
        /// Hand the outbox to the producer.
        case produce
        /// Send the shards' offsets with the transaction.
        case sendOffsets
        /// Commit the transaction.
        case commit
        /// Make what was staged the shards' state.
        case adopt(Work)
        /// Abort the transaction.
        case abort
        /// Drop the batch and what was staged, and fetch again from what is committed.
        case rewind
        /// Replace the producer.
        case renew
        /// Drop everything and join the group anew, with new clients.
        case rejoin
        /// Pause before the next try, in milliseconds.
        case pause(milliseconds: Int32)
        /// End the lane.
        case stop(Stop)
    }

    /// What came of an action.
    public enum Outcome: Sendable, Equatable {
        /// It is done.
        case done
        /// Of `poll`.
        case polled(Polled)
        /// Of `decide`: whether there is anything to commit.
        case decided(hasWork: Bool)
        /// Of `commit` and `abort`: how many of the transaction's requests got no answer.
        case ended(unansweredRequests: Int)
        /// A call failed.
        case failed(Reaction, String)
        /// The state can't go on.
        case impossible(Stop)
    }

    /// What a poll found.
    public struct Polled: Sendable, Equatable {
        /// What the group did, in order.
        public var rebalances: [Rebalance] = []
        /// Records in the batch.
        public var records = 0
        /// The batch is to be closed: by time, records or bytes.
        public var isComplete = false
        /// Deadlines can be fired.
        public var hasDueDeadlines = false
        /// An hour has passed since all offsets were sent.
        public var positionsAreOld = false
        /// The process is to end.
        public var stopRequested = false

        /// Nothing.
        public init() {}
    }

    /// Whether a lane has all that the group gives it.
    public enum Readiness: Sendable, Equatable {
        /// It is not in the group, or has heard nothing from it yet.
        case joining
        /// So many of its partitions are not yet restored.
        case restoring(Int)
        /// It has everything.
        case ready
    }

    /// Failures without a commit in between, before the lane gives up: some minutes.
    public static let mostTries = 100

    /// The action whose outcome comes next.
    private var last = Action.connect
    /// What comes after a pause.
    private var afterPause = Action.poll
    /// What the open transaction is about.
    private var work = Work.batch
    private var rebalances: [Rebalance] = []
    private var polled = Polled()
    private var unannounced: Set<Int32> = []
    private var mustRenew = false
    private var mustRestore = false
    private var tries = 0
    private var isMember = false

    /// Partitions with a shard.
    public private(set) var owned: Set<Int32> = []
    /// The configured records of a batch are divided by this: 4 times more after a transaction that may have been too
    /// much for the producer or its time; 1 again after a commit.
    public private(set) var batchDivisor = 1

    /// Transactions that were aborted, or whose end nobody knows.
    public private(set) var failedTransactions = 0

    /// What the lane lacks now.
    public var readiness: Readiness {
        guard isMember else { return .joining }
        switch last {
        case .restore(let partitions): return .restoring(partitions.count)
        case .assign(let partitions) where !partitions.isEmpty: return .restoring(partitions.count)
        default:
            let missing = mustRestore ? owned.count : unannounced.count
            return missing == 0 ? .ready : .restoring(missing)
        }
    }

    /// The decisions of a lane that begins with `Action.connect`.
    public init() {}

    /// Takes the outcome of the last action and names the next.
    public mutating func next(after outcome: Outcome) -> Action {
        last = action(after: outcome)
        return last
    }

    private mutating func action(after outcome: Outcome) -> Action {
        switch (last, outcome) {
        case (_, .impossible(let stop)): return .stop(stop)
        case (_, .failed(let reaction, let text)): return action(afterFailure: reaction, text)
        case (.connect, _): return pollAgain()
        case (.poll, .polled(let found)): return action(afterPoll: found)
        case (.restore(let partitions), _):
            guard mustRestore else { return .assign(partitions) }
            mustRestore = false
            return .rewind
        case (.assign(let partitions), _):
            owned.formUnion(partitions)
            unannounced.formUnion(partitions)
            return proceed()
        case (.release(let partitions), _):
            owned.subtract(partitions)
            unannounced.subtract(partitions)
            return proceed()
        case (.decide(let work), .decided(let hasWork)):
            self.work = work
            return hasWork ? .begin : .adopt(work)
        case (.begin, _): return .produce
        case (.produce, _): return .sendOffsets
        case (.sendOffsets, _): return .commit
        case (.commit, .ended(let unansweredRequests)):
            mustRenew = unansweredRequests != 0
            tries = 0
            batchDivisor = 1
            return .adopt(work)
        case (.adopt(let work), _):
            finish(work)
            return mustRenew ? .renew : proceed()
        case (.abort, .ended(let unansweredRequests)):
            mustRenew = unansweredRequests != 0
            return .rewind
        case (.rewind, _):
            polled = Polled()
            return mustRenew ? .renew : pollAgain()
        case (.renew, _):
            mustRenew = false
            return .connect
        case (.rejoin, _):
            forgetAll()
            return .connect
        case (.pause, _): return afterPause
        default: return .stop(Stop(.bug, "the lane met \(outcome) after \(last)"))
        }
    }

    private mutating func action(afterPoll found: Polled) -> Action {
        rebalances += found.rebalances
        polled = found
        return proceed()
    }

    /// The next thing to do while no transaction is open.
    private mutating func proceed() -> Action {
        if let action = answerGroup() { return action }
        if mustRestore {
            guard !polled.stopRequested || !rebalances.isEmpty else { return stopAsAsked }
            if !owned.isEmpty { return .restore(owned.sorted()) }
            mustRestore = false
            return proceed()
        }
        if !unannounced.isEmpty { return .decide(.positions(unannounced.sorted())) }
        if polled.hasDueDeadlines { return .decide(.deadlines) }
        // What just failed is not tried again by a lane that is to end.
        if polled.stopRequested, tries > 0 { return stopAsAsked }
        if polled.isComplete || polled.stopRequested, polled.records > 0 { return .decide(.batch) }
        if polled.stopRequested { return stopAsAsked }
        if polled.positionsAreOld, !owned.isEmpty { return .decide(.positions(owned.sorted())) }
        return .poll
    }

    private var stopAsAsked: Action { .stop(Stop(.ok, "stopped as asked")) }

    /// What the group waits for, oldest first. What it takes away is not restored, what it gives comes after that.
    private mutating func answerGroup() -> Action? {
        switch rebalances.first {
        case nil: return nil
        case .revoked(let partitions), .lost(let partitions):
            rebalances.removeFirst()
            return .release(partitions)
        case .assigned(let partitions):
            if mustRestore { return nil }
            isMember = true
            rebalances.removeFirst()
            return partitions.isEmpty ? .assign([]) : .restore(partitions)
        }
    }

    /// The group comes first after a failure: it may have taken what was worked on.
    private mutating func pollAgain() -> Action {
        guard rebalances.isEmpty else { return proceed() }
        return tries == 0 ? .poll : pause(then: .poll)
    }

    private mutating func finish(_ work: Work) {
        switch work {
        case .batch:
            polled.records = 0
            polled.isComplete = false
        case .deadlines: polled.hasDueDeadlines = false
        case .positions(let partitions):
            unannounced.subtract(partitions)
            polled.positionsAreOld = false
        }
    }

    private mutating func action(afterFailure reaction: Reaction, _ text: String) -> Action {
        tries += 1
        switch reaction {
        case .fencedInstance:
            return .stop(
                Stop(.badConfiguration, "another process runs with this WORKER_ID: give each process its own (\(text))")
            )
        case .unauthorised: return .stop(Stop(.notAllowed, text))
        case .misconfigured: return .stop(Stop(.badConfiguration, text))
        case .lostPlace:
            return .stop(
                Stop(
                    .badData,
                    "the next record to read is gone: were records deleted, or a topic made anew? Bring them back from a "
                        + "copy, or end the campaign: delete all its topics, and begin with new ones (\(text))"))
        case .rejoin where tries <= Self.mostTries:
            isMember = false
            return pause(then: .rejoin)
        case .unreachable where tries > Self.mostTries: return .stop(Stop(.unreachable, text))
        case _ where tries > Self.mostTries: return .stop(Stop(.failed, "\(Self.mostTries) tries failed: \(text)"))
        case .retry, .unreachable: return pause(then: canPollFirst ? .poll : last)
        case .abort, .renew, .rejoin, .other: break
        }
        switch last {
        case .begin, .produce, .sendOffsets, .commit:
            failedTransactions += 1
            if last == .commit || last == .produce { batchDivisor = min(batchDivisor * 4, 1 << 20) }
            return reaction == .abort ? .abort : recover()
        case .abort: return recover()
        case .connect: return pause(then: .renew)
        default: return .stop(Stop(.failed, text))
        }
    }

    /// Nobody knows whether the last transaction was committed: all state comes anew from the changelog, but for what
    /// the group has taken meanwhile, which another changes by now.
    private mutating func recover() -> Action {
        mustRestore = true
        mustRenew = true
        return .rewind
    }

    private mutating func forgetAll() {
        rebalances = []
        polled = Polled()
        owned = []
        unannounced = []
        mustRenew = false
        mustRestore = false
    }

    /// A restore that failed may be of partitions that the group has taken.
    private var canPollFirst: Bool {
        guard case .restore = last else { return false }
        return mustRestore && rebalances.isEmpty
    }

    private mutating func pause(then action: Action) -> Action {
        afterPause = action
        return .pause(milliseconds: Int32(min(1000, 20 << min(tries, 6))))
    }
}

/// Why a lane ends, and the process with it.
public struct Stop: Sendable, Equatable {
    /// How the process ends.
    public let exitCode: ExitCode
    /// One line that says what a person should do.
    public let message: String

    /// An end.
    public init(_ exitCode: ExitCode, _ message: String) {
        self.exitCode = exitCode
        self.message = message
    }
}
