import Campaign

/// What a request would do to a letter now.
enum Prospect: Equatable {
    /// The event pays so many fen.
    case pays(Fen)
    /// The reversal takes back so many fen.
    case takesBack(Fen)
    /// The event was decided meanwhile: it pays nothing.
    case wasDecided
    /// The rules say no.
    case isRefusedByRules(String)
    /// The event counts or waits, and pays nothing now.
    case counts
    /// The command goes out again; billing may have executed it.
    case isSentAgain(Fen)
    /// The gift was reversed in full meanwhile: it is not sent.
    case wasReversed
    /// It becomes a letter again.
    case failsAgain(Rejection)
    /// The letter is given up.
    case isDiscarded
    /// Nothing is sent: the letter is not open.
    case isNotOpen(String)
    /// Nothing is sent unless it is forced: a replay can't make it good.
    case needsForce(String)

    /// A request is sent.
    var isSent: Bool {
        switch self {
        case .isNotOpen, .needsForce: false
        default: true
        }
    }

    /// The most that it pays, in fen.
    var fen: Fen {
        if case .takesBack = self { 0 } else { amount }
    }

    /// The fen that it moves, either way.
    fileprivate var amount: Fen {
        switch self {
        case .pays(let fen), .isSentAgain(let fen), .takesBack(let fen): fen
        default: 0
        }
    }

    /// The reason that it names.
    fileprivate var name: String? {
        switch self {
        case .isRefusedByRules(let name), .isNotOpen(let name), .needsForce(let name): name
        case .failsAgain(let reason): "\(reason.name)"
        default: nil
        }
    }

    /// Its kind's place in a plan's sentence.
    fileprivate var order: Int {
        switch self {
        case .pays: 0
        case .isSentAgain: 1
        case .takesBack: 2
        case .wasDecided: 3
        case .wasReversed: 4
        case .counts: 5
        case .isRefusedByRules: 6
        case .failsAgain: 7
        case .isDiscarded: 8
        case .isNotOpen: 9
        case .needsForce: 10
        }
    }

    /// A few words for a row.
    var words: String {
        switch self {
        case .pays(let fen): "would pay \(yuan(fen)) yuan"
        case .takesBack(let fen): "would take back \(yuan(fen)) yuan"
        case .wasDecided: "was paid meanwhile"
        case .isRefusedByRules(let reason): "would be refused by the rules (\(reason))"
        case .counts: "would count and pay nothing now"
        case .isSentAgain(let fen): "would be sent again, at most \(yuan(fen)) yuan"
        case .wasReversed: "was reversed meanwhile and would not be sent"
        case .failsAgain(let reason): "would fail again (\(reason.name))"
        case .isDiscarded: "would be discarded"
        case .isNotOpen(let why): "is left alone (\(why))"
        case .needsForce(let reason): "is refused without --force (\(reason))"
        }
    }
}

/// A letter with what is to be done about it.
struct PlannedLetter {
    let letter: DeadLetter
    let stored: StoredLetter
    let prospect: Prospect

    /// The worker's state does not have the letter open, as its status has.
    var isStale: Bool {
        if case .isNotOpen = prospect { letter.isWaiting } else { false }
    }
}

/// Letters and what a request would do to each, in the order in which they are sent.
struct LetterPlan {
    let action: LetterRequest.Action
    let letters: [PlannedLetter]
    /// Ids that a person named and no letter has that is meant.
    let missing: [LetterID]

    /// Those about which a request is sent.
    var sent: [PlannedLetter] { letters.filter(\.prospect.isSent) }

    /// The most that it pays, in fen.
    var fen: Fen { letters.reduce(0) { $0 + $1.prospect.fen } }

    /// The whole plan in one sentence.
    var sentence: String {
        let kinds = Dictionary(grouping: letters, by: \.prospect.order).sorted { $0.key < $1.key }
        let parts = kinds.compactMap { words(of: $0.value) }
        return "\(letters.count) letter\(letters.count == 1 ? "" : "s")" + (parts.isEmpty ? "" : ": ")
            + parts.joined(separator: ", ")
    }

    /// What letters with prospects of one kind come to.
    private func words(of letters: [PlannedLetter]) -> String? {
        guard let kind = letters.first?.prospect else { return nil }
        let count = letters.count
        let (was, stands) = count == 1 ? ("was", "is") : ("were", "are")
        let yuan = money(letters.reduce(0) { $0 + $1.prospect.amount })
        let names = Set(letters.compactMap(\.prospect.name)).sorted().joined(separator: ", ")
        return switch kind {
        case .pays: "\(count) would pay \(yuan) yuan"
        case .isSentAgain: "\(count) would be sent again, at most \(yuan) yuan, billing may have credited some"
        case .takesBack: "\(count) would take back \(yuan) yuan"
        case .wasDecided: "\(count) \(was) paid meanwhile"
        case .wasReversed: "\(count) \(was) reversed meanwhile and would not be sent"
        case .counts: "\(count) would count and pay nothing now"
        case .isRefusedByRules: "\(count) would be refused by the rules (\(names))"
        case .failsAgain: "\(count) would fail again (\(names))"
        case .isDiscarded: "\(count) would be discarded\(amounts(letters))"
        case .isNotOpen: "\(count) \(stands) left alone (\(names))"
        case .needsForce: "\(count) \(stands) refused without --force (\(names))"
        }
    }
}

/// What letters that are given up are about: nobody knows what an event would have earned.
private func amounts(_ letters: [PlannedLetter]) -> String {
    let sums = [
        (letters.reduce(0) { $0 + ($1.letter.giftFen ?? 0) }, "gifts"),
        (letters.reduce(0) { $0 + ($1.letter.eventFen ?? 0) }, "events"),
    ]
    let parts = sums.filter { $0.0 > 0 }.map { "\($1) of \(money($0)) yuan" }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
}

/// Yuan with two decimals and commas, as money is written: `3,184.00`.
func money(_ fen: Fen) -> String {
    let rest = fen.magnitude % 100
    var whole = ""
    for (index, digit) in "\(fen.magnitude / 100)".reversed().enumerated() {
        if index > 0, index % 3 == 0 { whole.append(",") }
        whole.append(digit)
    }
    return (fen < 0 ? "-" : "") + String(whole.reversed()) + "." + (rest < 10 ? "0" : "") + "\(rest)"
}
