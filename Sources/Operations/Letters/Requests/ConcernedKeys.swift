import Campaign
import Worker

/// The records of `campaign-state` that letters concern: those of their subscribers, of friends who helped, of the letters
/// themselves and the shards' own. Only these are kept of a state that may be large.
struct ConcernedKeys {
    private var keys: Set<String> = ["shard", "campaign"]
    /// The partitions that they stand in.
    let partitions: [Int32]

    init(_ letters: [StoredLetter], partitionCount: Int32, inputNames: [String]) {
        var partitions = Set(letters.map(\.partition))
        var reader = CommandReader()
        for letter in letters {
            let subject = letter.value.map { $0.withUnsafeBytes { reader.letterSubject(Bytes($0)) } }
            for number in [subject?.number, subject?.helper, letter.keyNumber].compactMap(\.self) {
                keys.insert("\(number.value)")
                partitions.insert(number.partition(of: partitionCount))
            }
            let place = (letter.header("recharge.letter.id") ?? "").split(separator: "/")
            if place.count == 3, let topic = inputNames.firstIndex(of: String(place[0])) {
                keys.insert("letter/\(topic)/\(place[1])/\(place[2])")
            }
        }
        self.partitions = partitions.sorted()
    }

    func contains(_ key: Bytes) -> Bool { keys.contains(key.text) }
}

extension StoredLetter {
    /// The subscriber whom the key names.
    fileprivate var keyNumber: PhoneNumber? {
        key.flatMap { key in key.withUnsafeBytes { PhoneNumber(Bytes($0)) } }
    }
}
