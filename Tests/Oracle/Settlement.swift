public import TestSupport

/// Gifts from their commands to billing's answers.
extension CampaignOracle {
    /// What all grants and reverses of a shard come to.
    public struct Sums: Hashable, Sendable {
        /// What was given: what the answers say, the whole command while there is none.
        public var grantedFen: Int64 = 0
        /// What was taken back, likewise.
        public var reversedFen: Int64 = 0
        /// What was given for certain.
        public var confirmedFen: Int64 = 0

        /// Sums in fen.
        public init(grantedFen: Int64 = 0, reversedFen: Int64 = 0, confirmedFen: Int64 = 0) {
            self.grantedFen = grantedFen
            self.reversedFen = reversedFen
            self.confirmedFen = confirmedFen
        }
    }

    /// The sums of a shard.
    public func sums(of shard: Int32) -> Sums {
        var sums = Sums()
        for gift in gifts.values where partition(of: gift.grant.command.subject) == shard {
            sums.grantedFen += gift.grant.movedFen
            sums.reversedFen += gift.credits.dropFirst().reduce(0) { $0 + $1.movedFen }
            if gift.grant.stage == .confirmed { sums.confirmedFen += gift.grant.command.totalFen }
        }
        return sums
    }

    /// True while an answer is waited for.
    public var isWaiting: Bool { gifts.values.contains { $0.credits.contains(where: \.isWaitedFor) } }

    /// Tells the oracle the bytes of the commands that the worker wrote; copies change nothing.
    public mutating func note(_ commands: [TestRecord]) {
        for record in commands where record.topic == topicsPrefix + "bonus-credits" {
            guard let value = record.value, let id = JSON(value)?["id"]?.string, let grant = grants[id],
                let index = gifts[grant]?.index(of: id), gifts[grant]?.credits[index].bytes.isEmpty == true
            else { continue }
            gifts[grant]?.note(value, of: index)
        }
    }

    /// Gives a gift.
    mutating func give(_ command: ExpectedCommand, into outcome: inout Outcome) {
        grants[command.id] = command.id
        gifts[command.id] = Gift(command, at: moment(partition(of: command.subject)), into: &outcome)
    }

    /// Takes a gift back, or a part of it.
    mutating func takeBack(_ command: ExpectedCommand, into outcome: inout Outcome) {
        guard let grant = command.reverses else { return }
        grants[command.id] = grant
        let moment = moment(partition(of: command.subject))
        gifts[grant]?.takeBack(command, at: moment, into: &outcome)
    }

    /// Billing's answer comes to its subject's shard.
    mutating func settle(
        _ receipt: Event.Receipt, _ event: Event, _ record: TestRecord, _ shard: Int32, isMail: Bool
    ) -> Outcome {
        var outcome = Outcome(decision: .letter(.receiptWithoutCommand))
        if let grant = grants[receipt.commandID], var gift = gifts[grant],
            let index = gift.index(of: receipt.commandID), gift.grant.command.subject == event.subject
        {
            if !isMail, gift.credits[index].isLate(record.timestamp) {
                gift.delay(index, at: moment(shard), into: &outcome)
            }
            outcome.decision = gift.settle(index, (event.id, receipt.answer), at: moment(shard), into: &outcome)
            gifts[grant] = gift
        }
        guard case .letter(let reason) = outcome.decision else { return outcome }
        let letter = letter(reason, record, shard, id: event.id, time: event.time)
        outcome.letters += letter.letters
        outcome.statuses += letter.statuses
        return outcome
    }

    /// All gifts of a shard that are late.
    mutating func passDeadlines(of shard: Int32, upTo end: Int64) -> Outcome {
        var outcome = Outcome(decision: .nothing)
        for grant in gifts.keys.sorted() {
            guard var gift = gifts[grant], gift.credits.contains(where: { $0.isLate(end + 1) }),
                partition(of: gift.grant.command.subject) == shard
            else { continue }
            for index in gift.credits.indices where gift.credits[index].isLate(end + 1) {
                gift.delay(index, at: moment(shard), into: &outcome)
            }
            gifts[grant] = gift
        }
        return outcome
    }

    func moment(_ shard: Int32) -> Gift.Moment {
        Gift.Moment(
            partition: shard, now: now, confirmWithin: campaign.confirmWithin, topicsPrefix: topicsPrefix)
    }
}
