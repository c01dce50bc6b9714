import Campaign
import Kafka
import Worker

/// A letter in few bytes: a million of them are held at once.
struct DeadLetter {
    /// What the letter's value is.
    enum Kind: String, CaseIterable {
        case event, command, receipt
    }

    /// What has to be done about it.
    enum Class: String, CaseIterable {
        case poison, policy, conflict, sla
    }

    var id: LetterID
    var kind: Kind?
    var letterClass: Class?
    /// Nil for one that this version does not know.
    var reason: Rejection?
    var state = LetterStatus.State.open
    var replays: Int32 = 0
    var firstFailedAt = Timestamp(microseconds: 0)
    var lastFailedAt = Timestamp(microseconds: 0)
    var eventID = ""
    var number: PhoneNumber?
    var fen: Fen?
    /// The partition of `dead-letters`.
    var partition: Int32
    /// The offset there of its latest record; nil where only a status was found.
    var offset: Int64?

    /// The offset of its latest status in `dead-letter-status`; -1 where none was found.
    var statusOffset: Int64 = -1

    /// The input record, or for a gift the command's topic.
    var source: (topic: TopicRole, partition: Int32, offset: Int64) {
        guard case .place(let role, let partition, let offset) = id else { return (.bonusCredits, partition, -1) }
        return (role, partition, offset)
    }

    /// A person may ask for its replay.
    var isWaiting: Bool { state == .open || state == .parked }

    /// What a command gives or takes back, or a receipt says; nil for an event.
    var giftFen: Fen? { kind == .event ? nil : fen }

    /// The amount of a recharge or refund, which is not what it earns; nil for a gift.
    var eventFen: Fen? { kind == .event ? fen : nil }
}

extension DeadLetter {
    // Made once: `allCases` makes an array each time.
    private static let kinds = Kind.allCases
    private static let classes = Class.allCases
    private static let reasons = Rejection.allCases

    /// Takes over what the letter's latest record says.
    mutating func adopt(_ headers: LetterHeaders, of record: Record, _ subject: LetterSubject) {
        kind = headers.kind.flatMap { text in Self.kinds.first { text == $0.rawValue } }
        letterClass = headers.letterClass.flatMap { text in Self.classes.first { text == $0.rawValue } }
        reason = headers.reason.flatMap { text in Self.reasons.first { text == Bytes($0.name) } }
        let failed = Timestamp(milliseconds: record.timestampMs)
        firstFailedAt = headers.firstFailedAt.flatMap { try? Timestamp($0) } ?? failed
        lastFailedAt = headers.lastFailedAt.flatMap { try? Timestamp($0) } ?? failed
        number = subject.number ?? record.key.flatMap { PhoneNumber(Bytes($0)) }
        fen = subject.fen
        offset = record.offset
    }
}

/// The headers that the worker gives a letter; of several with one name the last counts, for the original ones come first.
struct LetterHeaders {
    private(set) var id: Bytes?
    private(set) var kind: Bytes?
    private(set) var reason: Bytes?
    private(set) var letterClass: Bytes?
    private(set) var eventID: Bytes?
    private(set) var firstFailedAt: Bytes?
    private(set) var lastFailedAt: Bytes?

    init(_ record: Record) {
        record.forEachHeader { name, text in
            let (prefix, name) = (Bytes("recharge.letter."), Bytes(name))
            guard let text, name.count > prefix.count, name.slice(0, prefix.count) == prefix else { return }
            let value = Bytes(text)
            switch name.slice(prefix.count, name.count) {
            case Bytes("id"): id = value
            case Bytes("kind"): kind = value
            case Bytes("reason"): reason = value
            case Bytes("class"): letterClass = value
            case Bytes("event-id"): eventID = value
            case Bytes("first-failed-at"): firstFailedAt = value
            case Bytes("last-failed-at"): lastFailedAt = value
            default: break
            }
        }
    }
}
