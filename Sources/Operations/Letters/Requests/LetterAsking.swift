import Campaign
import Kafka
import Worker

/// What ops ask of letters: the plan, and carrying it out.
struct LetterAsking {
    /// With so many letters or fewer each has a row in the plan.
    private static let mostRows = 20

    let call: LetterCall
    let action: LetterRequest.Action
    let campaign: CampaignFile
    let isForced: Bool

    /// Where the topics that tell outcomes end now.
    func ends() throws(Changelog.Failure) -> [TopicOffset] {
        do throws(KafkaFailure) {
            let admin = try Admin(call.settings.kafka) { _, _ in }
            return try admin.ends(
                of: LetterOutcomes.topics.map(call.settings.topics.name), partitions: call.topics.partitionCount,
                timeoutMs: brokerTimeoutMs)
        } catch {
            throw .kafka(error)
        }
    }

    /// What would become of the letters that are meant, and what a person should know about the plan.
    func plan(limit: Int?) throws(Changelog.Failure) -> (LetterPlan, warnings: [String]) {
        let letters = try call.letters(limit: limit)
        let records = try call.topics.records(of: letters)
        var decider = try ReplayDecider(
            records.map(\.stored), campaign, call.settings, partitionCount: call.topics.partitionCount)
        let now = Clock.now()
        var planned: [PlannedLetter] = []
        for (letter, stored) in records {
            var prospect = prospect(of: letter)
            let request = RequestRecord(letter: stored, action: action, id: "plan", by: "plan", why: "plan")
            do throws(StateError) {
                if prospect == nil { prospect = try decider.prospect(of: request, now: now) }
            } catch {
                throw .stop(Stop(error))
            }
            if let prospect { planned.append(PlannedLetter(letter: letter, stored: stored, prospect: prospect)) }
        }
        let warnings =
            decider.isCampaignInForce
            ? []
            : ["the workers last ran with another file than \(call.settings.campaignFile): the plan holds for this one"]
        let missing = limit == nil ? call.filter.ids.subtracting(letters.map(\.id)) : []
        let plan = LetterPlan(action: action, letters: try upToDate(planned), missing: Array(missing))
        return (plan, warnings)
    }

    /// What was closed after the letters were read and before the state was is brought up to date: it is done, not refused.
    private func upToDate(_ planned: [PlannedLetter]) throws(Changelog.Failure) -> [PlannedLetter] {
        let partitions = Set(planned.filter(\.isStale).map(\.letter.partition))
        guard !partitions.isEmpty else { return planned }
        var states: [LetterID: LetterStatus.State] = [:]
        for partition in partitions {
            for letter in try call.topics.letters(of: partition) where letter.state.isDone {
                states[letter.id] = letter.state
            }
        }
        return planned.map { planned in
            guard planned.isStale, let state = states[planned.letter.id] else { return planned }
            var letter = planned.letter
            letter.state = state
            return PlannedLetter(letter: letter, stored: planned.stored, prospect: .isNotOpen(state.rawValue))
        }
    }

    /// What needs no decision.
    private func prospect(of letter: DeadLetter) -> Prospect? {
        if !letter.isWaiting { return .isNotOpen(letter.state.rawValue) }
        let isHopeless = letter.letterClass == .poison || letter.letterClass == .conflict
        return action == .replay && isHopeless && !isForced ? .needsForce(letter.reasonName) : nil
    }

    /// Prints the plan.
    func show(_ plan: LetterPlan, _ warnings: [String]) {
        let rows = call.rows
        if call.isSet(LetterCall.json) {
            printLines(plan.letters.map { rows.json($0.letter, plan: $0.prospect) })
            tell([plan.sentence])
        } else {
            if plan.letters.count <= Self.mostRows {
                var table = TextTable(.init(call.invocation.environment))
                printLines(
                    table.lines(
                        plan.letters.map {
                            [
                                .init(rows.id(of: $0.letter), .plain), .init($0.letter.reasonName, .plain),
                                .init($0.prospect.words, .plain),
                            ]
                        }))
            }
            printLines([plan.sentence])
        }
        tell(warnings + plan.missing.map { "no letter that is meant is \($0.text(call.settings.topics))" })
    }

    /// Sends the requests of a plan, follows them, and prints what came of each.
    func execute(
        _ plan: LetterPlan, by: String, why: String, _ pace: RequestPace, from places: [TopicOffset], _ stop: StopWish
    ) throws(Changelog.Failure) -> Outcome {
        do throws(KafkaFailure) {
            var execution = try LetterExecution(
                plan, by: by, why: why, pace, call.settings, from: places, confirmWithin: campaign.confirmWithin, stop)
            let reason = try execution.run()
            report(plan, execution.outcomes, sent: execution.sent)
            if let reason { tell([reason]) }
            let isWell = reason == nil && plan.isAllDone && execution.outcomes.count(\.hasFailed) == 0
            return .answer([], isWell ? .ok : .foundProblems)
        } catch {
            throw .kafka(error)
        }
    }

    /// The proof: every letter's outcome, and the sum against the plan.
    private func report(_ plan: LetterPlan, _ outcomes: borrowing LetterOutcomes, sent: Int) {
        let rows = call.rows
        if call.isSet(LetterCall.json) {
            printLines(zip(plan.sent, outcomes.all).map { rows.json($0.letter, outcome: $1) })
        } else {
            var table = TextTable(.init(call.invocation.environment))
            printLines(
                table.lines(
                    zip(plan.sent, outcomes.all).map { planned, outcome in
                        [
                            .init(rows.id(of: planned.letter), .plain),
                            .init(rows.concealed(outcome.words), outcome.tint),
                        ]
                    }))
        }
        let sentence = "\(sent) of \(plan.sent.count) sent: \(counts(outcomes)); \(sums(plan, outcomes))"
        if call.isSet(LetterCall.json) { tell([sentence]) } else { printLines([sentence]) }
    }

    private func counts(_ outcomes: borrowing LetterOutcomes) -> String {
        let done = outcomes.count {
            if case .resolved = $0 { true } else { false }
        }
        var parts: [String] = done > 0 || action == .replay ? ["\(done) resolved"] : []
        for (count, words) in [
            (outcomes.count { $0 == .discarded }, "discarded"), (outcomes.count(\.hasFailed), "failed again"),
            (outcomes.count { $0 == .replaying }, "without billing's answer"),
            (outcomes.count { $0 == .awaited }, "without the worker's answer"),
        ] where count > 0 { parts.append("\(count) \(words)") }
        return parts.joined(separator: ", ")
    }

    private func sums(_ plan: LetterPlan, _ outcomes: borrowing LetterOutcomes) -> String {
        "\(money(outcomes.paidFen)) yuan paid and \(money(outcomes.confirmedFen)) confirmed, of \(money(plan.fen)) planned"
    }

    private func tell(_ lines: [String]) {
        for line in lines { FileDescriptor.standardError.write("recharge-worker: \(masked(line))\n") }
    }
}

extension LetterPlan {
    /// Nothing was refused, and what is not sent is done already.
    var isAllDone: Bool {
        missing.isEmpty && letters.allSatisfy { $0.prospect.isSent || $0.letter.state.isDone }
    }
}

extension LetterOutcome {
    fileprivate var tint: TextTable.Tint {
        switch self {
        case .resolved, .discarded: .good
        case .failed: .bad
        case .notSent, .awaited, .replaying: .waiting
        }
    }
}
