/// What ops want done with a dead letter (contract, section 6): a record of `letter-requests`, which is a copy of the
/// letter with some headers more.
public struct LetterRequest {
    /// What is to be done.
    public enum Action: String, Sendable {
        /// Decide the event again, or send the command again.
        case replay
        /// Nothing is to be done.
        case discard
    }

    /// Why a request changes nothing.
    public enum Refusal: String, Error {
        /// It has no action that we know.
        case noAction = "recharge.request.action is neither replay nor discard"
        /// It does not say which letter.
        case noLetter = "recharge.letter.id names no letter"
        /// No such letter is open in this partition.
        case unknownLetter = "no such letter is open in this partition"
        /// Its copy is not the letter.
        case otherContent = "key, value or recharge.letter.record-time are not the letter's"
        /// It is being replayed.
        case isReplaying = "the letter is being replayed"
    }

    /// So many bytes of who and why are kept: a status must fit into its topic.
    private static let mostWords = 1000

    /// What is to be done.
    public let action: Action
    /// The letter, by its id. Texts are views into the request.
    public let name: LetterName
    /// Who wants it.
    public let by: Bytes
    /// Why.
    public let why: String
    /// The letter's key.
    let key: Bytes?
    /// The letter's value.
    let value: Bytes?
    /// When the letter's record was published; nil for a command's letter.
    let recordTime: Timestamp?
    /// All headers, the letter's and the request's.
    let headers: Headers

    /// Reads a request; `inputNames` are the full topic names in the order of `InputTopic`.
    public init(key: Bytes?, value: Bytes?, headers: Headers, inputNames: [String]) throws(Refusal) {
        guard let action = headers.last("recharge.request.action").flatMap({ Action(rawValue: $0.text) }) else {
            throw .noAction
        }
        guard let name = headers.last("recharge.letter.id").flatMap({ LetterName($0, inputNames: inputNames) }) else {
            throw .noLetter
        }
        self.action = action
        self.name = name
        by = headers.last("recharge.request.by")?.prefix(Self.mostWords) ?? .none
        why = headers.last("recharge.request.why")?.prefix(Self.mostWords).text ?? ""
        self.key = key
        self.value = value
        recordTime = headers.last("recharge.letter.record-time").flatMap { try? Timestamp($0) }
        self.headers = headers
    }
}

extension LetterName {
    /// The letter of that id; nil when it is none of ours. Its texts are views into `text`.
    init?(_ text: Bytes, inputNames: [String]) {
        if text.slice(0, 5) == Bytes("gift/") {
            guard let command = Command.ID(text.slice(5, text.count)) else { return nil }
            self = .gift(command)
            return
        }
        let parts = text.text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let index = inputNames.firstIndex(of: String(parts[0])),
            let topic = InputTopic(rawValue: UInt8(index)), topic.holdsEvents,
            let partition = Int32(parts[1]), let offset = Int64(parts[2])
        else { return nil }
        self = .record(RecordPlace(topic: topic, partition: partition, offset: offset))
    }
}
