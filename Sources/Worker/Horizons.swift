import Campaign
import Kafka

/// Up to which moment each shard has read all that was published: a deadline before it is due.
///
/// A shard's ends are asked for only when a deadline has passed. Clocks differ, so the question goes out some time later.
struct Horizons: ~Copyable {
    /// What must have been read before a deadline is due.
    enum Scope: CaseIterable {
        /// `credit-receipts`: for billing's answers.
        case receipts
        /// All that a shard follows: for the end of grace.
        case all

        var topics: [InputTopic] {
            switch self {
            case .receipts: [.receipts]
            case .all: InputTopic.allCases
            }
        }
    }

    private struct Place: Hashable {
        let partition: Int32
        let scope: Scope
    }

    private struct Question {
        /// Of its own: a late answer to a question that was forgotten is none to the next.
        var id: Int
        /// The ends hold all that was published up to here.
        var moment: Timestamp
        /// Nil until they are answered.
        var ends: [TopicOffset]?
    }

    /// How long after a moment the ends count as being behind it.
    private static let clockTolerance = Duration.seconds(2)

    private let watcher: EndsWatcher
    private var questions: [Place: Question] = [:]
    private var horizons: [Place: Timestamp] = [:]
    private var lastID = 0

    init(_ watcher: EndsWatcher) { self.watcher = watcher }

    /// The moment up to which a shard has read everything of a scope; nil when nobody asked yet.
    func horizon(of partition: Int32, _ scope: Scope) -> Timestamp? {
        horizons[Place(partition: partition, scope: scope)]
    }

    /// Forgets shards that went elsewhere or are made anew.
    mutating func forget(_ partitions: [Int32]) {
        for partition in partitions {
            for scope in Scope.allCases {
                questions[Place(partition: partition, scope: scope)] = nil
                horizons[Place(partition: partition, scope: scope)] = nil
            }
        }
    }

    /// Takes in answers that came since the last call.
    mutating func takeAnswers(now: Timestamp) {
        forgetWhatIsAhead(of: now)
        for answer in watcher.take() {
            guard let place = questions.first(where: { $0.value.id == answer.id })?.key else { continue }
            questions[place]?.ends = answer.ends
        }
    }

    /// A clock that was set back may have been wrong before: what it said then is asked anew, lest gifts that were just
    /// sent count as late.
    private mutating func forgetWhatIsAhead(of now: Timestamp) {
        for (place, horizon) in horizons where horizon > now { horizons[place] = nil }
        for (place, question) in questions where question.moment > now { questions[place] = nil }
    }

    /// Asks for a shard's ends when its deadline has passed, and moves its horizon when it has read to them. Returns
    /// whether the deadline is due. `position` gives the next offset to read of a topic.
    mutating func advance(
        _ partition: Int32, _ scope: Scope, to deadline: Timestamp, now: Timestamp, position: (InputTopic) -> Int64
    ) -> Bool {
        let place = Place(partition: partition, scope: scope)
        if let horizon = horizons[place], deadline <= horizon { return true }
        guard deadline + Self.clockTolerance <= now else { return false }
        guard let question = questions[place] else {
            ask(place, now)
            return false
        }
        guard let ends = question.ends,
            zip(scope.topics, ends).allSatisfy({ position($0) >= $1.offset })
        else { return false }
        horizons[place] = question.moment
        questions[place] = nil
        return deadline <= question.moment
    }

    private mutating func ask(_ place: Place, _ now: Timestamp) {
        lastID += 1
        questions[place] = Question(
            id: lastID, moment: Timestamp(microseconds: now.microseconds - Self.clockTolerance.microseconds))
        watcher.request(
            lastID,
            place.scope.topics.map {
                TopicOffset(topic: Int($0.rawValue), partition: place.partition, offset: 0)
            })
    }
}
