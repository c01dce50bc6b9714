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
    /// - Returns: a letter's reason if there is one about the receipt itself.
    mutating func settle(
        _ index: Int, _ receipt: (id: String, answer: Answer), at moment: Moment, into outcome: inout Outcome
    ) -> Decision {
        let (credit, answer) = (credits[index], receipt.answer)
        switch credit.stage {
        case .held: return .letter(.receiptWithoutCommand)
        case .confirmed:
            if credit.isGood(answer) || answer.isSame(as: credit.objection) { return .no(.duplicate) }
            credits[index].objection = answer
            return .letter(.conflictingDuplicate)
        case .awaiting, .failed, .replaying, .void, .withdrawn, .discarded:
            if credit.isGood(answer) {
                confirm(index, receipt, at: moment, into: &outcome)
                return .nothing
            }
            return refuse(index, answer, at: moment, into: &outcome)
        }
    }

    private mutating func confirm(
        _ index: Int, _ receipt: (id: String, answer: Answer), at moment: Moment, into outcome: inout Outcome
    ) {
        resolve(index, "receipt/\(receipt.id)", at: moment, into: &outcome)
        credits[index].stage = .confirmed
        credits[index].answer = receipt.answer
        if index == 0 { sendHeldReverses(at: moment, into: &outcome) }
    }

    /// Now there is something to take back.
    private mutating func sendHeldReverses(at moment: Moment, into outcome: inout Outcome) {
        for reverse in credits.indices where credits[reverse].stage == .held || credits[reverse].stage == .void {
            send(reverse, at: moment, into: &outcome)
        }
    }

    private mutating func refuse(
        _ index: Int, _ answer: Answer, at moment: Moment, into outcome: inout Outcome
    ) -> Decision {
        let (stage, last) = (credits[index].stage, credits[index].answer)
        let isWaitedFor = credits[index].isWaitedFor
        if isWaitedFor || stage == .failed, index > 0, answer.isNoGrant,
            grant.isRefused || grant.stage == .withdrawn
        {
            void(index, answer, at: moment, into: &outcome)
            return .nothing
        }
        if !isWaitedFor, answer.isSame(as: last) { return .no(.duplicate) }
        credits[index].answer = answer
        if index == 0, answer.outcome == .credited, answer.fen > 0 { sendHeldReverses(at: moment, into: &outcome) }
        guard isWaitedFor || stage == .failed else { return .nothing }
        fail(index, answer.letterReason, isRetryable: answer.isRetryable, at: moment, into: &outcome)
        if index == 0, answer.outcome == .rejected { voidReversesAtNoGrant(at: moment, into: &outcome) }
        return .nothing
    }

    private mutating func voidReversesAtNoGrant(at moment: Moment, into outcome: inout Outcome) {
        for index in credits.indices.dropFirst() where credits[index].standsAtNoGrant {
            void(index, credits[index].answer, at: moment, into: &outcome)
        }
    }

    /// There is nothing to take back.
    private mutating func void(_ index: Int, _ answer: Answer?, at moment: Moment, into outcome: inout Outcome) {
        resolve(index, "NO_GRANT", at: moment, into: &outcome)
        credits[index].stage = .void
        credits[index].answer = answer
        // Billing says here that it never credited the grant.
        if grant.stage == .withdrawn { credits[0].answer = Answer(outcome: .rejected, fen: 0) }
    }

    /// The deadline passed.
    mutating func delay(_ index: Int, at moment: Moment, into outcome: inout Outcome) {
        fail(index, .giftDelayed, isRetryable: false, at: moment, into: &outcome)
    }

    // MARK: Requests

    /// Sends a gift again, unless there is nothing left of it.
    mutating func replay(_ index: Int, _ request: Request, at moment: Moment, into outcome: inout Outcome) {
        if index == 0, credits.dropFirst().reduce(0, { $0 + $1.command.totalFen }) == grant.command.totalFen {
            resolve(0, "REVERSED", request, at: moment, into: &outcome)
            credits[0].stage = .withdrawn
            voidReversesAtNoGrant(at: moment, into: &outcome)
            return
        }
        sendAgain(index, request, at: moment, into: &outcome)
        guard index == 0 else { return }
        for reverse in credits.indices.dropFirst()
        where credits[reverse].stage != .confirmed && credits[reverse].stage != .discarded {
            sendAgain(reverse, request, at: moment, into: &outcome)
        }
    }

    private mutating func sendAgain(
        _ index: Int, _ request: Request, at moment: Moment, into outcome: inout Outcome
    ) {
        if credits[index].stage == .failed {
            credits[index].failure?.replays += 1
            addStatus("REPLAYING", of: index, request, at: moment, into: &outcome)
        }
        send(index, at: moment, into: &outcome)
    }

    /// Gives a gift up; it is not cancelled at billing.
    mutating func discard(_ index: Int, _ request: Request, at moment: Moment, into outcome: inout Outcome) {
        addStatus("DISCARDED", of: index, request, at: moment, into: &outcome)
        credits[index].stage = .discarded
        credits[index].failure = nil
    }

    /// Sends a command, and waits for its answer anew.
    private mutating func send(_ index: Int, at moment: Moment, into outcome: inout Outcome) {
        let credit = credits[index]
        outcome.commands.append(credit.stage == .held ? credit.command : credit.copy)
        credits[index].stage = credit.failure == nil ? .awaiting : .replaying
        credits[index].answer = nil
        credits[index].deadline = moment.deadline
    }

    // MARK: Letters

    private mutating func fail(
        _ index: Int, _ reason: Reason, isRetryable: Bool, at moment: Moment, into outcome: inout Outcome
    ) {
        let before = credits[index].failure
        credits[index].failure = .init(
            reason: reason, isRetryable: isRetryable, firstFailedAt: before?.firstFailedAt ?? moment.now,
            replays: before?.replays ?? 0)
        credits[index].stage = .failed
        outcome.letters.append(letter(index, at: moment))
        let isParked = (before?.replays ?? 0) >= Self.mostReplays
        addStatus(isParked ? "PARKED" : "OPEN", of: index, at: moment, into: &outcome)
    }

    private func letter(_ index: Int, at moment: Moment) -> ExpectedLetter {
        let credit = credits[index]
        return ExpectedLetter(
            id: credit.letterID, kind: .command, record: record(of: credit, at: moment),
            reason: credit.failure?.reason ?? .giftDelayed, isRetryable: credit.failure?.isRetryable ?? false,
            partition: moment.partition, eventID: credit.command.cause, eventTime: credit.command.eventTime,
            rulesVersion: credit.command.rulesVersion,
            replays: credit.failure?.replays ?? 0, firstFailedAt: credit.failure?.firstFailedAt)
    }

    /// The command as a record, at the place that letters name.
    private func record(of credit: Credit, at moment: Moment) -> TestRecord {
        TestRecord(
            topic: moment.topicsPrefix + "bonus-credits", partition: moment.partition, offset: -1, timestamp: 0,
            key: Array(credit.command.subject.utf8), value: credit.bytes,
            headers: [TestHeader("content-type", "application/cloudevents+json")])
    }

    /// Its letter is done, if it has one.
    private mutating func resolve(
        _ index: Int, _ decision: String, _ request: Request? = nil, at moment: Moment, into outcome: inout Outcome
    ) {
        guard credits[index].failure != nil else { return }
        addStatus("RESOLVED", of: index, request, decision: decision, at: moment, into: &outcome)
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
                reason: credit.failure?.reason ?? .giftDelayed, replays: credit.failure?.replays ?? 0, by: request?.by,
                why: request?.why, decision: decision))
    }
}
