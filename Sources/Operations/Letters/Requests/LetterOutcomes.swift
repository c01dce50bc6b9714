import Campaign
import Kafka
import Worker

/// The last word about a letter that a request was about.
enum LetterOutcome: Equatable {
    /// Nothing was sent.
    case notSent
    /// The request is on its way.
    case awaited
    /// The worker sent the command again, and billing has not answered.
    case replaying
    /// It is made good; with what resolved it.
    case resolved(String)
    /// It is given up.
    case discarded
    /// It failed again; with its status and its reason.
    case failed(LetterStatus.State, String)

    /// Nothing more is to come of the request.
    var isFinal: Bool {
        switch self {
        case .notSent, .awaited, .replaying: false
        case .resolved, .discarded, .failed: true
        }
    }

    var hasFailed: Bool {
        if case .failed = self { true } else { false }
    }

    /// The status that the worker gave the letter; nil where it gave none.
    var state: LetterStatus.State? {
        switch self {
        case .notSent, .awaited: nil
        case .replaying: .replaying
        case .resolved: .resolved
        case .discarded: .discarded
        case .failed(let state, _): state
        }
    }

    /// A few words for a row.
    var words: String {
        switch self {
        case .notSent: "not sent"
        case .awaited: "sent, no answer from the worker"
        case .replaying: "REPLAYING, no answer from billing"
        case .resolved(let decision): "RESOLVED (\(decision))"
        case .discarded: "DISCARDED"
        case .failed(let state, let reason): "\(state.rawValue) again (\(reason))"
        }
    }
}

/// What becomes of the letters of a plan, as the worker tells it on `dead-letter-status`, and what is paid for them on
/// `bonus-credits`.
struct LetterOutcomes: ~Copyable {
    /// What is followed; a record names its topic by the index here.
    static let topics = [TopicRole.deadLetterStatus, .bonusCredits]

    private let names: LetterTopicNames
    private let letters: [PlannedLetter]
    private var indexes: [LetterID: Int] = [:]
    /// In the order of the letters.
    private(set) var all: [LetterOutcome]
    /// The ids of the commands that a replay of the letters' events can make, with the letter's index.
    private var commands: [String: Int] = [:]
    private var seen: Set<String> = []
    /// Commands that resolved letters and were not read yet.
    private var unseen: Set<String> = []
    /// What the commands pay that came of events, in fen.
    private(set) var paidFen: Fen = 0
    /// What the plan pays for the letters that were sent, by us or by somebody else, in fen.
    private(set) var plannedFen: Fen = 0
    private var isPlanned: [Bool]
    private var reader = CommandReader()

    init(_ letters: [PlannedLetter], _ topics: Topics) {
        names = LetterTopicNames(topics)
        self.letters = letters
        all = Array(repeating: .notSent, count: letters.count)
        isPlanned = Array(repeating: false, count: letters.count)
        for (index, planned) in letters.enumerated() {
            indexes[planned.letter.id] = index
            guard planned.letter.kind == .event, let value = planned.stored.value,
                let id = value.withUnsafeBytes({ reader.eventID(Bytes($0)) })
            else { continue }
            for command in ["recharge/\(id)/gift", "assist/\(id)/gift", "assist/\(id)/helper"] {
                commands[command] = index
            }
        }
    }

    /// A request about the letter is sent.
    mutating func noteSent(_ index: Int) {
        if !all[index].isFinal { all[index] = .awaited }
        addPlan(of: index)
    }

    private mutating func addPlan(of index: Int) {
        guard !isPlanned[index] else { return }
        isPlanned[index] = true
        plannedFen += letters[index].prospect.fen
    }

    /// Takes in a record of the followed topics; true when it says something new about the plan.
    mutating func add(_ record: Record) -> Bool {
        switch Self.topics[record.topic] {
        case .deadLetterStatus: addStatus(record)
        default: addCommand(record)
        }
    }

    private mutating func addStatus(_ record: Record) -> Bool {
        guard let key = record.key, let index = indexes[LetterID(Bytes(key), names)],
            // The plan was made with all before it.
            record.offset > letters[index].letter.statusOffset,
            let status = record.value.flatMap({ reader.status(Bytes($0)) })
        else { return false }
        switch status.state {
        case .resolved: noteResolved(index, status.decision ?? "")
        case .discarded: all[index] = .discarded
        // What happened before our request is no answer to it.
        case _ where all[index] == .notSent: return false
        case .replaying: all[index] = .replaying
        case .open, .parked: all[index] = .failed(status.state, status.reason)
        }
        return true
    }

    private mutating func noteResolved(_ index: Int, _ decision: String) {
        all[index] = .resolved(decision)
        if commands[decision] != nil, !seen.contains(decision) { unseen.insert(decision) }
    }

    /// What was paid is not all read yet.
    var lacksPayments: Bool { !unseen.isEmpty }

    private mutating func addCommand(_ record: Record) -> Bool {
        guard let command = record.value.flatMap({ reader.credit(Bytes($0)) }), let index = commands[command.id],
            seen.insert(command.id).inserted
        else { return false }
        unseen.remove(command.id)
        addPlan(of: index)
        paidFen += command.lines.total
        return true
    }

    /// What gifts that were sent again are worth where billing confirmed them, in fen.
    var confirmedFen: Fen {
        zip(letters, all).reduce(0) { sum, pair in
            guard case .isSentAgain(let fen) = pair.0.prospect, case .resolved(let decision) = pair.1,
                decision.hasPrefix("receipt/")
            else { return sum }
            return sum + fen
        }
    }

    func count(_ belongs: (LetterOutcome) -> Bool) -> Int { all.count(where: belongs) }
}
