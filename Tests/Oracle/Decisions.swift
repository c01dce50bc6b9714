import TestSupport

extension CampaignOracle {
    /// The checks after an event was read, in the contract's order, then the rules.
    mutating func decide(_ event: Event, _ topic: EventTopic, _ record: TestRecord, _ shard: Int32) -> Outcome {
        var subscriber = take(event.subject)
        defer { put(event.subject, subscriber) }
        return decide(event, topic, record, shard, &subscriber)
    }

    private mutating func decide(
        _ event: Event, _ topic: EventTopic, _ record: TestRecord, _ shard: Int32, _ subscriber: inout Subscriber
    ) -> Outcome {
        let key = Subscriber.EventKey(topic: topic, id: event.id)
        let known = subscriber.decided[key]
        func dead(_ reason: Reason) -> Outcome { letter(reason, record, shard, id: event.id, time: event.time) }
        if known == event.content { return Outcome(decision: .no(.duplicate)) }
        if case .recharge(let recharge) = event.body, recharge.amountFen > campaign.maxRechargeFen {
            return dead(.aboveLimit)
        }
        if known != nil { return dead(.conflictingDuplicate) }
        if subscriber.decided.count >= rememberedEvents, !isReversalOfKnown(event, subscriber) {
            return dead(.tooManyEvents)
        }
        let outcome: Outcome
        do {
            outcome =
                switch event.body {
                case .recharge(let recharge): try decide(recharge, event, record, &subscriber)
                case .reversal(let reversal): try decide(reversal, event, record, &subscriber)
                case .assist(let helper): try decide(helper: helper, event, record, &subscriber)
                case .receipt: Outcome(decision: .nothing)
                }
        } catch {
            guard error.letterClass == nil else { return dead(error) }
            outcome = Outcome(decision: .no(error))
        }
        subscriber.decided[key] = event.content
        return outcome
    }

    private func isReversalOfKnown(_ event: Event, _ subscriber: Subscriber) -> Bool {
        guard case .reversal(let reversal) = event.body else { return false }
        return subscriber.recharges[reversal.rechargeID] != nil
    }

    // MARK: Recharges

    private mutating func decide(
        _ recharge: Event.Recharge, _ event: Event, _ record: TestRecord, _ subscriber: inout Subscriber
    ) throws(Reason) -> Outcome {
        var outcome = Outcome(decision: .nothing)
        var known = Subscriber.KnownRecharge(
            event: event, recharge: recharge, version: campaign.version(at: event.time), given: [], refundedFen: 0)
        let no = try refusal(of: recharge, event, record)
        for reversal in subscriber.waiting where reversal.reversal.rechargeID == event.id {
            known.refund(reversal.reversal.refundedFen)
            if let status = resolve(reversal, by: event.id) { outcome.statuses.append(status) }
        }
        subscriber.waiting.removeAll { $0.reversal.rechargeID == event.id }
        guard no == nil, let version = known.version else {
            subscriber.recharges[event.id] = known
            outcome.decision = .no(no ?? .outOfWindow)
            return outcome
        }
        known.given = version.benefits(of: recharge, net: known.net)
        subscriber.recharges[event.id] = known

        var gift = ExpectedCommand(
            type: "credit.grant.v1", id: "recharge/\(event.id)/gift", subject: event.subject, cause: event.id,
            lines: known.given, rulesVersion: version.number, eventTime: event.time, traceparent: event.traceparent,
            template: "recharge-gift", amountFen: recharge.amountFen)
        rechargeGifts[gift.id] = gift
        let assistFen = payAssists(with: known, version, &subscriber)
        if assistFen > 0 { gift.lines.append(Line(benefit: "assist", fen: assistFen)) }
        if gift.lines.isEmpty {
            outcome.decision = .no(known.net == 0 ? .cancelled : .belowTier)
        } else {
            outcome.decision = .command
            give(gift, into: &outcome)
        }
        return outcome
    }

    /// Why a recharge gets nothing before the rules are asked; throws what makes it a dead letter.
    private func refusal(
        of recharge: Event.Recharge, _ event: Event, _ record: TestRecord
    ) throws(Reason) -> Reason? {
        if !campaign.isInWindow(event.time) { return .outOfWindow }
        if campaign.isBeyondGrace(record.timestamp) { throw .lateBeyondGrace }
        if !campaign.isInAudience(event.subject, carrier: recharge.carrier, city: recharge.city) {
            return .notInAudience
        }
        let version = campaign.version(at: event.time)
        if let code = recharge.package, version?.lists(code) != true { throw .unknownPackage }
        return nil
    }

    /// Pays the accepted assists that a recharge pays; how much.
    private mutating func payAssists(
        with known: Subscriber.KnownRecharge, _ version: OracleCampaign.Version, _ subscriber: inout Subscriber
    ) -> Int64 {
        guard let rule = version.friendAssist, known.net >= rule.minRechargeFen else { return 0 }
        let time = known.event.time
        subscriber.latestCountedRecharge = max(subscriber.latestCountedRecharge ?? time, time)
        var fen: Int64 = 0
        for index in subscriber.assists.indices
        where !subscriber.assists[index].isClosed && subscriber.assists[index].time <= time {
            subscriber.assists[index].isClosed = true
            acceptedAssists[subscriber.assists[index].id]?.isPaid = true
            fen += subscriber.assists[index].fen
        }
        return fen
    }

    // MARK: Reversals

    private mutating func decide(
        _ reversal: Event.Reversal, _ event: Event, _ record: TestRecord, _ subscriber: inout Subscriber
    ) throws(Reason) -> Outcome {
        if let rechargedAt = reversal.rechargedAt, !campaign.isInWindow(rechargedAt) { throw .outOfWindow }
        if campaign.isBeyondGrace(record.timestamp) { throw .lateBeyondGrace }
        guard let old = subscriber.recharges[reversal.rechargeID] else {
            subscriber.waiting.append(
                Subscriber.WaitingReversal(event: event, reversal: reversal, record: record, hasLetter: false))
            return Outcome(decision: .waiting)
        }
        var new = old
        new.refund(reversal.refundedFen)
        subscriber.recharges[reversal.rechargeID] = new
        guard !old.given.isEmpty, let version = old.version else { return Outcome(decision: .nothing) }
        let given = old.given.first?.benefit
        let before = version.benefits(of: old.recharge, net: old.net, given: given)
        let after = version.benefits(of: old.recharge, net: new.net, given: given)
        let lines = before.compactMap { line in
            let left = after.first { $0.benefit == line.benefit }?.fen ?? 0
            return line.fen > left ? Line(benefit: line.benefit, fen: line.fen - left) : nil
        }
        if lines.isEmpty { return Outcome(decision: .nothing) }
        var outcome = Outcome(decision: .nothing)
        takeBack(
            ExpectedCommand(
                type: "credit.reverse.v1", id: "reversal/\(event.id)/reversal", subject: event.subject,
                cause: event.id, reverses: "recharge/\(reversal.rechargeID)/gift", lines: lines,
                rulesVersion: version.number, eventTime: event.time, traceparent: event.traceparent,
                template: "gift-reversed", amountFen: old.recharge.amountFen, refundedFen: reversal.refundedFen),
            into: &outcome)
        if !outcome.commands.isEmpty { outcome.decision = .command }
        return outcome
    }

    // MARK: Assists

    private mutating func decide(
        helper: String, _ event: Event, _ record: TestRecord, _ subscriber: inout Subscriber
    ) throws(Reason) -> Outcome {
        if !campaign.isInWindow(event.time) { throw .outOfWindow }
        if campaign.isBeyondGrace(record.timestamp) { throw .lateBeyondGrace }
        guard campaign.isInAudience(event.subject), campaign.isInAudience(helper) else { throw .notInAudience }
        if helper == event.subject { throw .selfAssist }
        if subscriber.helpers.contains(helper) { throw .repeatHelper }
        guard let version = campaign.version(at: event.time), let rule = version.friendAssist,
            subscriber.acceptedFen + rule.perAssistFen <= rule.inviterCapFen
        else { throw .capReached }

        func gift(_ part: String, _ subject: String, _ line: Line, _ template: String) -> ExpectedCommand {
            ExpectedCommand(
                type: "credit.grant.v1", id: "assist/\(event.id)/\(part)", subject: subject, cause: event.id,
                lines: [line], rulesVersion: version.number, eventTime: event.time, traceparent: event.traceparent,
                template: template)
        }
        let own = gift("gift", event.subject, Line(benefit: "assist", fen: rule.perAssistFen), "assist-gift")
        let helpers = gift("helper", helper, Line(benefit: "helper", fen: rule.helperFen), "helper-gift")
        let isPaidAtOnce = subscriber.latestCountedRecharge.map { $0 >= event.time } ?? false
        subscriber.helpers.insert(helper)
        subscriber.assists.append(
            Subscriber.AcceptedAssist(
                id: event.id, time: event.time, fen: rule.perAssistFen, isClosed: isPaidAtOnce))
        acceptedAssists[event.id] = Accepted(gift: own, isPaid: isPaidAtOnce)
        send(Claim(gift: helpers, times: rule.helperTimes))
        guard isPaidAtOnce else { return Outcome(decision: .accepted) }
        var outcome = Outcome(decision: .command)
        give(own, into: &outcome)
        return outcome
    }

    /// A helper's claim comes to the helper's shard.
    mutating func pay(_ claim: Claim) -> Outcome {
        claims.append(claim)
        var helper = take(claim.gift.subject)
        defer { put(claim.gift.subject, helper) }
        guard helper.timesPaidAsHelper < claim.times else { return Outcome(decision: .nothing) }
        helper.timesPaidAsHelper += 1
        var outcome = Outcome(decision: .command)
        give(claim.gift, into: &outcome)
        return outcome
    }
}
