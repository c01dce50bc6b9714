import TestSupport

/// What stands in a run's topics about each gift and each letter.
struct GiftRecords {
    private let run: SettledRun
    private var inputs: [String: GiftSearch.Inputs] = [:]
    private var mailed: [String: [Int32: [GiftSearch.Receipt]]] = [:]
    private var written: [String: GiftSearch.Written] = [:]
    /// By the letter's id.
    private let letters: [String: [TestRecord]]
    private let statuses: [String: [TestRecord]]
    /// The first letters of events and receipts, as they must be.
    private var eventLetters: [ExpectedLetter]

    /// Sorts the records of a run; what belongs nowhere is a problem.
    init(_ run: SettledRun, into judgement: inout SettledRun.Judgement) {
        self.run = run
        letters = Dictionary(grouping: run.comparison.records("dead-letters", run.written)) {
            $0.header("recharge.letter.id") ?? "-"
        }
        statuses = Dictionary(grouping: run.comparison.records("dead-letter-status", run.written)) {
            $0.keyText ?? "-"
        }
        eventLetters = run.outcomes.flatMap(\.letters)
        for command in run.outcomes.flatMap(\.commands) {
            if let grant = command.reverses { inputs[grant, default: .init()].reverses.append(command) }
        }
        for receipt in run.receipts { sort(receipt: receipt) }
        for request in run.requests { sort(request: request) }
        for record in run.comparison.records("bonus-credits", run.written) { sort(command: record) }
        for record in run.comparison.records("dead-letters", run.written) { sort(letter: record) }
        for record in run.comparison.records("dead-letter-status", run.written) { sort(status: record) }
        judgement.problems += strangers()
    }

    /// Letters and statuses about gifts that there are not, or events that needed none.
    private func strangers() -> [String] {
        let known = Set(eventLetters.map(\.id))
        return Set(letters.keys).union(statuses.keys).subtracting(known).sorted().compactMap { id in
            grant(ofLetter: id) == nil ? "letter \(id) was not expected" : nil
        }
    }

    private func grant(ofLetter id: String) -> String? {
        id.hasPrefix("gift/") ? run.grants[String(id.dropFirst(5))] : nil
    }

    private func home(of number: String) -> Int32 {
        SubscriberNumber.partition(of: number, among: run.comparison.partitions)
    }

    // MARK: Sorting

    private mutating func sort(receipt record: TestRecord) {
        let id = "\(record.topic)/\(record.partition)/\(record.offset)"
        let reading = EventReading(record: record, topic: .receipt)
        let json = record.value.flatMap(JSON.init)
        let judge = EventReading.subject(of: json).map(home) ?? record.partition
        func expect(_ reason: Reason, _ eventID: String?, _ time: Int64?) {
            eventLetters.append(
                ExpectedLetter(
                    id: id, kind: .receipt, record: record, reason: reason, partition: judge, eventID: eventID,
                    eventTime: time))
        }
        do {
            let event = try reading.event(json)
            guard case .receipt(let receipt) = event.body else { return }
            let letter = letters[id]?.first?.header("recharge.letter.reason").flatMap(Reason.init)
            if let letter { expect(letter, event.id, event.time) }
            guard let grant = run.grants[receipt.commandID], run.firsts[grant]?.keyText == event.subject else {
                if letter == nil { expect(.receiptWithoutCommand, event.id, event.time) }
                return
            }
            let read = GiftSearch.Receipt(
                id: event.id, commandID: receipt.commandID, answer: receipt.answer, timestamp: record.timestamp,
                letter: letter)
            if record.partition == judge {
                inputs[grant, default: .init()].receipts.append(read)
            } else {
                mailed[grant, default: [:]][record.partition, default: []].append(read)
            }
        } catch {
            expect(error.reason, error.eventID, error.eventTime)
        }
    }

    private mutating func sort(request record: TestRecord) {
        guard let id = record.header("recharge.letter.id"), let grant = grant(ofLetter: id),
            let first = run.firsts[String(id.dropFirst(5))], first.partition == record.partition
        else { return }
        inputs[grant, default: .init()].asks.append(
            GiftSearch.Ask(
                commandID: String(id.dropFirst(5)), action: record.header("recharge.request.action") ?? "",
                request: .init(record),
                isTrue: record.key == first.key && record.value == first.value))
    }

    private mutating func sort(command record: TestRecord) {
        let json = Comparison.json(record)
        guard let id = json["id"]?.string, let grant = run.grants[id] else { return }
        let isCopy = written[grant]?.commands.contains { $0.id == id } ?? false
        written[grant, default: .init()].commands.append(
            .init(id: id, sent: isCopy ? record.timestamp : instant(json["time"])))
    }

    private mutating func sort(letter record: TestRecord) {
        guard let id = record.header("recharge.letter.id"), let grant = grant(ofLetter: id) else { return }
        written[grant, default: .init()].letters.append(
            .init(
                id: id, reason: record.header("recharge.letter.reason") ?? "",
                letterClass: record.header("recharge.letter.class") ?? "",
                replays: record.header("recharge.letter.replays").flatMap { Int64($0) } ?? -1))
    }

    private mutating func sort(status record: TestRecord) {
        guard let id = record.keyText, let grant = grant(ofLetter: id) else { return }
        let json = Comparison.json(record)
        written[grant, default: .init()].statuses.append(
            .init(
                letterID: id, state: json["state"]?.string ?? "", reason: json["reason"]?.string ?? "",
                replays: json["replays"]?.integer ?? -1, by: json["by"]?.string ?? "", why: json["why"]?.string ?? "",
                decision: json["decision"]?.string, at: instant(json["at"])))
    }

    private func instant(_ member: JSON?) -> Int64 { member?.string.flatMap { try? ChinaTime.parse($0) } ?? 0 }

    // MARK: Judging

    /// Each gift with its reverses.
    func judgeGifts(into judgement: inout SettledRun.Judgement) {
        let records = run.firsts.values.sorted { Comparison.id($0) < Comparison.id($1) }
        for grant in run.comparison.expectedCommands(run.oracle, run.outcomes, records) where grant.reverses == nil {
            var inputs = inputs[grant.id] ?? .init()
            inputs.mailed = (mailed[grant.id] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
            let moment = Gift.Moment(
                partition: home(of: grant.subject), now: 0, confirmWithin: run.comparison.campaign.confirmWithin,
                topicsPrefix: run.comparison.prefix)
            var search = GiftSearch(inputs, written[grant.id] ?? .init(), in: moment)
            if let found = search.find(grant) {
                judge(found, into: &judgement)
            } else {
                judgement.problems.append(search.stuck(grant))
            }
        }
    }

    private func judge(_ found: GiftSearch.Found, into judgement: inout SettledRun.Judgement) {
        for credit in found.gift.credits {
            if credit.isWaitedFor { judgement.waiting += 1 }
            let hadLetter = letters[credit.letterID] != nil
            judgement.ends[credit.end(hadLetter: hadLetter), default: 0] += 1
        }
        for (id, wanted) in Dictionary(grouping: found.letters, by: \.id) {
            let bytes = run.firsts[String(id.dropFirst(5))]?.value
            for (var letter, record) in zip(wanted, letters[id] ?? []) {
                letter.record.value = bytes
                judgement.problems += run.comparison.problems(letter: letter, record)
            }
        }
        for (id, wanted) in Dictionary(grouping: found.statuses, by: \.letterID) {
            for (status, record) in zip(wanted, statuses[id] ?? []) {
                judgement.problems += run.comparison.problems(status: status, record)
            }
        }
    }

    /// Letters of events and receipts, which all fail again: what they fail of does not change in a run.
    func judgeEventLetters(into judgement: inout SettledRun.Judgement) {
        let requests = Dictionary(grouping: run.requests) { $0.header("recharge.letter.id") ?? "-" }
        for first in eventLetters {
            let history = LetterHistory(first, requests: requests[first.id] ?? [])
            judgement.problems += history.problems(
                letters[first.id] ?? [], statuses[first.id] ?? [], by: run.comparison)
        }
    }
}

extension Credit {
    /// How it ended, in a word.
    func end(hadLetter: Bool) -> String {
        switch stage {
        case .held: "held"
        case .awaiting, .replaying: "waiting"
        case .confirmed: hadLetter ? "resolved late" : "confirmed"
        case .discarded: "discarded"
        case .void, .withdrawn: "nothing to move"
        case .failed:
            if failure?.replays ?? 0 >= Gift.mostReplays {
                "parked"
            } else {
                switch failure?.reason {
                case .giftRejected: "rejected"
                case .giftAmountMismatch: "mismatched"
                default: "delayed"
                }
            }
        }
    }
}
