import Campaign

/// A billing system that does what the contract's section 4 demands, and misbehaves as often as it is told to.
struct SimulatedBilling {
    /// How often in 100 commands it does what; also in parts.
    struct Misbehaviour: Equatable {
        var rejects = 0.0
        var wrongAmounts = 0.0
        var silence = 0.0
        var late = 0.0
        var doubles = 0.0
    }

    /// An answer to a command: what its receipt says, and how it is sent.
    struct Answer: Equatable {
        var isCredited = true
        var creditedFen: Fen = 0
        var reason: String?
        var isRetryable = false
        /// It comes late.
        var isLate = false
        /// It comes twice.
        var isDoubled = false
    }

    /// What came of the commands so far.
    struct Counts: Equatable {
        var commands = 0
        var copies = 0
        var credited = 0
        var creditedFen: Fen = 0
        var takenBackFen: Fen = 0
        var rejected = 0
        var wrong = 0
        var silent = 0
        var late = 0
        var doubled = 0
    }

    let misbehaviour: Misbehaviour
    let seed: UInt64
    private(set) var counts = Counts()
    /// The first answer to each executed command: its fen.
    private var executed: [String: Fen] = [:]
    private var attempts: [String: UInt64] = [:]

    init(_ misbehaviour: Misbehaviour, seed: UInt64) {
        self.misbehaviour = misbehaviour
        self.seed = seed
    }

    /// Remembers what an earlier run has executed and answered.
    mutating func recall(_ commandID: String, isCredited: Bool, fen: Fen) {
        attempts[commandID, default: 0] += 1
        if isCredited, executed[commandID] == nil { executed[commandID] = fen }
    }

    /// Executes a command; nil when it says nothing. The same command gets the same treatment in each run with the same
    /// seed, whatever comes before it.
    mutating func answer(_ command: PublishedCredit) -> Answer? {
        let attempt = attempts[command.id, default: 0]
        attempts[command.id] = attempt + 1
        counts.commands += 1
        if attempt > 0 { counts.copies += 1 }
        var dice = SeededNumbers(seed: seed &+ fingerprint(command.id) &+ attempt &* 0x9E37_79B9)
        let isSilent = dice.chance(misbehaviour.silence)
        var answer = Answer()
        answer.isLate = dice.chance(misbehaviour.late)
        answer.isDoubled = dice.chance(misbehaviour.doubles)
        let isRefused = dice.chance(misbehaviour.rejects)
        let isWrong = dice.chance(misbehaviour.wrongAmounts)
        if let first = executed[command.id] {
            answer.creditedFen = first
        } else if let grant = command.reverses, executed[grant] == nil {
            answer = refused(answer, "NO_GRANT", isRetryable: false)
        } else if isRefused {
            let passes = dice.chance(50.0)
            answer = refused(answer, passes ? "SYSTEM_BUSY" : "ACCOUNT_CLOSED", isRetryable: passes)
        } else {
            answer.creditedFen = execute(command, isWrong: isWrong)
        }
        if isSilent {
            counts.silent += 1
            return nil
        }
        if answer.isLate { counts.late += 1 }
        if answer.isDoubled { counts.doubled += 1 }
        return answer
    }

    private mutating func refused(_ answer: Answer, _ reason: String, isRetryable: Bool) -> Answer {
        counts.rejected += 1
        var refused = answer
        refused.isCredited = false
        refused.reason = reason
        refused.isRetryable = isRetryable
        return refused
    }

    private mutating func execute(_ command: PublishedCredit, isWrong: Bool) -> Fen {
        let fen = command.lines.total - (isWrong ? 1 : 0)
        executed[command.id] = fen
        counts.credited += 1
        if isWrong { counts.wrong += 1 }
        if command.kind == .grant { counts.creditedFen += fen } else { counts.takenBackFen += fen }
        return fen
    }
}

/// FNV-1a: the same on every machine, unlike Swift's own hashes.
private func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
