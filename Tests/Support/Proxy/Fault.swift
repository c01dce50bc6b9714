/// What a proxy does to a request instead of carrying it.
public enum Fault: Hashable, Sendable, CustomStringConvertible {
    /// The connection is cut; the broker never sees the request.
    case cut
    /// The broker gets it, and the connection is cut when it answers.
    case lostAnswer
    /// The connection goes silent, until the client gives it up; the broker never sees the request.
    case silence
    /// The connection is cut or goes silent, and the request comes late all the same: inside the next transaction, when the
    /// broker has done the first such request of it and not yet the second.
    case late(after: ApiKey, isCut: Bool)
    /// The proxy answers with an error in the broker's place. Not for every request: see `refusable`.
    case refusal(ErrorCode)

    /// The requests that a proxy can refuse.
    public static let refusable = KafkaRequest.plainlyAnswered

    /// Everything that can happen to any request.
    public static let plain: [Fault] = [.cut, .lostAnswer, .silence]

    /// All ways to come late to a next transaction: when a part of its outputs is there, and when its offsets are.
    public static let late: [Fault] = [ApiKey.produce, .txnOffsetCommit].flatMap { key in
        [true, false].map { .late(after: key, isCut: $0) }
    }

    /// True if the client sees the end of its connection at once; else it waits until its timeout.
    public var isCut: Bool {
        switch self {
        case .cut, .lostAnswer, .late(_, isCut: true): true
        case .silence, .late(_, isCut: false), .refusal: false
        }
    }

    /// In a few words.
    public var description: String {
        switch self {
        case .cut: "connection cut"
        case .lostAnswer: "answer lost"
        case .silence: "never answered"
        case .late(let key, true): "cut, and late after the next \(key)"
        case .late(let key, false): "late after the next \(key)"
        case .refusal(let code): "answered \(code)"
        }
    }
}
