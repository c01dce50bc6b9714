import TestSupport

/// The letters that a shard keeps, and what ops ask for.
extension CampaignOracle {
    /// A letter of an event or a receipt that is neither resolved nor discarded.
    struct KeptLetter {
        var letter: ExpectedLetter
        var firstFailedAt: Int64
        /// True for a reversal that still waits for its recharge, in the state.
        var waits: Bool { letter.reason == .reversalWithoutOriginal }
    }

    /// A letter about a record and its status; the same letter anew when it is replayed.
    mutating func letter(_ reason: Reason, _ record: TestRecord, _ shard: Int32, id: String?, time: Int64?) -> Outcome {
        let name = "\(record.topic)/\(record.partition)/\(record.offset)"
        var letter = ExpectedLetter(
            id: name, kind: record.topic == topicsPrefix + EventTopic.receipt.rawValue ? .receipt : .event,
            record: record, reason: reason, partition: shard, eventID: id, eventTime: time)
        let before = letters[name]
        letter.replays = before.map { $0.letter.replays + 1 } ?? 0
        letter.firstFailedAt = before?.firstFailedAt
        letters[name] = KeptLetter(letter: letter, firstFailedAt: before?.firstFailedAt ?? now)
        let state = letter.replays >= Gift.mostReplays ? "PARKED" : "OPEN"
        return Outcome(
            decision: .letter(reason), letters: [letter],
            statuses: [status(state, of: letter)])
    }

    /// The status of a reversal's letter whose recharge is decided now; nil if there is no such letter any more.
    mutating func resolve(_ reversal: Subscriber.WaitingReversal, by rechargeID: String) -> ExpectedStatus? {
        let record = reversal.record
        guard let kept = letters.removeValue(forKey: "\(record.topic)/\(record.partition)/\(record.offset)") else {
            return nil
        }
        var status = status("RESOLVED", of: kept.letter)
        status.decision = "recharge/\(rechargeID)"
        return status
    }

    private func status(
        _ state: String, of letter: ExpectedLetter, _ request: Gift.Request? = nil
    ) -> ExpectedStatus {
        ExpectedStatus(
            letterID: letter.id, partition: letter.partition, state: state, reason: letter.reason,
            replays: letter.replays, by: request?.by, why: request?.why)
    }

    // MARK: Requests

    /// Does what a request asks for, if its letter is this shard's and its copy is true.
    mutating func answer(request record: TestRecord) -> Outcome {
        guard let id = record.header("recharge.letter.id"), let action = record.header("recharge.request.action"),
            action == "replay" || action == "discard"
        else { return Outcome(decision: .ignored) }
        let request = Gift.Request(record)
        return id.hasPrefix("gift/")
            ? answer(action, String(id.dropFirst(5)), record, request) : answer(action, letter: id, record, request)
    }

    private mutating func answer(
        _ action: String, _ commandID: String, _ record: TestRecord, _ request: Gift.Request
    ) -> Outcome {
        guard let grant = grants[commandID], var gift = gifts[grant], let index = gift.index(of: commandID),
            partition(of: gift.grant.command.subject) == record.partition,
            record.key == Array(gift.grant.command.subject.utf8), record.value == gift.credits[index].bytes,
            gift.credits[index].stage == .failed
        else { return Outcome(decision: .ignored) }
        var outcome = Outcome(decision: .nothing)
        if action == "replay" {
            gift.replay(index, request, at: moment(record.partition), into: &outcome)
        } else {
            gift.discard(index, request, at: moment(record.partition), into: &outcome)
        }
        gifts[grant] = gift
        return outcome
    }

    private mutating func answer(
        _ action: String, letter id: String, _ record: TestRecord, _ request: Gift.Request
    ) -> Outcome {
        guard let kept = letters[id], kept.letter.partition == record.partition,
            kept.letter.record.key == record.key, kept.letter.record.value == record.value,
            record.header("recharge.letter.record-time") == ChinaTime.text(kept.letter.record.timestamp)
        else { return Outcome(decision: .ignored) }
        if action == "replay" { return replay(kept, request, headers: record.originalHeaders) }
        letters[id] = nil
        return Outcome(
            decision: .nothing, statuses: [status("DISCARDED", of: kept.letter, request)])
    }

    private mutating func replay(
        _ kept: KeptLetter, _ request: Gift.Request, headers: [TestHeader]
    ) -> Outcome {
        var source = kept.letter.record
        source.headers = headers
        if kept.waits {
            return letter(
                kept.letter.reason, source, kept.letter.partition, id: kept.letter.eventID, time: kept.letter.eventTime)
        }
        guard var outcome = read(source, in: kept.letter.partition, isMail: true) else {
            return Outcome(decision: .ignored)
        }
        if case .letter = outcome.decision { return outcome }
        letters[kept.letter.id] = nil
        var resolved = status("RESOLVED", of: kept.letter, request)
        resolved.replays += 1
        resolved.decision = words(outcome)
        outcome.statuses.append(resolved)
        return outcome
    }

    /// What a decision is called in the status that it leads to.
    private func words(_ outcome: Outcome) -> String {
        switch outcome.decision {
        case .no(let reason): reason.rawValue
        case .accepted: "ACCEPTED"
        case .waiting: "WAITING"
        default: outcome.commands.first?.id ?? "COUNTED"
        }
    }
}

extension Gift.Request {
    /// Who asks, and why.
    init(_ record: TestRecord) {
        by = record.header("recharge.request.by") ?? ""
        why = record.header("recharge.request.why") ?? ""
    }
}

extension TestRecord {
    /// What of a request's headers was the record's own.
    var originalHeaders: [TestHeader] {
        headers.filter { header in
            !["recharge.letter.", "recharge.request.", "__dlq.errors.", "kafka_dlt-"].contains {
                header.name.hasPrefix($0)
            }
        }
    }
}
