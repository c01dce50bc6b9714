extension Subscriber {
    /// Decides a reversal: takes back what the recharge's net amount no longer earns, or waits for the recharge.
    mutating func decide(
        _ reversal: Event.Reversal, of event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) throws(Fault) -> Decision {
        var decided = Reversal(
            id: event.id, time: event.time, rechargeID: reversal.rechargeID, refundedFen: reversal.refundedFen,
            outcome: .done, record: nil)
        let window = given.campaign.window
        if let rechargedAt = reversal.rechargedAt, rechargedAt < window.start || rechargedAt >= window.end {
            decided.outcome = .refused(.outOfWindow)
            reversals.append(decided)
            return .refused(.outOfWindow)
        }
        try given.checkPublication()
        guard let index = recharges.firstIndex(where: { $0.id == reversal.rechargeID }) else {
            return wait(decided, given)
        }
        reversals.append(decided)
        let lines = takeBack(reversal.refundedFen, fromRechargeAt: index, given.campaign)
        guard lines.total > 0 else { return .counted }
        let gift = given.gift(lines, rulesVersion: recharges[index].version, traceparent: event.traceparent)
        let place = GiftPlace.reversal(reversals.count - 1)
        if recharges[index].gift?.answer.isRefusal ?? false {
            hold(gift, at: place)
            return .counted
        }
        issue(gift, at: place, to: event.subject, into: &effects)
        return .commanded
    }

    /// Refunds part of a recharge and returns what its gift loses by that. What is refunded beyond the amount does not count.
    private mutating func takeBack(_ refundedFen: Fen, fromRechargeAt index: Int, _ campaign: CampaignFile) -> Lines {
        let left = recharges[index].amountFen - recharges[index].refundedFen
        recharges.change(index) { $0.refundedFen += min(refundedFen, left) }
        guard recharges[index].given.total > 0, let version = campaign.version(recharges[index].version) else {
            return Lines()
        }
        let lines = version.takenBack(given: recharges[index].given, owed: version.owed(for: recharges[index].terms))
        recharges.change(index) { recharge in
            for benefit in Benefit.allCases { recharge.given[benefit] -= lines[benefit] }
        }
        return lines
    }

    /// Keeps the whole record until the recharge comes: at the end of grace it becomes a letter.
    private mutating func wait(_ reversal: Reversal, _ given: Circumstances) -> Decision {
        var waiting = reversal
        waiting.outcome = .waiting
        waiting.record = given.record
        reversals.append(waiting)
        return .waiting
    }
}
