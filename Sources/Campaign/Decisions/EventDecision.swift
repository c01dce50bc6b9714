extension Subscriber {
    /// Decides an event with this subscriber as its subject (contract, sections 5 and 7): changes the state and adds what
    /// goes out. A dead letter and a duplicate change nothing.
    mutating func decide(_ event: Event, _ given: Circumstances, into effects: inout [Effect]) -> Decision {
        do throws(Fault) {
            if try isDuplicate(event, limit: given.campaign.maxRechargeFen) { return .refused(.duplicate) }
            switch event.kind {
            case .recharge(let recharge): return try decide(recharge, of: event, given, into: &effects)
            case .reversal(let reversal): return try decide(reversal, of: event, given, into: &effects)
            case .assist(let assist): return try decide(assist, of: event, given, into: &effects)
            case .receipt(let receipt): return try decide(receipt, of: event, given, into: &effects)
            }
        } catch {
            effects.append(.letter(given.letter(event, error.rejection, error.message)))
            return .dead(error.rejection)
        }
    }

    /// True when the event is known with this content. The limit comes between: a copy of a decided recharge stays a
    /// duplicate when the limit was lowered since.
    private func isDuplicate(_ event: Event, limit: Fen) throws(Fault) -> Bool {
        // An answer is known by what it says, not by its id.
        if case .receipt = event.kind { return false }
        let known = resemblance(to: event)
        if known == .same { return true }
        if case .recharge(let recharge) = event.kind, recharge.amountFen > limit {
            throw Fault(.aboveLimit, "data.amountFen is above limits.maxRechargeFen")
        }
        if known == .other { throw Fault(.conflictingDuplicate, "this id was decided with other content") }
        if eventCount >= Self.mostEvents, !isReversalOfKnownRecharge(event) {
            throw Fault(.tooManyEvents, "5,000 ids are remembered for this subscriber")
        }
        if isFull {
            throw Fault(.tooManyEvents, "the subscriber's record can't grow any further")
        }
        return false
    }

    private enum Resemblance { case none, same, other }

    /// Compares with what is remembered under the event's id within its topic. Content is what the contract names, no more.
    private func resemblance(to event: Event) -> Resemblance {
        switch event.kind {
        case .assist(let assist):
            guard let known = assists.first(where: { $0.id == event.id }) else { return .none }
            return known.time == event.time && known.helper == assist.helper ? .same : .other
        case .recharge(let recharge):
            if let known = self.recharge(event.id) {
                let same =
                    known.time == event.time && known.amountFen == recharge.amountFen
                    && known.paidFen == recharge.paidFen && known.package == recharge.package
                return same ? .same : .other
            }
            return reversals.contains { $0.id == event.id } ? .other : .none
        case .reversal(let reversal):
            if let known = reversals.first(where: { $0.id == event.id }) {
                let same =
                    known.time == event.time && known.rechargeID == reversal.rechargeID
                    && known.refundedFen == reversal.refundedFen
                return same ? .same : .other
            }
            return self.recharge(event.id) == nil ? .none : .other
        case .receipt: return .none
        }
    }

    private func isReversalOfKnownRecharge(_ event: Event) -> Bool {
        guard case .reversal(let reversal) = event.kind else { return false }
        return recharge(reversal.rechargeID) != nil
    }

    func recharge(_ id: Bytes) -> Recharge? {
        recharges.first { $0.id == id }
    }
}

extension Circumstances {
    /// The rules version that an event in the window is decided by; nil for one that is out of it.
    ///
    /// Throws LATE_BEYOND_GRACE for one that was published too late.
    func version(for event: Event) throws(Fault) -> RulesVersion? {
        guard event.time >= campaign.window.start, event.time < campaign.window.end,
            let version = campaign.version(at: event.time)
        else { return nil }
        try checkPublication()
        return version
    }

    /// Throws LATE_BEYOND_GRACE when the record was published after the end of grace.
    func checkPublication() throws(Fault) {
        guard record.timestamp <= campaign.window.lastPublication else {
            throw Fault(.lateBeyondGrace, "published after the end of the window's grace")
        }
    }
}
