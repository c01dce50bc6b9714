import Campaign
import Worker

extension Verb {
    static let lettersGroups = Verb(
        words: ["letters", "groups"], options: LetterFilter.options + [LetterCall.json], settings: LetterCall.settings,
        summary: "show dead letters by their reason: how many, since when, what to do",
        details: [
            "A row per reason: how many letters by status, the oldest and the newest, the yuan of those that are not done",
            "with, what the reason means and what to do. Without --status letters of any status are counted.",
            "GIFT YUAN is what the commands give or take back; billing may have credited some. EVENT YUAN is the amount of",
            "the recharges and refunds, not what they earn: 'letters replay' says that, and writes nothing.",
            "Standard output is data: aligned on a terminal, else with tabs. NO_COLOR is obeyed.",
        ],
        perform: { invocation in
            invocation.withLetters(of: []) { call throws(Changelog.Failure) in
                var groups = LetterGroups()
                for partition in 0..<call.topics.partitionCount {
                    for letter in try call.topics.letters(of: partition) where call.filter.matches(letter) {
                        groups.add(letter)
                    }
                }
                printLines(call.isSet(LetterCall.json) ? groups.json : groups.lines(.init(invocation.environment)))
                return .answer([])
            }
        })

    static let lettersList = Verb(
        words: ["letters", "list"],
        options: LetterFilter.options + [LetterCall.limit, LetterCall.json, LetterCall.reveal],
        settings: LetterCall.settings, summary: "show dead letters, one a row",
        details: [
            "The oldest first. Without --status the OPEN ones. With --json each line has id, reason, class, kind, status,",
            "replays, firstFailedAt, lastFailedAt, eventId, topic, partition, offset and fen; what is not known is absent.",
            "fen is a command's or a receipt's sum, and where kind is event the amount of the recharge or refund, not what",
            "it earns: GIFT YUAN and EVENT YUAN. Numbers are masked, also in ids, unless --reveal is given.",
        ],
        perform: { invocation in
            var mistakes: [String] = []
            let limit = invocation.count(LetterCall.limit.flag, &mistakes)
            guard mistakes.isEmpty else { return .refusal(mistakes, .usage) }
            return invocation.withLetters(of: [.open]) { call throws(Changelog.Failure) in
                list(try call.letters(limit: limit), call)
                return .answer([])
            }
        })

    static let lettersShow = Verb(
        words: ["letters", "show"], operands: ["ID"], options: [LetterCall.json, LetterCall.reveal],
        settings: LetterCall.settings + [.campaignFile], summary: "show everything about one dead letter",
        details: [
            "What it is about, what it means, what a replay would do now (by the campaign file), what became of it, its",
            "headers and its value. 1 where there is no such letter. With --json one line, as 'letters list' has it.",
        ],
        perform: { invocation in
            invocation.withLetters(of: []) { call throws(Changelog.Failure) in
                guard let id = call.filter.ids.first, let story = try LetterStory.find(id, in: call.topics) else {
                    let id = invocation.operands[0]
                    let hint = id.contains("****") ? ["'letters list --reveal' has ids with their numbers"] : []
                    return .refusal(["there is no letter \(id)"] + hint, .failed)
                }
                guard !call.isSet(LetterCall.json) else {
                    printLines([call.rows.json(story.letter)])
                    return .answer([])
                }
                let prospect = try story.prospect(call)
                printLines(story.lines(call.rows, prospect: prospect, .init(invocation.environment)))
                return .answer([])
            }
        })

    static let lettersExport = Verb(
        words: ["letters", "export"],
        options: LetterFilter.options + [
            .init(flag: "--format", operand: "FORMAT", meaning: "csv or jsonl"),
            .init(flag: "-o", operand: "FILE", meaning: "where to; a file that is there is replaced"), LetterCall.limit,
            LetterCall.reveal,
        ], settings: LetterCall.settings, summary: "write dead letters to a file, for a spreadsheet or a program",
        details: [
            "The letters that 'letters list' shows, with the members of its --json. The file is readable by you alone."
        ],
        perform: exportLetters)
}

private func exportLetters(_ invocation: Invocation) -> Outcome {
    var mistakes: [String] = []
    let limit = invocation.count(LetterCall.limit.flag, &mistakes)
    let format = invocation.options["--format"].flatMap(LetterFile.Format.init)
    if format == nil { mistakes.append("--format csv or --format jsonl is needed") }
    let path = invocation.options["-o"]
    if path == nil { mistakes.append("-o FILE is needed") }
    guard let path, let format, mistakes.isEmpty else {
        return .refusal(mistakes + [Help.pointer(to: invocation.verb)], .usage)
    }
    return invocation.withLetters(of: [.open]) { call throws(Changelog.Failure) in
        let letters = try call.letters(limit: limit)
        do throws(UnwritableFile) {
            try LetterFile.write(letters, to: path, format, call.rows)
        } catch {
            return .refusal(["\(path): \(error.reason)"], .failed)
        }
        return Outcome(errors: ["\(letters.count) letters are in \(path)"], exitCode: .ok)
    }
}

private func list(_ letters: [DeadLetter], _ call: LetterCall) {
    let rows = call.rows
    if call.isSet(LetterCall.json) {
        for piece in letters.pieces { printLines(piece.map(rows.json)) }
        return
    }
    let style = TextTable.Style(call.invocation.environment)
    var table = TextTable(rightAligned: LetterRows.figures, style)
    var heading = [LetterRows.headings.map { TextTable.Cell($0, .heading) }]
    for piece in letters.pieces {
        printLines(table.lines(heading + piece.map { rows.cells($0, style) }))
        heading = []
    }
}

extension [DeadLetter] {
    /// All of them, some at a time.
    var pieces: [ArraySlice<DeadLetter>] {
        stride(from: 0, to: count, by: 1000).map { self[$0..<Swift.min($0 + 1000, count)] }
    }
}
