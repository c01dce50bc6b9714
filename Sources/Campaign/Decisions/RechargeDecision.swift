extension Subscriber {
    /// Decides a recharge on its net amount: what is refunded already counts.
    mutating func decide(
        _ recharge: Event.Recharge, of event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) throws(Fault) -> Decision {
        var decided = Recharge(
            id: event.id, time: event.time, amountFen: recharge.amountFen, paidFen: recharge.paidFen,
            package: recharge.package, version: 0, outcome: .done, refundedFen: 0, given: Lines())
        guard let version = try given.version(for: event) else {
            return refuse(decided, .outOfWindow, given, into: &effects)
        }
        decided.version = version.version
        guard given.campaign.audience.includes(event.subject, carrier: recharge.carrier, city: recharge.city) else {
            return refuse(decided, .notInAudience, given, into: &effects)
        }
        if let package = recharge.package, version.packagePrepay?.package(package) == nil {
            throw Fault(.unknownPackage, "the campaign lists no such package")
        }
        decided.refundedFen = takeWaitingRefunds(of: decided, given, into: &effects)
        guard decided.terms.netFen > 0 else {
            return refuse(decided, .cancelled, given, into: &effects)
        }
        decided.given = version.owed(for: decided.terms)
        var lines = decided.given
        lines[.assist] = payAssists(with: decided, version)
        guard lines.total > 0 else { return refuse(decided, .belowTier, given, into: &effects) }
        recharges.append(decided)
        let gift = given.gift(lines, rulesVersion: version.version, traceparent: event.traceparent)
        issue(gift, at: .recharge(recharges.count - 1), to: event.subject, into: &effects)
        return .commanded
    }

    /// Remembers a recharge that gets nothing. Reversals that waited for it have nothing to wait for any more.
    private mutating func refuse(
        _ recharge: Recharge, _ reason: Reason, _ given: Circumstances, into effects: inout [Effect]
    ) -> Decision {
        var refused = recharge
        refused.outcome = .refused(reason)
        if refused.refundedFen == 0 { refused.refundedFen = takeWaitingRefunds(of: refused, given, into: &effects) }
        recharges.append(refused)
        return .refused(reason)
    }

    /// What the reversals that came before their recharge refund together, at most its amount. They wait no longer.
    private mutating func takeWaitingRefunds(
        of recharge: Recharge, _ given: Circumstances, into effects: inout [Effect]
    ) -> Fen {
        var refunded: Fen = 0
        for index in reversals.indices where reversals[index].rechargeID == recharge.id {
            guard reversals[index].outcome == .waiting || reversals[index].outcome == .dead else { continue }
            if reversals[index].outcome == .dead, let letter = reversals[index].record {
                effects.append(
                    .status(
                        LetterStatus(
                            name: .record(RecordPlace(letter)), state: .resolved, at: given.now,
                            reason: .reversalWithoutOriginal, replays: 0,
                            why: "its recharge was decided on the net amount", decision: .recharge(recharge.id))))
            }
            refunded += min(reversals[index].refundedFen, recharge.amountFen - refunded)
            reversals.change(index) {
                $0.outcome = .done
                $0.record = nil
            }
        }
        return refunded
    }

    /// Pays the accepted assists that happened up to this recharge, if it is large enough; returns what they are worth.
    private mutating func payAssists(with recharge: Recharge, _ version: RulesVersion) -> Fen {
        guard let friendAssist = version.friendAssist, friendAssist.isPaid(by: recharge.terms.netFen) else { return 0 }
        paysAssistsUntil = max(paysAssistsUntil ?? recharge.time, recharge.time)
        var paid: Fen = 0
        for index in assists.indices where assists[index].outcome == .waiting && assists[index].time <= recharge.time {
            assists.change(index) { $0.outcome = .done }
            paid += assists[index].worthFen
        }
        return paid
    }
}
