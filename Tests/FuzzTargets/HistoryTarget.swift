@testable import Campaign

/// Any events, a line each, are decided once: a copy, an abort and a restart change nothing, no more is taken back than was
/// given, and what is sent again has the same bytes.
///
/// An event's line may begin with the milliseconds when it was published. `D` and milliseconds: gifts' deadlines up to
/// then are due. `R` or `X` and a number: a person replays or discards the letter of that number.
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
    private static let inputNames = [
        "recharge-events", "assist-events", "campaign-mail", "credit-receipts", "letter-requests",
    ]
    private var encoder = EffectEncoder(
        campaign: campaign, partitionCount: 1, inputNames: inputNames, creditsName: "bonus-credits", group: "fuzz")
    private var reader = CommandReader()
    private var changelog: [[UInt8]: [UInt8]?] = [:]
    /// What each subscriber has, in fen.
    private var balances: [PhoneNumber: Fen] = [:]
    private var commands: Set<[UInt8]> = []
    private var letters: [PublishedLetter] = []

    mutating func play(_ line: UnsafeRawBufferPointer, offset: Int64) {
        let number = line.dropFirst().prefix(14).reduce(Int64(0)) { $0 * 10 + Int64($1 & 15) }
        switch line.first {
        case UInt8(ascii: "D"): playTwice { $0.fire(upTo: Timestamp(milliseconds: number)) }
        case UInt8(ascii: "R"): playTwice { $0.request("replay", number) }
        case UInt8(ascii: "X"): playTwice { $0.request("discard", number) }
        default: playEvent(line, offset: offset)
        }
    }

    private mutating func playTwice(_ act: (inout History) -> Outcome) {
        let aborted = act(&self)
        shard.rollback()
        let decided = act(&self)
        mustHold(aborted == decided, "an abort changes no decision")
        commit(decided)
    }

    private mutating func fire(upTo horizon: Timestamp) -> Outcome {
        var outcome = Outcome(decision: .counted)
        var effects: [Effect] = []
        do throws(StateError) {
            try shard.fireDeadlines(gifts: horizon, grace: nil, now: horizon, limit: .max, into: &effects)
        } catch {
            fatalError("does not hold: a shard reads its own state: \(error)")
        }
        encode(effects, into: &outcome)
        return outcome
    }

    private mutating func request(_ action: StaticString, _ number: Int64) -> Outcome {
        var outcome = Outcome(decision: .counted)
        guard !letters.isEmpty else { return outcome }
        let letter = letters[Int(number % Int64(letters.count))]
        var headers = Writer()
        letter.headers.withUnsafeBytes { headers.put(Bytes($0)) }
        headers.putHeader(Bytes("recharge.request.action"), Bytes(action))
        do {
            // The arrays outlive the call, and so do views into them.
            let request = try LetterRequest(
                key: letter.key.map { $0.withUnsafeBytes { Bytes($0) } },
                value: letter.value.map { $0.withUnsafeBytes { Bytes($0) } }, headers: Headers(bytes: headers.bytes),
                inputNames: Self.inputNames)
            var effects: [Effect] = []
            _ = try shard.apply(request, &decoder, now: published, into: &effects)
            encode(effects, into: &outcome)
        } catch {
            fatalError("does not hold: a copy of a letter is a request: \(error)")
        }
        withExtendedLifetime(letter) {}
        return outcome
    }

    /// Decides an event, decides it anew after an abort, and then a copy of it.
    private mutating func playEvent(_ line: UnsafeRawBufferPointer, offset: Int64) {
        let digits = line.prefix { (0x30...0x39).contains($0) }.prefix(15)
        let milliseconds = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        let value = Bytes(UnsafeRawBufferPointer(rebasing: line[digits.endIndex...]))
        let record = SourceRecord(
            topic: Self.topic(of: value.text), partition: 0, offset: offset,
            timestamp: digits.isEmpty ? published : Timestamp(milliseconds: milliseconds), key: nil, value: value,
            headers: .none)
        let aborted = decide(record)
        shard.rollback()
        let decided = decide(record)
        mustHold(aborted == decided, "an abort changes no decision")
        commit(decided)
        let copy = decide(record)
        if case .dead = decided.decision {
            mustHold(copy == decided, "what is dead leaves nothing")
        } else {
            mustHold(copy.decision == .refused(.duplicate) && copy.published.isEmpty, "a copy publishes nothing")
        }
        shard.rollback()
    }

    private static func topic(of event: String) -> InputTopic {
        event.contains("assist.completed") ? .assists : event.contains("credit.settled") ? .receipts : .recharges
    }

    private struct PublishedLetter: Equatable {
        let key: [UInt8]?
        let value: [UInt8]?
        let headers: [UInt8]
    }

    private struct Outcome: Equatable {
        var decision: Decision
        var published: [[UInt8]] = []
        var credits: [PublishedCredit] = []
        var commands: [[UInt8]] = []
        var letters: [PublishedLetter] = []
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
                let value = record.value.map { Array($0.buffer) }
                if case .list(let headers) = record.headers {
                    outcome.letters.append(
                        PublishedLetter(
                            key: record.key.map { Array($0.buffer) }, value: value, headers: Array(headers.bytes.buffer)
                        ))
                }
                if case .sentAgain = effect {
                    mustHold(commands.contains(value ?? []), "what is sent again has the same bytes")
                    outcome.published.append(value ?? [])
                } else {
                    published.append((record.topic, value ?? []))
                }
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
                outcome.commands.append(value)
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

    private mutating func commit(_ outcome: Outcome) {
        for credit in outcome.credits { pay(credit) }
        commands.formUnion(outcome.commands)
        letters += outcome.letters
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
