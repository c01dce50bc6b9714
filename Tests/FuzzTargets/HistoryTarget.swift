@testable import Campaign

/// Any events, a line each, are decided once: a copy, an abort and a restart change nothing, and no more is taken back than
/// was given.
///
/// A line may begin with the milliseconds when it was published.
func checkHistory(_ input: UnsafeRawBufferPointer) {
    var history = History()
    for (offset, line) in input.split(separator: 0x0A).prefix(40).enumerated() {
        history.play(UnsafeRawBufferPointer(rebasing: line), offset: Int64(offset))
    }
    history.restart()
}

/// A shard of one partition, with what it published.
private struct History: ~Copyable {
    private static let campaign: CampaignFile = {
        do throws(CampaignProblems) {
            return try CampaignFile.read(Array(campaignText.utf8)) { (_) throws(UnreadableFile) in
                Array("1390000\n".utf8)
            }
        } catch {
            fatalError("\(error)")
        }
    }()

    private var shard = Shard(partition: 0, partitionCount: 1, campaign: campaign)
    private var decoder = EventDecoder()
    private var encoder = EffectEncoder(
        campaign: campaign, partitionCount: 1,
        inputNames: ["recharge-events", "assist-events", "campaign-mail", "credit-receipts", "letter-requests"],
        creditsName: "bonus-credits", group: "fuzz")
    private var reader = CommandReader()
    private var changelog: [[UInt8]: [UInt8]?] = [:]
    /// What each subscriber has, in fen.
    private var balances: [PhoneNumber: Fen] = [:]

    /// Decides a line, decides it anew after an abort, and then a copy of it.
    mutating func play(_ line: UnsafeRawBufferPointer, offset: Int64) {
        let digits = line.prefix { (0x30...0x39).contains($0) }.prefix(15)
        let milliseconds = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        let value = Bytes(UnsafeRawBufferPointer(rebasing: line[digits.endIndex...]))
        let record = SourceRecord(
            topic: value.text.contains("assist.completed") ? .assists : .recharges, partition: 0, offset: offset,
            timestamp: digits.isEmpty ? published : Timestamp(milliseconds: milliseconds), key: nil, value: value,
            headers: .none)
        let aborted = decide(record)
        shard.rollback()
        let decided = decide(record)
        mustHold(aborted == decided, "an abort changes no decision")
        commit()
        for credit in decided.credits { pay(credit) }
        let copy = decide(record)
        if case .dead = decided.decision {
            mustHold(copy == decided, "what is dead leaves nothing")
        } else {
            mustHold(copy.decision == .refused(.duplicate) && copy.published.isEmpty, "a copy publishes nothing")
        }
        shard.rollback()
    }

    private struct Outcome: Equatable {
        var decision: Decision
        var published: [[UInt8]] = []
        var credits: [PublishedCredit] = []
    }

    private mutating func decide(_ record: SourceRecord) -> Outcome {
        do throws(StateError) {
            var effects: [Effect] = []
            var outcome = Outcome(
                decision: try shard.apply(
                    record, decoder.decode(record), cameByMail: false, now: record.timestamp, into: &effects))
            encode(effects, into: &outcome)
            for effect in effects {
                guard case .claim(let claim) = effect else { continue }
                var gifts: [Effect] = []
                _ = try shard.apply(claim, now: record.timestamp, into: &gifts)
                encode(gifts, into: &outcome)
            }
            return outcome
        } catch {
            fatalError("does not hold: a shard reads its own state: \(error)")
        }
    }

    private mutating func encode(_ effects: [Effect], into outcome: inout Outcome) {
        var published: [(topic: OutputTopic, value: [UInt8])] = []
        for effect in effects {
            encoder.encode(effect, of: 0) { record in
                published.append((record.topic, record.value.map { Array($0.buffer) } ?? []))
            }
        }
        for (topic, value) in published {
            outcome.published.append(value)
            switch topic {
            case .bonusCredits:
                guard let credit = value.withUnsafeBytes({ reader.credit(Bytes($0)) }) else {
                    fatalError("does not hold: a command is read: \(String(decoding: value, as: UTF8.self))")
                }
                mustHold(credit.lines.total > 0, "a command moves money")
                outcome.credits.append(credit)
            case .smsNotifications:
                mustHold(value.withUnsafeBytes { reader.message(Bytes($0)) != nil }, "an SMS is read")
            case .mail:
                mustHold(value.withUnsafeBytes { (try? Mail(Bytes($0))) != nil }, "a mail is read")
            default: break
            }
        }
    }

    private mutating func pay(_ credit: PublishedCredit) {
        let fen = credit.kind == .grant ? credit.lines.total : -credit.lines.total
        balances[credit.subject, default: 0] += fen
        mustHold(balances[credit.subject, default: 0] >= 0, "no more is taken back than was given")
    }

    private mutating func commit() {
        var changes: [(key: [UInt8], value: [UInt8]?)] = []
        shard.forEachChange { topic, key, value in
            if topic == .state { changes.append((Array(key.buffer), value.map { Array($0.buffer) })) }
        }
        shard.commit()
        for change in changes { changelog.updateValue(change.value, forKey: change.key) }
    }

    /// A shard that is made from the changelog would write the same, and ends the grace as the other does.
    mutating func restart() {
        let restored = Shard(partition: 0, partitionCount: 1, campaign: Self.campaign)
        do {
            for (key, value) in changelog {
                try key.withUnsafeBytes { key in
                    guard let value else { return try restored.restore(key: Bytes(key), value: nil) }
                    try value.withUnsafeBytes { try restored.restore(key: Bytes(key), value: Bytes($0)) }
                }
            }
            try restored.finishRestore(partitionCount: 1)
        } catch {
            fatalError("does not hold: a shard reads its changelog: \(error)")
        }
        mustHold(restored.subscriberCount == shard.subscriberCount, "all subscribers come back")
        // The other one may still have the deadline of somebody who no longer waits.
        let end = restored.earliestEndOfGrace
        mustHold(end == nil || end == shard.earliestEndOfGrace, "no end of grace is made up")
        let never = Timestamp(microseconds: .max)
        mustHold(
            restored.earliestLateGift(never) == shard.earliestLateGift(never),
            "gifts' deadlines come back")
        let before = endGrace()
        shard = restored
        mustHold(endGrace() == before, "the grace ends for a restored shard as for the other")
    }

    private mutating func endGrace() -> Set<[UInt8]> {
        let end = Self.campaign.window.lastPublication
        var outcome = Outcome(decision: .counted)
        var effects: [Effect] = []
        do throws(StateError) {
            try shard.fireDeadlines(gifts: nil, grace: end, now: end, limit: .max, into: &effects)
        } catch {
            fatalError("does not hold: a shard reads its own state: \(error)")
        }
        encode(effects, into: &outcome)
        return Set(outcome.published)
    }
}

/// The example's rules, and `best` in a second version.
private let campaignText = """
    campaign: zs-2026-05
    title: 中山移动充值活动
    versions:
      - version: 1
        from: 2026-05-01T00:00:00+08:00
        stacking: all
        instantDiscount: {tiers: [{atLeastFen: 5000, offFen: 500}, {atLeastFen: 10000, offFen: 1000}]}
        bonusCredit: {tiers: [{atLeastFen: 3000, creditFen: 300}, {atLeastFen: 10000, creditFen: 2000}]}
        packagePrepay: {payPercent: 80, packages: [{code: P58, feeFen: 5800, prepayFen: 17400}]}
        friendAssist: {perAssistFen: 200, inviterCapFen: 500, minRechargeFen: 3000, helperFen: 100, helperTimes: 2}
      - version: 2
        from: 2026-05-15T00:00:00+08:00
        stacking: best
        instantDiscount: {tiers: [{atLeastFen: 5000, offFen: 500}, {atLeastFen: 20000, offFen: 3000}]}
        bonusCredit: {tiers: [{atLeastFen: 3000, creditFen: 400}, {atLeastFen: 10000, creditFen: 2000}]}
        packagePrepay: {payPercent: 70, packages: [{code: P58, feeFen: 5800, prepayFen: 17400}]}
    window: {start: 2026-05-01T00:00:00+08:00, end: 2026-06-01T00:00:00+08:00, grace: 7d}
    audience: {carrier: CMCC, city: "442000", segments: segments.txt, portedIn: [], portedOut: []}
    gifts: {confirmWithin: 5m}
    budget: {totalFen: 500000000}
    limits: {maxRechargeFen: 5000000}
    sms:
      signature: 中国移动
      templates:
        recharge-gift: 您于{date}充值{amount}元，获赠话费{credit}元{breakdown}。
        assist-gift: 您获得{credit}元话费优惠。
        helper-gift: 获赠话费{credit}元。
        gift-reversed: 退款{refunded}元，优惠{credit}元将收回。

    """
