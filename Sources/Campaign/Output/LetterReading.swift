/// What a record of `dead-letter-status` says (contract, section 1).
public struct PublishedStatus: Equatable, Sendable {
    /// Where the letter stands.
    public let state: LetterStatus.State
    /// Since when.
    public let at: Timestamp
    /// Who did it.
    public let by: String
    /// Why.
    public let why: String
    /// How many replays were begun.
    public let replays: Int64
    /// The letter's reason.
    public let reason: String
    /// What resolved it; nil while nothing did.
    public let decision: String?
}

/// What a letter's value is about, as far as it can be read.
public struct LetterSubject: Equatable, Sendable {
    /// The subscriber; nil when the value names none.
    public var number: PhoneNumber?
    /// Of an assist, the friend who helped.
    public var helper: PhoneNumber?
    /// The fen of a command, a receipt, a recharge or a refund; nil when there are none to be read.
    public var fen: Fen?

    /// Nothing can be read.
    public init() {}
}

extension CommandReader {
    /// Of a record's value of `dead-letter-status` only where the letter stands and how many replays were begun; nil when it
    /// is no status.
    public mutating func letterState(_ value: Bytes) -> (state: LetterStatus.State, replays: Int64)? {
        guard let object = parser.object(value), let name = try? object.string("state"),
            let state = Self.states.first(where: { name == $0.rawValue })
        else { return nil }
        return (state, ((try? object.integer("replays")) ?? nil) ?? 0)
    }

    private static let states = LetterStatus.State.allCases

    /// A record's value of `dead-letter-status`; nil when it is no status.
    public mutating func status(_ value: Bytes) -> PublishedStatus? {
        guard let object = parser.object(value), let name = try? object.string("state"),
            let state = Self.states.first(where: { name == $0.rawValue }),
            let time = try? object.string("at"), let at = try? Timestamp(time)
        else { return nil }
        func text(_ name: StaticString) -> String? { ((try? object.string(name)) ?? nil)?.text }
        return PublishedStatus(
            state: state, at: at, by: text("by") ?? "", why: text("why") ?? "",
            replays: ((try? object.integer("replays")) ?? nil) ?? 0, reason: text("reason") ?? "",
            decision: text("decision"))
    }

    /// The id of an event; nil when it can't be read.
    public mutating func eventID(_ value: Bytes) -> String? {
        guard let envelope = parser.object(value) else { return nil }
        return ((try? envelope.string("id")) ?? nil)?.text
    }

    /// The id of the event that a letter's value came of: a command's cause, else the value's own id; nil when it can't be
    /// read.
    public mutating func letterEventID(_ value: Bytes) -> String? {
        guard let envelope = parser.object(value) else { return nil }
        let cause = (try? envelope.object("data")).flatMap { (try? $0.string("cause")) ?? nil }
        return (cause ?? (try? envelope.string("id")) ?? nil)?.text
    }

    /// What a letter's value is about: a command, a receipt or an event. Nothing when it can't be read.
    public mutating func letterSubject(_ value: Bytes) -> LetterSubject {
        var subject = LetterSubject()
        guard let envelope = parser.object(value) else { return subject }
        if let text = try? envelope.string("subject") { subject.number = PhoneNumber(text) }
        guard let data = try? envelope.object("data") else { return subject }
        if let text = try? data.string("helper") { subject.helper = PhoneNumber(text) }
        let amounts: [StaticString] = ["totalFen", "creditedFen", "amountFen", "refundedFen"]
        subject.fen = amounts.lazy.compactMap { (try? data.integer($0)) ?? nil }.first
        return subject
    }
}
