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
        switch self {
        case .pays(let fen), .isSentAgain(let fen): fen
        default: 0
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
}

/// Letters and what a request would do to each, in the order in which they are sent.
struct LetterPlan {
    let action: LetterRequest.Action
    let letters: [PlannedLetter]

    /// Those about which a request is sent.
    var sent: [PlannedLetter] { letters.filter(\.prospect.isSent) }

    /// The most that it pays, in fen.
    var fen: Fen { letters.reduce(0) { $0 + $1.prospect.fen } }

    /// The whole plan in one sentence.
    var sentence: String {
        var parts: [String] = []
        func add(_ words: (Int) -> String, _ belongs: (Prospect) -> Bool) {
            let count = letters.count { belongs($0.prospect) }
            if count > 0 { parts.append(words(count)) }
        }
        add({ "\($0) would pay \(money(sum { if case .pays(let fen) = $0 { fen } else { 0 } })) yuan" }) {
            if case .pays = $0 { true } else { false }
        }
        add({
            let fen = sum { if case .isSentAgain(let fen) = $0 { fen } else { 0 } }
            return "\($0) would be sent again, at most \(money(fen)) yuan, billing may have credited some"
        }) { if case .isSentAgain = $0 { true } else { false } }
        add({ "\($0) would take back \(money(sum { if case .takesBack(let fen) = $0 { fen } else { 0 } })) yuan" }) {
            if case .takesBack = $0 { true } else { false }
        }
        add({ "\($0) were paid meanwhile" }) { $0 == .wasDecided }
        add({ "\($0) were reversed meanwhile and would not be sent" }) { $0 == .wasReversed }
        add({ "\($0) would count and pay nothing now" }) { $0 == .counts }
        add({
            "\($0) would be refused by the rules (\(names { if case .isRefusedByRules(let name) = $0 { name } else { nil } }))"
        }) { if case .isRefusedByRules = $0 { true } else { false } }
        add({ "\($0) would fail again (\(names { if case .failsAgain(let why) = $0 { "\(why.name)" } else { nil } }))" }
        ) {
            if case .failsAgain = $0 { true } else { false }
        }
        add({ "\($0) would be discarded, \(money(atStake)) yuan given up" }) { $0 == .isDiscarded }
        add({ "\($0) are left alone (\(names { if case .isNotOpen(let why) = $0 { why } else { nil } }))" }) {
            if case .isNotOpen = $0 { true } else { false }
        }
        add({
            "\($0) are refused without --force (\(names { if case .needsForce(let why) = $0 { why } else { nil } }))"
        }) {
            if case .needsForce = $0 { true } else { false }
        }
        let noun = letters.count == 1 ? "letter" : "letters"
        return "\(letters.count) \(noun)" + (parts.isEmpty ? "" : ": ") + parts.joined(separator: ", ")
    }

    /// The yuan that a discard gives up.
    private var atStake: Fen { letters.reduce(0) { $0 + ($1.prospect == .isDiscarded ? $1.letter.fen ?? 0 : 0) } }

    private func sum(_ fen: (Prospect) -> Fen) -> Fen { letters.reduce(0) { $0 + fen($1.prospect) } }

    /// The different names among the prospects, in their order.
    private func names(_ name: (Prospect) -> String?) -> String {
        var names: [String] = []
        for case let found? in letters.map({ name($0.prospect) }) where !names.contains(found) { names.append(found) }
        return names.joined(separator: ", ")
    }
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
