import Campaign
import Kafka
import Worker

/// `dead-letters` and `dead-letter-status`, read partition by partition: a letter's status is in the letter's partition.
struct LetterTopics {
    /// How long one partition may take, in milliseconds: a transaction left open on it ends by its own timeout of 10 s.
    private static let patienceMs: Int64 = 120_000
    /// Two queues of prefetched records are filled at once; the smaller they are, the less memory it takes.
    private static let reading: ClientProperties = [
        "queued.max.messages.kbytes": "8192", "fetch.message.max.bytes": "1048576",
    ]

    let settings: Settings
    let partitionCount: Int32

    /// A record of one of the two topics.
    enum Found {
        case letter(Record)
        case status(Record)
    }

    /// Calls `body` with every committed record of a partition, each topic's in order, up to the present ends.
    func read(_ partition: Int32, _ body: (Found) -> Void) throws(Changelog.Failure) {
        try read(partition, [.deadLetters, .deadLetterStatus], from: TopicOffset.beginning, body)
    }

    private func read(
        _ partition: Int32, _ roles: [TopicRole], from offset: Int64, _ body: (Found) -> Void
    ) throws(Changelog.Failure) {
        let names = roles.map(settings.topics.name)
        let started = Clock.now()
        do throws(KafkaFailure) {
            var reader = try TopicReader(
                Self.reading.overlaid(with: settings.kafka), topics: names,
                from: names.indices.map {
                    TopicOffset(topic: $0, partition: partition, offset: offset)
                }, timeoutMs: brokerTimeoutMs, log: { _, _ in })
            var batch = RecordBatch()
            while !reader.isFinished {
                try reader.read(into: &batch, maximum: 2000, timeoutMs: 1000)
                for index in 0..<batch.count {
                    let record = batch[index]
                    body(record.topic == 0 ? .letter(record) : .status(record))
                }
                batch.release()
                guard reader.isFinished || Clock.now().milliseconds - started.milliseconds < Self.patienceMs else {
                    break
                }
            }
            if reader.isFinished { return }
        } catch {
            throw .kafka(error)
        }
        throw .stop(
            Stop(
                .failed,
                "\(names[0]) can't be read to its end within \(Self.patienceMs / 1000) s: is a transaction left open "
                    + "there, or a broker away? Look at it, then try again"))
    }

    /// The letters of a partition, each once: as its latest record and its latest status say.
    func letters(of partition: Int32) throws(Changelog.Failure) -> [DeadLetter] {
        var collected = CollectedLetters(partition, settings.topics)
        try read(partition) { collected.add($0) }
        return collected.letters.filter { $0.offset != nil }
    }

    /// The letters with their records, whole and in the same order; a letter whose record is gone is left out.
    func records(
        of letters: [DeadLetter]
    ) throws(Changelog.Failure) -> [(letter: DeadLetter, stored: StoredLetter)] {
        var indexes: [Int32: [Int64: Int]] = [:]
        for (index, letter) in letters.enumerated() {
            if let offset = letter.offset { indexes[letter.partition, default: [:]][offset] = index }
        }
        var records = [StoredLetter?](repeating: nil, count: letters.count)
        for (partition, wanted) in indexes {
            try read(partition, [.deadLetters], from: wanted.keys.min() ?? 0) { found in
                guard case .letter(let record) = found, let index = wanted[record.offset] else { return }
                records[index] = StoredLetter(record)
            }
        }
        return zip(letters, records).compactMap { letter, record in record.map { (letter, $0) } }
    }
}
