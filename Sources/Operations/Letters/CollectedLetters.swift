import Campaign
import Kafka
import Worker

/// What was read of a partition so far. A status may come before its letter.
struct CollectedLetters: ~Copyable {
    private let partition: Int32
    private let names: LetterTopicNames
    private var reader = CommandReader()
    private var indexes: [LetterID: Int32] = [:]
    private(set) var letters: [DeadLetter] = []

    init(_ partition: Int32, _ topics: Topics) {
        self.partition = partition
        names = LetterTopicNames(topics)
    }

    mutating func add(_ found: LetterTopics.Found) {
        switch found {
        case .letter(let record):
            let headers = LetterHeaders(record)
            guard let id = headers.id else { return }
            let subject = record.value.map { reader.letterSubject(Bytes($0)) } ?? LetterSubject()
            let index = index(of: LetterID(id, names))
            letters[index].adopt(headers, of: record, subject)
            letters[index].eventID = eventID(headers, record)
        case .status(let record):
            guard let key = record.key, let status = record.value.flatMap({ reader.letterState(Bytes($0)) }) else {
                return
            }
            let index = index(of: LetterID(Bytes(key), names))
            letters[index].state = status.state
            letters[index].statusOffset = record.offset
            letters[index].replays = Int32(clamping: status.replays)
        }
    }

    /// The event's id as it is: where the header masks a number in it, the value tells.
    private mutating func eventID(_ headers: LetterHeaders, _ record: Record) -> String {
        let shown = headers.eventID?.text ?? ""
        guard shown.contains("*"), let id = record.value.flatMap({ reader.letterEventID(Bytes($0)) }),
            masked(id) == shown
        else { return shown }
        return id
    }

    private mutating func index(of id: LetterID) -> Int {
        if let known = indexes[id] { return Int(known) }
        indexes[id] = Int32(letters.count)
        letters.append(DeadLetter(id: id, partition: partition))
        return letters.count - 1
    }
}
