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
        /// Not waited for, and without a letter.
        case closed
    }

    /// The letter of a gift that failed, or is replayed.
    struct Failure: Hashable, Sendable {
        var reason: Reason
        var isRetryable: Bool
        var firstFailedAt: Int64
    }

    let command: ExpectedCommand
    var stage: Stage
    /// The last answer before it was confirmed, or the one that confirmed it.
    var answer: Answer?
    /// The last bad answer after it was confirmed.
    var objection: Answer?
    var failure: Failure?
    /// How many replays were begun.
    var replays = 0
    /// When it is late if it is waited for.
    var deadline: Int64
    /// The command as it was written; empty until the oracle was told.
    var bytes: [UInt8] = []

    var id: String { command.id }

    var letterID: String { "gift/" + id }

    var isWaitedFor: Bool { stage == .awaiting || stage == .replaying }

    /// Billing refused it, and nobody asks again.
    var isRefused: Bool { answer?.outcome == .rejected && stage != .confirmed && stage != .replaying }

    /// A letter stands there because billing had not credited the grant.
    var standsAtNoGrant: Bool { stage == .failed && answer?.isNoGrant == true }

    /// What it moved: what the answer says, the whole while there is none.
    var movedFen: Int64 {
        switch stage {
        case .held: 0
        case .confirmed: command.totalFen
        default: answer?.fen ?? command.totalFen
        }
    }

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
