import Kafka

@testable import Worker

/// What is true in a world with a broker, a group and a lane that does what `LaneDecisions` says. It knows nothing of how
/// the decisions are made: it holds each action against what may be done now, and plays what came of it.
struct LaneWorld: Hashable {
    /// How far the open transaction is.
    enum Transaction: Hashable { case none, begun, produced, offsetsSent }
    /// What the producer can do.
    enum Producer: Hashable { case new, ready, finished }
    /// What the group waits to be answered, oldest first.
    enum Question: Hashable {
        case assigned([Int32])
        case released([Int32])
    }

    private(set) var producer = Producer.new
    private(set) var transaction = Transaction.none
    private(set) var questions: [Question] = []
    /// Shards made from the changelog that nothing fetches for yet.
    private(set) var restored: Set<Int32> = []
    private(set) var owned: Set<Int32> = []
    /// Partitions whose offsets were committed since they were assigned.
    private(set) var announced: Set<Int32> = []
    /// Work that was decided: it stands staged in the shards until it is adopted or dropped.
    private(set) var staged: String?
    private(set) var stagedHasWork = false
    private(set) var stagedPartitions: [Int32] = []
    private(set) var isCommitted = false
    /// The shards' state is not known to be what is committed: they must be made anew.
    private(set) var mustRestore = false
    /// The batch must be dropped and fetched again.
    private(set) var mustRewind = false
    /// A request about the last transaction got no answer.
    private(set) var mustRenew = false
    private(set) var stopRequested = false
    /// Records were collected, and neither decided nor dropped.
    private(set) var hasBatch = false
    /// Deadlines were seen to be due, and not fired.
    private(set) var hasDeadlines = false
    /// An hour has passed since the offsets were sent.
    private(set) var positionsAreOld = false
    /// A failure that must be tried again: the same action comes after a pause.
    private(set) var retried: String?
    private(set) var hasPaused = false
    private(set) var stop: ExitCode?

    /// Why this action may not be performed now; nil when it may.
    func objection(to action: LaneDecisions.Action) -> String? {
        if stop != nil { return "an action after the stop" }
        if let retried, !isPause(action), !isStop(action) {
            guard hasPaused else { return "no pause before the next try" }
            let askedFirst = mustRestore && action == .poll  // perhaps it is another's by now
            guard retried == "\(action)" || (retried == "connect" && action == .renew) || askedFirst else {
                return "\(retried) was to be tried again"
            }
        }
        switch action {
        case .connect: return producer == .new ? nil : "the producer is connected"
        case .poll: return objectionToPolling()
        case .restore(let partitions): return objection(toRestoring: partitions)
        case .assign(let partitions):
            guard questions.first == .assigned(partitions) else { return "the group did not assign this first" }
            if !restored.isSuperset(of: partitions) { return "fetching begins before the state is there" }
            return mustRestore ? "the state must be restored first" : betweenTransactions
        case .release(let partitions):
            guard questions.first == .released(partitions) else { return "the group did not take this first" }
            return betweenTransactions
        case .decide(let work): return objection(toDeciding: work)
        case .begin:
            guard staged != nil, stagedHasWork, !isCommitted else { return "there is nothing to commit" }
            if mustRenew { return "a transaction of a producer that must be renewed" }
            return transaction == .none && producer == .ready ? nil : "no transaction can begin"
        case .produce: return transaction == .begun ? nil : "produced out of order"
        case .sendOffsets: return transaction == .produced ? nil : "offsets out of order"
        case .commit: return transaction == .offsetsSent ? nil : "a commit without offsets"
        case .adopt(let work):
            guard staged == "\(work)" else { return "adopts what was not decided" }
            return isCommitted || !stagedHasWork ? nil : "adopts what is not committed"
        case .abort: return transaction != .none && producer == .ready ? nil : "there is nothing to abort"
        case .rewind: return transaction == .none ? nil : "rewinds in an open transaction"
        case .renew:
            guard mustRenew || producer != .ready else { return "a good producer is replaced" }
            return transaction == .none || producer == .finished ? nil : "leaves a transaction open"
        case .rejoin: return transaction == .none && staged == nil ? nil : "leaves work behind"
        case .pause: return nil
        case .stop: return nil
        }
    }

    private var betweenTransactions: String? {
        if transaction != .none { return "a transaction is open" }
        if staged != nil { return "staged work is neither adopted nor dropped" }
        if mustRewind { return "the batch must be rewound first" }
        if producer != .ready { return "the producer is not ready" }
        return nil
    }

    private func objectionToPolling() -> String? {
        if !questions.isEmpty { return "the group waits for an answer" }
        return betweenTransactions
    }

    private func objection(toRestoring partitions: [Int32]) -> String? {
        if transaction != .none { return "a transaction is open" }
        if producer != .ready { return "the producer is not ready" }
        if mustRestore { return Set(partitions) == owned ? nil : "not all that is owned is restored" }
        guard staged == nil else { return "staged work is neither adopted nor dropped" }
        return questions.first == .assigned(partitions) ? nil : "nobody asked for these shards"
    }

    private func objection(toDeciding work: LaneDecisions.Work) -> String? {
        if work == .batch, !hasBatch { return "decides a batch that is not there" }
        if work == .deadlines, !hasDeadlines { return "fires deadlines that nobody saw" }
        switch work {
        case .batch, .deadlines:
            if !owned.isSubset(of: announced) { return "a batch before the positions of \(owned) are announced" }
        case .positions(let partitions):
            if !owned.isSuperset(of: partitions) { return "positions of what is not owned" }
            if announced.isSuperset(of: partitions), !positionsAreOld || partitions.isEmpty {
                return "positions that were announced already"
            }
        }
        return mustRestore ? "the state must be restored first" : objectionToPolling()
    }

    /// Plays what came of an action.
    mutating func play(_ action: LaneDecisions.Action, _ outcome: LaneDecisions.Outcome) {
        if !isPause(action) {
            retried = nil
            hasPaused = false
        }
        switch outcome {
        case .failed(let reaction, _): fail(action, reaction)
        case .impossible: staged = staged ?? "nothing that counts"
        default: succeed(action, outcome)
        }
    }

    private mutating func succeed(_ action: LaneDecisions.Action, _ outcome: LaneDecisions.Outcome) {
        switch action {
        case .connect: producer = .ready
        case .poll:
            guard case .polled(let found) = outcome else { return }
            questions += found.rebalances.map(Question.init)
            stopRequested = found.stopRequested
            hasBatch = found.records > 0
            hasDeadlines = found.hasDueDeadlines
            positionsAreOld = found.positionsAreOld
        case .restore(let partitions):
            if mustRestore {
                staged = nil
                mustRestore = false
                mustRewind = true
            } else {
                restored.formUnion(partitions)
            }
        case .assign(let partitions):
            questions.removeFirst()
            owned.formUnion(partitions)
            restored.subtract(partitions)
        case .release(let partitions):
            questions.removeFirst()
            owned.subtract(partitions)
            announced.subtract(partitions)
            if owned.isEmpty { mustRestore = false }
        case .decide(let work):
            guard case .decided(let hasWork) = outcome else { return }
            staged = "\(work)"
            stagedHasWork = hasWork
            if case .positions(let partitions) = work { stagedPartitions = partitions } else { stagedPartitions = [] }
            isCommitted = false
        case .begin: transaction = .begun
        case .produce: transaction = .produced
        case .sendOffsets: transaction = .offsetsSent
        case .commit, .abort:
            guard case .ended(let unansweredRequests) = outcome else { return }
            transaction = .none
            if unansweredRequests != 0 { mustRenew = true }
            if action == .commit { isCommitted = true } else { mustRewind = true }
        case .adopt(let work):
            announced.formUnion(stagedPartitions)
            if work == .batch { hasBatch = false }
            if work == .deadlines { hasDeadlines = false }
            if case .positions = work { positionsAreOld = false }
            drop()
        case .rewind:
            drop()
            mustRewind = false
            hasBatch = false
            hasDeadlines = false
        case .renew:
            producer = .new
            transaction = .none
            mustRenew = false
        case .rejoin:
            let stopWasRequested = stopRequested
            self = LaneWorld()
            stopRequested = stopWasRequested
        case .pause: hasPaused = true
        case .stop(let end): stop = end.exitCode
        }
    }

    private mutating func drop() {
        staged = nil
        stagedPartitions = []
        isCommitted = false
    }

    private mutating func fail(_ action: LaneDecisions.Action, _ reaction: Reaction) {
        switch (action, reaction) {
        case (_, .retry), (_, .unreachable): retried = "\(action)"
        case (.connect, _):
            retried = "connect"
            producer = .finished
        case (.begin, .abort), (.produce, .abort), (.sendOffsets, .abort), (.commit, .abort):
            if transaction == .none { transaction = .begun }
        case (.begin, _), (.produce, _), (.sendOffsets, _), (.commit, _), (.abort, _):
            // A commit that ended so may have been one or not, and nobody can tell.
            producer = .finished
            transaction = .none
            mustRewind = true
            mustRestore = !owned.isEmpty
        default: break
        }
    }

    private func isPause(_ action: LaneDecisions.Action) -> Bool {
        if case .pause = action { return true }
        return false
    }

    private func isStop(_ action: LaneDecisions.Action) -> Bool {
        if case .stop = action { return true }
        return false
    }
}

extension LaneWorld.Question {
    fileprivate init(_ rebalance: Rebalance) {
        switch rebalance {
        case .assigned(let partitions): self = .assigned(partitions)
        case .revoked(let partitions), .lost(let partitions): self = .released(partitions)
        }
    }
}
