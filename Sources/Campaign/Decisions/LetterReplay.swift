// What a request does to a gift's letter (contract, section 6).
extension Subscriber {
    /// Sends a gift again for its letter, which is REPLAYING then, and after it its reverses that billing has not executed.
    /// One that was reversed in full meanwhile is not sent: its letter is RESOLVED.
    mutating func replay(
        _ place: GiftPlace, _ request: LetterRequest, to subject: PhoneNumber, now: Timestamp,
        confirmWithin: Duration, into effects: inout [Effect]
    ) {
        if case .recharge(let index) = place, isReversedInFull(rechargeAt: index) {
            return withdraw(index, request, now, into: &effects)
        }
        sendAgain(place, request, to: subject, now: now, confirmWithin: confirmWithin, into: &effects)
        guard case .recharge(let index) = place else { return }
        for reverse in reverses(ofRechargeAt: index) {
            guard let stage = gift(at: reverse)?.stage, stage != .confirmed, stage != .discarded else { continue }
            sendAgain(reverse, request, to: subject, now: now, confirmWithin: confirmWithin, into: &effects)
        }
    }

    private mutating func sendAgain(
        _ place: GiftPlace, _ request: LetterRequest, to subject: PhoneNumber, now: Timestamp,
        confirmWithin: Duration, into effects: inout [Effect]
    ) {
        if gift(at: place)?.stage == .failed {
            change(place) { $0.letter?.replays += 1 }
            note(.replaying, of: place, request, now, into: &effects)
        }
        send(place, to: subject, now: now, confirmWithin: confirmWithin, into: &effects)
    }

    private func isReversedInFull(rechargeAt index: Int) -> Bool {
        let reversed = reverses(ofRechargeAt: index).reduce(0) { $0 + (gift(at: $1)?.lines.total ?? 0) }
        return reversed >= recharges[index].gift?.lines.total ?? 0
    }

    private mutating func withdraw(
        _ index: Int, _ request: LetterRequest, _ now: Timestamp, into effects: inout [Effect]
    ) {
        resolveLetter(
            of: .recharge(index), .word("REVERSED"), why: request.why, by: request.by, at: now, into: &effects)
        change(.recharge(index)) { $0.stage = .withdrawn }
        for reverse in reverses(ofRechargeAt: index) {
            guard let gift = gift(at: reverse), gift.stage == .failed, gift.answer.hasNoGrant else { continue }
            void(reverse, gift.answer, now, into: &effects)
        }
    }

    /// Gives a gift's letter up: nobody waits for it any more.
    mutating func discard(
        _ place: GiftPlace, _ request: LetterRequest, now: Timestamp, into effects: inout [Effect]
    ) {
        note(.discarded, of: place, request, now, into: &effects)
        change(place) {
            $0.stage = .discarded
            $0.letter = nil
        }
    }

    private func note(
        _ state: LetterStatus.State, of place: GiftPlace, _ request: LetterRequest, _ now: Timestamp,
        into effects: inout [Effect]
    ) {
        guard let letter = gift(at: place)?.letter else { return }
        effects.append(
            .status(
                LetterStatus(
                    name: letterName(of: place), state: state, at: now, reason: letter.reason, replays: letter.replays,
                    by: request.by,
                    why: request.why)))
    }
}
