/// A credit command and what became of it: a grant, or a reverse.
struct Credit: Hashable, Sendable {
    enum Stage: Hashable, Sendable {
        /// A reverse that is decided but not sent: its grant was refused.
        case held
        /// Sent, and not answered.
        case awaiting
        /// Answered as it must be.
        case confirmed
        /// It has a letter, OPEN or PARKED.
        case failed
        /// Sent again at a request; its letter is REPLAYING.
        case replaying
        /// A reverse that found nothing to take back: its grant was refused.
        case void
        /// A grant that was reversed in full when it was to be sent again.
        case withdrawn
        /// A person gave its letter up.
        case discarded
    }

    /// The letter of a gift that failed, or is replayed.
    struct Failure: Hashable, Sendable {
        var reason: Reason
        var isRetryable: Bool
        var firstFailedAt: Int64
        /// How many replays were begun.
        var replays = 0
    }

    let command: ExpectedCommand
    var stage: Stage
    /// The last answer since it was sent last; once it is confirmed, the good one.
    var answer: Answer?
    /// The last bad answer after it was confirmed.
    var objection: Answer?
    var failure: Failure?
    /// When it is late if it is waited for.
    var deadline: Int64
    /// The command as it was written; empty until the oracle was told.
    var bytes: [UInt8] = []

    var id: String { command.id }

    var letterID: String { "gift/" + id }

    var isWaitedFor: Bool { stage == .awaiting || stage == .replaying }

    /// Billing refused it, and was not asked again.
    var isRefused: Bool { answer?.outcome == .rejected }

    /// A letter stands there because billing had not credited the grant.
    var standsAtNoGrant: Bool { stage == .failed && answer?.isNoGrant == true }

    /// What it moved: what the answer says, the whole while there is none.
    var movedFen: Int64 { stage == .held ? 0 : answer?.fen ?? command.totalFen }

    /// The command as it goes out again.
    var copy: ExpectedCommand {
        var copy = command
        copy.sentBefore = bytes
        return copy
    }

    func isGood(_ answer: Answer) -> Bool { answer.outcome == .credited && answer.fen == command.totalFen }

    /// True if an answer with this timestamp comes after the deadline.
    func isLate(_ timestamp: Int64) -> Bool { isWaitedFor && timestamp > deadline }
}
