import Campaign

/// What decisions add up to: plain numbers of one thread. They are published with the transaction's commit, so nothing
/// counts twice.
struct Tally: Sendable {
    /// What a record turned out to be.
    enum Input: UInt8, CaseIterable {
        case recharge, reversal, assist, receipt, request, claim, unreadable
    }

    /// What became of it.
    enum Outcome: UInt8, CaseIterable {
        case commanded, counted, waiting, answered, refused, dead, forwarded, ignored
    }

    /// What a command does.
    enum Movement: UInt8, CaseIterable {
        case grant, reverse
    }

    /// By `Input`.
    private(set) var decisions = [Counts<Outcome>](repeating: Counts(), count: Input.allCases.count)
    private(set) var refusals = Counts<Reason>()
    private(set) var letters = Counts<Rejection>()
    private(set) var commands = Counts<Movement>()
    /// Commands that were sent once more, for their letters.
    private(set) var resent: Int64 = 0
    /// Commands with a line of the benefit, by `Movement`.
    private(set) var lines = [Counts<Benefit>](repeating: Counts(), count: Movement.allCases.count)
    /// By `Movement`.
    private(set) var fen = [Counts<Benefit>](repeating: Counts(), count: Movement.allCases.count)
    private(set) var messages: Int64 = 0
    /// Single SMS that the messages take.
    private(set) var segments: Int64 = 0

    mutating func count(_ input: Input, _ decision: Decision) {
        decisions[Int(input.rawValue)][Outcome(decision)] += 1
        if case .refused(let reason) = decision { refusals[reason] += 1 }
    }

    /// Counts a "no" that no record brings.
    mutating func count(_ reason: Reason, times: Int) { refusals[reason] += Int64(times) }

    /// Counts what ops want done with a letter.
    mutating func countRequest(isIgnored: Bool) {
        decisions[Int(Input.request.rawValue)][isIgnored ? .ignored : .answered] += 1
    }

    mutating func count(_ effect: Effect) {
        switch effect {
        case .command(let command): count(command)
        case .letter(let letter): letters[letter.fault.rejection] += 1
        case .sentAgain: resent += 1
        case .claim, .forward, .status: break
        }
    }

    private mutating func count(_ command: Command) {
        let movement = Movement(command)
        commands[movement] += 1
        command.lines.forEach { benefit, amount in
            lines[Int(movement.rawValue)][benefit] += 1
            fen[Int(movement.rawValue)][benefit] += amount
        }
    }

    mutating func countMessage(segments: Int64) {
        messages += 1
        self.segments += segments
    }

    mutating func add(_ other: Tally) {
        for input in decisions.indices { decisions[input].add(other.decisions[input]) }
        refusals.add(other.refusals)
        letters.add(other.letters)
        commands.add(other.commands)
        resent += other.resent
        for movement in lines.indices {
            lines[movement].add(other.lines[movement])
            fen[movement].add(other.fen[movement])
        }
        messages += other.messages
        segments += other.segments
    }

    mutating func removeAll() {
        for input in decisions.indices { decisions[input].removeAll() }
        refusals.removeAll()
        letters.removeAll()
        commands.removeAll()
        resent = 0
        for movement in lines.indices {
            lines[movement].removeAll()
            fen[movement].removeAll()
        }
        messages = 0
        segments = 0
    }
}

extension Tally.Input {
    init(_ decoded: Result<Event, Fault>) {
        guard case .success(let event) = decoded else {
            self = .unreadable
            return
        }
        switch event.kind {
        case .recharge: self = .recharge
        case .reversal: self = .reversal
        case .assist: self = .assist
        case .receipt: self = .receipt
        }
    }
}

extension Tally.Outcome {
    init(_ decision: Decision) {
        switch decision {
        case .commanded: self = .commanded
        case .counted: self = .counted
        case .waiting: self = .waiting
        case .answered: self = .answered
        case .refused: self = .refused
        case .dead: self = .dead
        case .forwarded: self = .forwarded
        }
    }
}

extension Tally.Movement {
    init(_ command: Command) {
        if case .reversal = command.id { self = .reverse } else { self = .grant }
    }
}
