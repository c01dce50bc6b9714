import Campaign
import Glibc
import Kafka
import Worker

extension Verb {
    private static let ways: [Option] = [
        Option(flag: "--execute", operand: nil, meaning: "do it; without it nothing is written"),
        Option(
            flag: "--why", operand: "TEXT", meaning: "needed with --execute; it stands in the letter's status for good"),
        Option(flag: "--yes", operand: nil, meaning: "do not ask; needed where there is no terminal"),
    ]

    static let lettersReplay = Verb(
        words: ["letters", "replay"], repeatedOperand: "ID",
        options: LetterFilter.options + [LetterCall.limit, LetterCall.json, LetterCall.reveal] + ways
            + [Option(flag: "--force", operand: nil, meaning: "also letters of the classes poison and conflict")]
            + RequestPace.options,
        settings: LetterCall.settings + [.campaignFile], summary: "say what replaying dead letters would do, or do it",
        details: [
            "Prints the plan and writes nothing: each letter is decided with the worker's own code, on the state as it is.",
            "Up to 20 letters have a row each, with --json all have one; the last line sums up.",
            "Needs the campaign file that the workers run with, and a filter or ids; OPEN letters are meant unless --status",
            "says otherwise. With --execute it sends one request for each letter of that plan, the oldest first, follows",
            "what becomes of them, and ends with every outcome and the sum against the plan. 0 all resolved, 2 some failed",
            "again, were refused or not answered. Ctrl-C stops sending; run again, it goes on where it was. Two people who",
            "replay the same letters pay nothing twice.",
        ],
        perform: { ask(for: .replay, $0) })

    static let lettersDiscard = Verb(
        words: ["letters", "discard"], repeatedOperand: "ID",
        options: LetterFilter.options + [LetterCall.limit, LetterCall.json, LetterCall.reveal] + ways
            + RequestPace.options.prefix(1),
        settings: LetterCall.settings + [.campaignFile], summary: "say which dead letters would be given up, or do it",
        details: [
            "Prints the plan and writes nothing. With --execute the letters are DISCARDED: nobody waits for them any more.",
            "It cancels nothing at billing. Needs a filter or ids, and the campaign file that the workers run with.",
        ],
        perform: { ask(for: .discard, $0) })
}

/// Plans requests about letters and, with `--execute`, carries them out.
private func ask(for action: LetterRequest.Action, _ invocation: Invocation) -> Outcome {
    var mistakes: [String] = []
    if !LetterFilter.isGiven(invocation) { mistakes.append("\(invocation.verb.name) needs a filter or an ID") }
    let limit = invocation.count(LetterCall.limit.flag, &mistakes)
    let pace = RequestPace(invocation, &mistakes)
    let isExecuted = invocation.options["--execute"] != nil
    let why = invocation.options["--why"] ?? ""
    if isExecuted, why.isEmpty { mistakes.append("--execute needs --why TEXT") }
    let asks = invocation.options["--yes"] == nil
    if isExecuted, asks, !FileDescriptor(STDIN_FILENO).isTerminal {
        mistakes.append("--execute needs --yes where there is no terminal")
    }
    guard mistakes.isEmpty else { return .refusal(mistakes + [Help.pointer(to: invocation.verb)], .usage) }
    return invocation.withLetters(of: [.open]) { call throws(Changelog.Failure) in
        let campaign: CampaignFile
        do throws(CampaignProblems) {
            campaign = try CampaignFile.load(call.settings.campaignFile)
        } catch {
            return .refusal(error.problems.map(\.description), .badData)
        }
        let asking = LetterAsking(
            call: call, action: action, campaign: campaign, isForced: invocation.options["--force"] != nil)
        let places = try asking.ends()
        let (plan, warnings) = try asking.plan(limit: limit)
        asking.show(plan, warnings)
        guard isExecuted, !plan.sent.isEmpty else {
            return .answer([], isExecuted && !plan.isAllDone ? .foundProblems : .ok)
        }
        if asks, !confirm(plan) { return .refusal(["nothing was sent"], .failed) }
        // Up to here a signal just ends the tool.
        let stop = StopWish()
        StopSignals().whenStopped { stop.wish() }
        return try asking.execute(plan, by: invocation.person, why: why, pace, from: places, stop)
    }
}

private func confirm(_ plan: LetterPlan) -> Bool {
    FileDescriptor.standardError.write("\(plan.sent.count) requests go out. Type yes to go on: ")
    return readLine()?.lowercased() == "yes"
}

extension Invocation {
    /// Who asks, as the letters' statuses will say.
    fileprivate var person: String {
        environment["USER"] ?? environment["LOGNAME"] ?? "uid \(getuid())"
    }
}
