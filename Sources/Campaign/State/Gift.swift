/// A credit command, a grant or a reverse, and what came of it (contract, sections 5 and 6). A gift counts as done when
/// billing says so.
public struct Gift: Equatable {
    /// Where it stands. Numbers stand in the state and are never reused.
    enum Stage: UInt8, CaseIterable {
        /// A reverse that is decided and not sent: billing refused its grant, so there is nothing to take back.
        case held = 1
        /// Sent, and billing has until the deadline to answer.
        case awaiting = 2
        /// Billing did what the command says.
        case confirmed = 3
        /// It has a letter, OPEN or PARKED.
        case failed = 4
        /// It was sent again for its letter, which is REPLAYING; billing has until the deadline to answer.
        case replaying = 5
        /// A reverse that billing could not execute, for it had refused the grant: nothing to wait for.
        case void = 6
        /// A grant that was reversed in full before its letter was replayed: it is not sent again.
        case withdrawn = 7
        /// A person discarded its letter: it is not waited for.
        case discarded = 8
    }

    /// What billing said of a command.
    enum Answer: Equatable {
        /// Nothing since it was sent last.
        case none
        /// It credited so many fen; of a reverse, it took them back.
        case credited(Fen)
        /// It refused. `isRetryable`: the refusal may pass. `hasNoGrant`: it has not credited what the reverse takes back.
        case refused(isRetryable: Bool, hasNoGrant: Bool)

        var isRefusal: Bool {
            if case .refused = self { true } else { false }
        }

        var hasNoGrant: Bool {
            if case .refused(_, let hasNoGrant) = self { hasNoGrant } else { false }
        }
    }

    /// Its dead letter, while that is neither RESOLVED nor DISCARDED.
    struct OpenLetter: Equatable {
        var reason: Rejection
        /// How often it was replayed.
        var replays: Int64
        var firstFailedAt: Timestamp
    }

    var stage: Stage
    /// What the command gives or takes back.
    var lines: Lines
    /// The rules version that decided.
    var rulesVersion: Int64
    /// When it was sent first, as its `time` says for ever.
    var issued: Timestamp
    /// As the command says it for ever.
    var confirmBy: Timestamp
    /// When we stop waiting: `confirmBy`, and later once it was sent again.
    var deadline: Timestamp
    /// The causing event's trace context; none when there is none.
    var traceparent: Bytes
    /// Billing's latest answer.
    var answer = Answer.none
    /// The latest answer that contradicts the good one.
    var contradiction = Answer.none
    var letter: OpenLetter?

    /// A command that is sent now.
    init(_ lines: Lines, rulesVersion: Int64, traceparent: Bytes, now: Timestamp, confirmWithin: Duration) {
        stage = .awaiting
        self.lines = lines
        self.rulesVersion = rulesVersion
        self.traceparent = traceparent
        issued = now
        confirmBy = now + confirmWithin
        deadline = confirmBy
    }

    /// What it counts for in the sums: what the answer says, the whole command while there is none.
    var countedFen: Fen {
        if stage == .held { return 0 }
        switch answer {
        case .none: return lines.total
        case .credited(let fen): return fen
        case .refused: return 0
        }
    }

    /// True while billing has to answer before the deadline.
    var isWaitedFor: Bool { stage == .awaiting || stage == .replaying }
}

/// What a shard's commands add up to.
struct GiftSums: Equatable {
    /// Grants: what billing credited, the whole command while it has not answered.
    var grantedFen: Fen = 0
    /// Reverses, likewise.
    var reversedFen: Fen = 0
    /// Grants that billing confirmed.
    var confirmedFen: Fen = 0
    /// Commands that billing has to answer.
    var waiting: Int64 = 0
    /// Commands with an open letter, one number for each of its reasons.
    var delayed: Int64 = 0
    var rejected: Int64 = 0
    var mismatched: Int64 = 0

    static func += (left: inout GiftSums, right: GiftSums) {
        left.grantedFen &+= right.grantedFen
        left.reversedFen &+= right.reversedFen
        left.confirmedFen &+= right.confirmedFen
        left.waiting &+= right.waiting
        left.delayed &+= right.delayed
        left.rejected &+= right.rejected
        left.mismatched &+= right.mismatched
    }

    /// Adds what a gift counts for, or takes it away. Sums may wrap: what billing says has no bound, and must not end us.
    mutating func count(_ gift: Gift, isReverse: Bool, times: Fen) {
        if gift.isWaitedFor { waiting &+= times }
        if let letter = gift.letter { count(letter.reason, times) }
        guard !isReverse else { return reversedFen &+= times &* gift.countedFen }
        grantedFen &+= times &* gift.countedFen
        if gift.stage == .confirmed { confirmedFen &+= times &* gift.lines.total }
    }

    /// How many commands have an open letter of this reason.
    func letters(_ reason: Rejection) -> Int64 {
        switch reason {
        case .giftDelayed: delayed
        case .giftRejected: rejected
        case .giftAmountMismatch: mismatched
        default: 0
        }
    }

    private mutating func count(_ reason: Rejection, _ times: Int64) {
        switch reason {
        case .giftDelayed: delayed &+= times
        case .giftRejected: rejected &+= times
        case .giftAmountMismatch: mismatched &+= times
        default: break
        }
    }
}
