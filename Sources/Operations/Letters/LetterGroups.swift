import Campaign

/// Letters by their reason.
struct LetterGroups {
    /// The letters of one reason.
    struct Group {
        var counts: [LetterStatus.State: Int] = [:]
        var oldest = Timestamp(microseconds: .max)
        var newest = Timestamp(microseconds: .min)
        /// Of those that nobody is done with.
        var giftFen: Fen = 0
        var eventFen: Fen = 0

        mutating func add(_ letter: DeadLetter) {
            counts[letter.state, default: 0] += 1
            oldest = min(oldest, letter.firstFailedAt)
            newest = max(newest, letter.lastFailedAt)
            if letter.state.isDone { return }
            giftFen += letter.giftFen ?? 0
            eventFen += letter.eventFen ?? 0
        }
    }

    private var groups: [Rejection?: Group] = [:]

    mutating func add(_ letter: DeadLetter) { groups[letter.reason, default: Group()].add(letter) }

    /// Those with the most letters that nobody is done with first.
    private var sorted: [(reason: Rejection?, group: Group)] {
        func waiting(_ group: Group) -> Int {
            LetterStatus.State.allCases.filter { !$0.isDone }.reduce(0) { $0 + (group.counts[$1] ?? 0) }
        }
        return groups.map { ($0.key, $0.value) }.sorted {
            (waiting($0.1), $1.0?.rawValue ?? 0) > (waiting($1.1), $0.0?.rawValue ?? 0)
        }
    }

    private static let headings =
        ["REASON"] + LetterStatus.State.allCases.map(\.rawValue)
        + ["OLDEST", "NEWEST", "GIFT YUAN", "EVENT YUAN", "MEANING"]

    func lines(_ style: TextTable.Style) -> [String] {
        var table = TextTable(rightAligned: [1, 2, 3, 4, 5, 8, 9], style)
        let rows = sorted.map { reason, group in
            [TextTable.Cell(name(reason), .plain)]
                + LetterStatus.State.allCases.map { state in
                    let count = group.counts[state] ?? 0
                    return TextTable.Cell("\(count)", count > 0 ? state.tint : .plain)
                }
                + [
                    style.text(group.oldest), style.text(group.newest), yuan(group.giftFen), yuan(group.eventFen),
                    words(reason),
                ].map { TextTable.Cell($0, .plain) }
        }
        return table.lines([Self.headings.map { .init($0, .heading) }] + rows)
    }

    var json: [String] {
        sorted.map { reason, group in
            var line = JSONLine()
            line.put("reason", name(reason))
            for state in LetterStatus.State.allCases {
                line.put(state.rawValue.lowercased(), Int64(group.counts[state] ?? 0))
            }
            line.put("oldest", group.oldest.description)
            line.put("newest", group.newest.description)
            line.put("giftFen", group.giftFen)
            line.put("eventFen", group.eventFen)
            line.put("meaning", words(reason))
            return line.text
        }
    }

    private func name(_ reason: Rejection?) -> String { reason.map { "\($0.name)" } ?? "UNKNOWN" }

    private func words(_ reason: Rejection?) -> String {
        reason?.words ?? "本版本不认识的原因 · a reason that this version does not know: take the worker's version"
    }
}
