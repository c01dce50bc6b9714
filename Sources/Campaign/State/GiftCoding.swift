extension Writer {
    /// Writes a gift, or that there is none. What a confirmed one needs no more is left out: most are confirmed soon.
    mutating func put(_ gift: Gift?) {
        guard let gift else { return put(byte: 0) }
        put(byte: gift.stage.rawValue)
        put(gift.lines)
        guard gift.stage != .confirmed else { return put(gift.contradiction) }
        put(gift.issued)
        putVarint(gift.confirmBy.microseconds &- gift.issued.microseconds)
        putVarint(gift.rulesVersion)
        let rarities = gift.rarities
        put(byte: rarities.rawValue)
        guard !rarities.isEmpty else { return }
        if rarities.contains(.traceparent) { putCounted(gift.traceparent) }
        if rarities.contains(.laterDeadline) { put(gift.deadline) }
        if rarities.contains(.answer) { put(gift.answer) }
        if let letter = gift.letter {
            put(byte: letter.reason.rawValue)
            putVarint(letter.replays)
            put(letter.firstFailedAt)
        }
    }

    /// Writes which benefits have a line, a bit each, and their fen.
    private mutating func put(_ lines: Lines) {
        var present: UInt8 = 0
        for index in lines.fen.indices where lines.fen[index] != 0 { present |= 1 << UInt8(index) }
        put(byte: present)
        for index in lines.fen.indices where lines.fen[index] != 0 { putVarint(lines.fen[index]) }
    }

    private mutating func put(_ answer: Gift.Answer) {
        switch answer {
        case .none: put(byte: 0)
        case .credited(let fen):
            put(byte: 1)
            putVarint(fen)
        case .refused(let isRetryable, let hasNoGrant): put(byte: 2 | (isRetryable ? 4 : 0) | (hasNoGrant ? 8 : 0))
        }
    }
}

extension Reader {
    /// Reads what `put(_ gift:)` wrote.
    mutating func gift() throws(Malformed) -> Gift? {
        let number = try byte()
        guard number != 0 else { return nil }
        guard let stage = Gift.Stage(rawValue: number) else { throw Malformed() }
        var gift = Gift(try lines(), stage: stage)
        guard stage != .confirmed else {
            gift.answer = .credited(gift.lines.total)
            gift.contradiction = try answer()
            return gift
        }
        gift.issued = try time()
        gift.confirmBy = Timestamp(microseconds: gift.issued.microseconds &+ (try varint()))
        gift.rulesVersion = try varint()
        let rarities = Gift.Rarities(rawValue: try byte())
        guard Gift.Rarities.all.isSuperset(of: rarities) else { throw Malformed() }
        if rarities.contains(.traceparent) { gift.traceparent = try counted() }
        gift.deadline = rarities.contains(.laterDeadline) ? try time() : gift.confirmBy
        if rarities.contains(.answer) { gift.answer = try answer() }
        if rarities.contains(.letter) { gift.letter = try openLetter() }
        return gift
    }

    private mutating func lines() throws(Malformed) -> Lines {
        let present = try byte()
        var lines = Lines()
        for index in lines.fen.indices where present & 1 << UInt8(index) != 0 { lines.fen[index] = try line() }
        return lines
    }

    /// Reads the fen of one benefit. Any six of them have a sum, whatever the bytes are.
    mutating func line() throws(Malformed) -> Fen {
        let fen = try varint()
        guard (0...Lines.mostFen).contains(fen) else { throw Malformed() }
        return fen
    }

    private mutating func answer() throws(Malformed) -> Gift.Answer {
        let form = try byte()
        switch form {
        case 0: return .none
        case 1: return .credited(try varint())
        case 2, 6, 10, 14: return .refused(isRetryable: form & 4 != 0, hasNoGrant: form & 8 != 0)
        default: throw Malformed()
        }
    }

    private mutating func openLetter() throws(Malformed) -> Gift.OpenLetter {
        guard let reason = Rejection(rawValue: try byte()) else { throw Malformed() }
        return Gift.OpenLetter(reason: reason, replays: try varint(), firstFailedAt: try time())
    }
}

extension Gift {
    /// By how many bytes a gift's form grows at most after it was sent: a later deadline, the largest answer, a letter.
    static let mostGrowth = 32

    /// What few gifts have beside their command: a bit each.
    fileprivate struct Rarities: OptionSet {
        let rawValue: UInt8
        static let traceparent = Rarities(rawValue: 1)
        /// Another deadline than `confirmBy`.
        static let laterDeadline = Rarities(rawValue: 2)
        static let answer = Rarities(rawValue: 4)
        static let letter = Rarities(rawValue: 8)
        static let all: Rarities = [.traceparent, .laterDeadline, .answer, .letter]
    }

    fileprivate var rarities: Rarities {
        var rarities: Rarities = []
        if !traceparent.isEmpty { rarities.insert(.traceparent) }
        if deadline != confirmBy { rarities.insert(.laterDeadline) }
        if answer != .none { rarities.insert(.answer) }
        if letter != nil { rarities.insert(.letter) }
        return rarities
    }

    /// A gift as the state begins to tell of it.
    fileprivate init(_ lines: Lines, stage: Stage) {
        self.init(
            lines, rulesVersion: 0, traceparent: .none, now: Timestamp(microseconds: 0), confirmWithin: .seconds(0))
        self.stage = stage
    }
}
