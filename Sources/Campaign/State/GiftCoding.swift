extension Writer {
    /// Writes a gift, or that there is none. What a confirmed one needs no more is left out: most are confirmed soon.
    mutating func put(_ gift: Gift?) {
        guard let gift else { return put(byte: 0) }
        put(byte: gift.stage.rawValue)
        put(gift.lines)
        guard gift.stage != .confirmed else { return put(gift.contradiction) }
        putVarint(gift.issued.microseconds)
        putVarint(gift.confirmBy.microseconds &- gift.issued.microseconds)
        putVarint(gift.deadline.microseconds &- gift.confirmBy.microseconds)
        putVarint(gift.rulesVersion)
        putCounted(gift.traceparent)
        put(gift.answer)
        put(byte: gift.letter?.reason.rawValue ?? 0)
        if let letter = gift.letter {
            putVarint(letter.replays)
            putVarint(letter.firstFailedAt.microseconds)
        }
    }

    /// Writes which benefits have a line, a bit each, and their fen.
    private mutating func put(_ lines: Lines) {
        var present: UInt8 = 0
        for benefit in Benefit.allCases where lines[benefit] != 0 { present |= 1 << benefit.rawValue }
        put(byte: present)
        for benefit in Benefit.allCases where lines[benefit] != 0 { putVarint(lines[benefit]) }
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
        gift.issued = Timestamp(microseconds: try varint())
        gift.confirmBy = Timestamp(microseconds: gift.issued.microseconds &+ (try varint()))
        gift.deadline = Timestamp(microseconds: gift.confirmBy.microseconds &+ (try varint()))
        gift.rulesVersion = try varint()
        gift.traceparent = try counted()
        gift.answer = try answer()
        gift.letter = try openLetter()
        return gift
    }

    private mutating func lines() throws(Malformed) -> Lines {
        let present = try byte()
        var lines = Lines()
        for benefit in Benefit.allCases where present & 1 << benefit.rawValue != 0 { lines[benefit] = try varint() }
        return lines
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

    private mutating func openLetter() throws(Malformed) -> Gift.OpenLetter? {
        let number = try byte()
        guard number != 0 else { return nil }
        guard let reason = Rejection(rawValue: number) else { throw Malformed() }
        return Gift.OpenLetter(
            reason: reason, replays: try varint(), firstFailedAt: Timestamp(microseconds: try varint()))
    }
}

extension Gift {
    /// A gift as the state begins to tell of it.
    fileprivate init(_ lines: Lines, stage: Stage) {
        self.init(
            lines, rulesVersion: 0, traceparent: .none, now: Timestamp(microseconds: 0), confirmWithin: .seconds(0))
        self.stage = stage
    }
}
