import TestSupport

/// A grant with the reverses of it: what is answered, late, replayed or discarded of one can move the others.
///
/// Each change adds what must be published to an outcome.
struct Gift: Hashable, Sendable {
    /// Where and when it happens.
    struct Moment {
        /// The shard.
        var partition: Int32
        /// The worker's clock.
        var now: Int64
        /// From a command's sending to its deadline.
        var confirmWithin: Int64
        /// Goes before each topic's name.
        var topicsPrefix: String

        var deadline: Int64 { now + confirmWithin }
    }

    /// Who asks for a replay or a discard, and why.
    struct Request: Hashable {
        var by: String
        var why: String
    }

    /// After so many replays a letter is parked.
    static let mostReplays = 3

    /// The grant, and behind it the reverses in the order they were decided.
    private(set) var credits: [Credit]

    var grant: Credit { credits[0] }

    /// A gift that is sent now.
    init(_ command: ExpectedCommand, at moment: Moment, into outcome: inout Outcome) {
        credits = [Credit(command: command, stage: .awaiting, deadline: moment.deadline)]
        outcome.commands.append(command)
    }

    func index(of commandID: String) -> Int? { credits.firstIndex { $0.id == commandID } }

    /// Notes the bytes of a command as the worker wrote them.
    mutating func note(_ bytes: [UInt8], of index: Int) { credits[index].bytes = bytes }

    /// A reversal's decision: the reverse goes out, or is held as long as there is nothing to take back.
    mutating func takeBack(_ command: ExpectedCommand, at moment: Moment, into outcome: inout Outcome) {
        let isHeld = grant.isRefused
        credits.append(Credit(command: command, stage: isHeld ? .held : .awaiting, deadline: moment.deadline))
        if !isHeld { outcome.commands.append(command) }
    }

    // MARK: Answers and deadlines

    /// Billing answers.
    ///
    /// - Parameter isReplay: true for a receipt that comes once more from its letter.
    /// - Returns: the reason of a letter about the receipt itself, if there is one.
    mutating func settle(
        _ index: Int, _ receipt: (id: String, answer: Answer), isReplay: Bool, at moment: Moment,
        into outcome: inout Outcome
    ) -> Reason? {
        let (credit, answer) = (credits[index], receipt.answer)
        switch credit.stage {
        case .held: return .receiptWithoutCommand
        case .confirmed:
            if credit.isGood(answer) || !isReplay && answer.isSame(as: credit.objection) { return nil }
            credits[index].objection = answer
            return .conflictingDuplicate
        case .awaiting, .failed, .replaying, .closed:
            if credit.isGood(answer) {
                confirm(index, receipt, at: moment, into: &outcome)
            } else {
                refuse(index, answer, at: moment, into: &outcome)
            }
            return nil
        }
    }

    private mutating func confirm(
        _ index: Int, _ receipt: (id: String, answer: Answer), at moment: Moment, into outcome: inout Outcome
    ) {
        resolve(index, "receipt/\(receipt.id)", at: moment, into: &outcome)
        credits[index].stage = .confirmed
        credits[index].answer = receipt.answer
        guard index == 0 else { return }
        for held in credits.indices where credits[held].stage == .held { send(held, at: moment, into: &outcome) }
    }

    private mutating func refuse(_ index: Int, _ answer: Answer, at moment: Moment, into outcome: inout Outcome) {
        let (stage, last) = (credits[index].stage, credits[index].answer)
        credits[index].answer = answer
        if stage == .closed { return }
        if index > 0, answer.isNoGrant, grant.stage != .confirmed, grant.answer?.outcome == .rejected {
            return close(index, "NO_GRANT", at: moment, into: &outcome)
        }
        if stage == .failed, answer.isSame(as: last) { return }
        fail(index, answer.letterReason, isRetryable: answer.isRetryable, at: moment, into: &outcome)
        guard index == 0, answer.outcome == .rejected else { return }
        closeReversesAtNoGrant("NO_GRANT", at: moment, into: &outcome)
    }

    private mutating func closeReversesAtNoGrant(
        _ decision: String, at moment: Moment, into outcome: inout Outcome
    ) {
        for index in credits.indices.dropFirst() where credits[index].standsAtNoGrant {
            close(index, decision, at: moment, into: &outcome)
        }
    }

    /// The deadline passed.
    mutating func delay(_ index: Int, at moment: Moment, into outcome: inout Outcome) {
        fail(index, .giftDelayed, isRetryable: false, at: moment, into: &outcome)
    }

    // MARK: Requests

    /// Sends a gift again, unless there is nothing left of it.
    mutating func replay(_ index: Int, _ request: Request, at moment: Moment, into outcome: inout Outcome) {
        if index == 0, credits.dropFirst().reduce(0, { $0 + $1.command.totalFen }) == grant.command.totalFen {
            close(0, "REVERSED", at: moment, into: &outcome)
            credits.removeAll { $0.stage == .held }
            closeReversesAtNoGrant("NO_GRANT", at: moment, into: &outcome)
            return
        }
        credits[index].replays += 1
        credits[index].stage = .replaying
        credits[index].deadline = moment.deadline
        addStatus("REPLAYING", of: index, request, at: moment, into: &outcome)
        outcome.commands.append(credits[index].copy)
        guard index == 0 else { return }
        for reverse in credits.indices.dropFirst() where credits[reverse].stage != .confirmed {
            send(reverse, at: moment, into: &outcome)
        }
    }

    /// Gives a gift up; it is not cancelled at billing.
    mutating func discard(_ index: Int, _ request: Request, at moment: Moment, into outcome: inout Outcome) {
        addStatus("DISCARDED", of: index, request, at: moment, into: &outcome)
        credits[index].stage = .closed
        credits[index].failure = nil
    }

    /// Sends a reverse for the first time, or again behind its grant.
    private mutating func send(_ index: Int, at moment: Moment, into outcome: inout Outcome) {
        let stage = credits[index].stage
        outcome.commands.append(stage == .held ? credits[index].command : credits[index].copy)
        guard stage == .held || stage == .awaiting || stage == .closed else { return }
        credits[index].stage = .awaiting
        credits[index].deadline = moment.deadline
    }

    // MARK: Letters

    private mutating func fail(
        _ index: Int, _ reason: Reason, isRetryable: Bool, at moment: Moment, into outcome: inout Outcome
    ) {
        let first = credits[index].failure?.firstFailedAt ?? moment.now
        credits[index].failure = .init(reason: reason, isRetryable: isRetryable, firstFailedAt: first)
        credits[index].stage = .failed
        outcome.letters.append(letter(index, at: moment))
        let isParked = credits[index].replays >= Self.mostReplays
        addStatus(isParked ? "PARKED" : "OPEN", of: index, at: moment, into: &outcome)
    }

    private func letter(_ index: Int, at moment: Moment) -> ExpectedLetter {
        let credit = credits[index]
        return ExpectedLetter(
            id: credit.letterID, kind: .command, record: record(of: credit, at: moment),
            reason: credit.failure?.reason ?? .giftDelayed, isRetryable: credit.failure?.isRetryable ?? false,
            partition: moment.partition, eventID: credit.command.cause, eventTime: credit.command.eventTime,
            replays: credit.replays, firstFailedAt: credit.failure?.firstFailedAt)
    }

    /// The command as a record, at the place that letters name.
    private func record(of credit: Credit, at moment: Moment) -> TestRecord {
        TestRecord(
            topic: moment.topicsPrefix + "bonus-credits", partition: moment.partition, offset: -1, timestamp: 0,
            key: Array(credit.command.subject.utf8), value: credit.bytes,
            headers: [TestHeader("content-type", "application/cloudevents+json")])
    }

    /// Ends it without waiting further; its letter is resolved if it has one.
    private mutating func close(_ index: Int, _ decision: String, at moment: Moment, into outcome: inout Outcome) {
        resolve(index, decision, at: moment, into: &outcome)
        credits[index].stage = .closed
    }

    private mutating func resolve(_ index: Int, _ decision: String, at moment: Moment, into outcome: inout Outcome) {
        guard credits[index].failure != nil else { return }
        addStatus("RESOLVED", of: index, decision: decision, at: moment, into: &outcome)
        credits[index].failure = nil
    }

    private func addStatus(
        _ state: String, of index: Int, _ request: Request? = nil, decision: String? = nil, at moment: Moment,
        into outcome: inout Outcome
    ) {
        let credit = credits[index]
        outcome.statuses.append(
            ExpectedStatus(
                letterID: credit.letterID, partition: moment.partition, state: state,
                reason: credit.failure?.reason ?? .giftDelayed, replays: credit.replays, by: request?.by,
                why: request?.why, decision: decision))
    }
}
