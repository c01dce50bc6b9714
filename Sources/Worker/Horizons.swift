import Campaign
import Kafka

/// Up to which moment each shard has read all that was published: a deadline before it is due.
///
/// A shard's ends are asked for only when a deadline has passed. Clocks differ, so the question goes out some time later.
struct Horizons: ~Copyable {
    /// How long after a moment the ends count as being behind it.
    private static let clockTolerance = Duration.seconds(2)

    private struct Question {
        /// Of its own: a late answer to a question that was forgotten is none to the next.
        var id: Int
        /// The ends hold all that was published up to here.
        var moment: Timestamp
        /// By `InputTopic`; nil until they are answered.
        var ends: [Int64]?
    }

    private let watcher: EndsWatcher
    private var questions: [Int32: Question] = [:]
    private var horizons: [Int32: Timestamp] = [:]
    private var lastID = 0

    init(_ watcher: EndsWatcher) { self.watcher = watcher }

    /// The moment up to which a shard has read everything; nil when nobody asked yet.
    func horizon(of partition: Int32) -> Timestamp? { horizons[partition] }

    /// Forgets shards that went elsewhere or are made anew.
    mutating func forget(_ partitions: [Int32]) {
        for partition in partitions {
            questions[partition] = nil
            horizons[partition] = nil
        }
    }

    /// Takes in answers that came since the last call.
    mutating func takeAnswers() {
        for answer in watcher.take() {
            guard let partition = questions.first(where: { $0.value.id == answer.id })?.key else { continue }
            var ends = [Int64](repeating: 0, count: InputTopic.allCases.count)
            for end in answer.ends { ends[end.topic] = end.offset }
            questions[partition]?.ends = ends
        }
    }

    /// Asks for a shard's ends when it has a deadline that passed, and moves its horizon when it has read to them.
    /// Returns whether a deadline is due. `positions` and ends are by `InputTopic`.
    mutating func advance(_ shard: Shard, now: Timestamp, positions: [Int64]) -> Bool {
        guard let deadline = shard.earliestDeadline else { return false }
        let partition = shard.partition
        if let horizon = horizons[partition], deadline <= horizon { return true }
        guard deadline + Self.clockTolerance <= now else { return false }
        guard let question = questions[partition] else {
            lastID += 1
            questions[partition] = Question(
                id: lastID, moment: Timestamp(microseconds: now.microseconds - Self.clockTolerance.microseconds))
            watcher.request(
                lastID,
                InputTopic.allCases.map { TopicOffset(topic: Int($0.rawValue), partition: partition, offset: 0) })
            return false
        }
        guard let ends = question.ends,
            zip(positions, ends).allSatisfy({ $0 >= $1 })
        else { return false }
        horizons[partition] = question.moment
        questions[partition] = nil
        return deadline <= question.moment
    }
}
