extension Subscriber {
    /// What an answer of billing does to a gift, the contract's table of receipts (section 5).
    enum Settlement: Equatable {
        /// The good answer: the gift is done, and so is its letter.
        case confirm
        /// The first bad answer, or another one than before: its letter is written.
        case fail
        /// The same answer again, or one about what nobody waits for and that changes nothing.
        case ignore
        /// A bad answer about a discarded or void gift: it is noted.
        case note
        /// A reverse of a grant that billing refused: there is nothing to take back.
        case void
        /// A bad answer after the good one: the good one stands.
        case contradict
        /// It answers a command that was never sent.
        case withoutCommand
    }

    /// The table of receipts: rows are the gift's stages, columns the good answer and a bad one.
    static func settlement(of gift: Gift, by answer: Gift.Answer, grantIsRefused: Bool) -> Settlement {
        let isGood = answer == .credited(gift.lines.total)
        let isVoid = answer.hasNoGrant && grantIsRefused
        switch gift.stage {
        case .held: return .withoutCommand
        case .awaiting, .replaying: return isGood ? .confirm : isVoid ? .void : .fail
        case .failed: return isGood ? .confirm : isVoid ? .void : answer == gift.answer ? .ignore : .fail
        case .confirmed: return isGood || answer == gift.contradiction ? .ignore : .contradict
        case .void, .withdrawn, .discarded: return isGood ? .confirm : answer == gift.answer ? .ignore : .note
        }
    }

    /// Takes in billing's answer to a command of this subscriber.
    mutating func decide(
        _ receipt: Event.Receipt, of event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) throws(Fault) -> Decision {
        guard let place = Command.ID(receipt.commandID).flatMap({ place(of: $0) }) else { throw Self.neverSent }
        failIfLate(place, receiptOf: event, given, into: &effects)
        guard let gift = gift(at: place) else { throw Self.neverSent }
        switch Self.settlement(of: gift, by: receipt.answer, grantIsRefused: grantIsRefused(ofReverseAt: place)) {
        case .withoutCommand: throw Self.neverSent
        case .ignore: return .refused(.duplicate)
        case .confirm: confirm(place, receipt.answer, by: event, given, into: &effects)
        case .fail: refuse(place, receipt.answer, event.subject, given, into: &effects)
        case .note:
            change(place) { $0.answer = receipt.answer }
            sendHeldReverses(of: place, receipt.answer, event.subject, given, into: &effects)
        case .void: void(place, receipt.answer, given.now, into: &effects)
        case .contradict:
            change(place) { $0.contradiction = receipt.answer }
            effects.append(
                .letter(
                    given.letter(event, .conflictingDuplicate, "billing said before that it executed this command")))
        }
        return .answered
    }

    private static var neverSent: Fault {
        Fault(.receiptWithoutCommand, "no command of this id was sent for this subscriber")
    }

    /// An answer that was published after the deadline proves that the deadline passed, whether it has fired or not: so
    /// what is published does not depend on when the worker reads.
    private mutating func failIfLate(
        _ place: GiftPlace, receiptOf event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) {
        guard !given.cameByMail, let gift = gift(at: place), gift.isWaitedFor, gift.deadline < given.record.timestamp
        else { return }
        fail(place, .giftDelayed, event.subject, now: given.now, into: &effects)
    }

    private mutating func confirm(
        _ place: GiftPlace, _ answer: Gift.Answer, by event: Event, _ given: Circumstances, into effects: inout [Effect]
    ) {
        resolveLetter(
            of: place, .receipt(event.id), why: "billing executed the command", at: given.now, into: &effects)
        change(place) {
            $0.stage = .confirmed
            $0.answer = answer
        }
        sendHeldReverses(of: place, answer, event.subject, given, into: &effects)
    }

    /// Once billing credited a grant, or some of it, there is something to take back.
    private mutating func sendHeldReverses(
        of place: GiftPlace, _ answer: Gift.Answer, _ subject: PhoneNumber, _ given: Circumstances,
        into effects: inout [Effect]
    ) {
        guard case .recharge(let index) = place, case .credited(let fen) = answer, fen > 0 else { return }
        for reverse in reverses(ofRechargeAt: index) {
            guard let stage = gift(at: reverse)?.stage, stage == .held || stage == .void else { continue }
            send(reverse, to: subject, now: given.now, confirmWithin: given.campaign.confirmWithin, into: &effects)
        }
    }

    private mutating func refuse(
        _ place: GiftPlace, _ answer: Gift.Answer, _ subject: PhoneNumber, _ given: Circumstances,
        into effects: inout [Effect]
    ) {
        change(place) { $0.answer = answer }
        fail(place, answer.isRefusal ? .giftRejected : .giftAmountMismatch, subject, now: given.now, into: &effects)
        sendHeldReverses(of: place, answer, subject, given, into: &effects)
        guard answer.isRefusal, case .recharge(let index) = place else { return }
        for reverse in reverses(ofRechargeAt: index) {
            guard let gift = gift(at: reverse), gift.stage == .failed, gift.answer.hasNoGrant else { continue }
            void(reverse, gift.answer, given.now, into: &effects)
        }
    }

    private func grantIsRefused(ofReverseAt place: GiftPlace) -> Bool {
        guard let grant = grant(ofReverseAt: place).flatMap({ gift(at: $0) }) else { return false }
        return grant.answer.isRefusal || grant.stage == .withdrawn
    }
}

// What answers, deadlines and requests have in common.
extension Subscriber {
    /// Opens a gift's letter, or writes it anew with another reason.
    mutating func fail(
        _ place: GiftPlace, _ reason: Rejection, _ subject: PhoneNumber, now: Timestamp, into effects: inout [Effect]
    ) {
        change(place) { gift in
            gift.stage = .failed
            gift.letter = Gift.OpenLetter(
                reason: reason, replays: gift.letter?.replays ?? 0, firstFailedAt: gift.letter?.firstFailedAt ?? now)
        }
        guard let gift = gift(at: place), let open = gift.letter, let command = command(at: place, of: subject) else {
            return
        }
        var letter = Letter(
            .command(command), Fault(reason, gift.failure), stage: .settle, eventID: command.id.eventID,
            eventTime: command.eventTime, rulesVersion: command.rulesVersion, failedAt: now)
        letter.firstFailedAt = open.firstFailedAt
        letter.replays = open.replays
        letter.isRetryable = gift.answer.isRetryable
        effects.append(.letter(letter))
    }

    /// Says that a gift's letter is done, if it has one.
    mutating func resolveLetter(
        of place: GiftPlace, _ decision: LetterStatus.Decision, why: String, by: Bytes = .none, at now: Timestamp,
        into effects: inout [Effect]
    ) {
        guard let letter = gift(at: place)?.letter else { return }
        effects.append(
            .status(
                LetterStatus(
                    name: letterName(of: place), state: .resolved, at: now, reason: letter.reason,
                    replays: letter.replays, by: by,
                    why: why, decision: decision)))
        change(place) { $0.letter = nil }
    }

    /// A gift's letter by the id of its command.
    func letterName(of place: GiftPlace) -> LetterName {
        switch place {
        case .recharge(let index): .gift(.rechargeGift(recharges[index].id))
        case .reversal(let index): .gift(.reversal(reversals[index].id))
        case .assist(let index): .gift(.assistGift(assists[index].id))
        case .claim(let index): .gift(.helperGift(paidClaims[index].id))
        }
    }

    /// There is nothing to take back, for the grant was not credited.
    mutating func void(
        _ place: GiftPlace, _ answer: Gift.Answer, _ now: Timestamp, into effects: inout [Effect]
    ) {
        resolveLetter(
            of: place, .word("NO_GRANT"), why: "billing did not credit the gift that this takes back", at: now,
            into: &effects)
        change(place) {
            $0.stage = .void
            $0.answer = answer
        }
        // A withdrawn grant was not credited either, as billing says here.
        if let grant = grant(ofReverseAt: place), gift(at: grant)?.stage == .withdrawn {
            change(grant) { $0.answer = .refused(isRetryable: false, hasNoGrant: false) }
        }
    }

    /// Sends a gift's command and waits for its answer from now on: a held reverse's for the first time, with its SMS, another
    /// with the same bytes as before.
    mutating func send(
        _ place: GiftPlace, to subject: PhoneNumber, now: Timestamp, confirmWithin: Duration,
        into effects: inout [Effect]
    ) {
        let isFirst = gift(at: place)?.stage == .held
        change(place) { gift in
            if isFirst {
                gift.issued = now
                gift.confirmBy = now + confirmWithin
            }
            gift.stage = gift.letter == nil ? .awaiting : .replaying
            gift.answer = .none
            gift.deadline = now + confirmWithin
        }
        guard let command = command(at: place, of: subject) else { return }
        effects.append(isFirst ? .command(command) : .sentAgain(command))
    }
}

extension Gift {
    /// Why its letter is open, in one short sentence.
    fileprivate var failure: String {
        switch answer {
        case .none: "billing did not answer in time"
        case .credited: "billing credited another sum than the command's"
        case .refused(let isRetryable, _):
            isRetryable ? "billing refused the command, and says that this may pass" : "billing refused the command"
        }
    }
}

extension Gift.Answer {
    fileprivate var isRetryable: Bool {
        if case .refused(let isRetryable, _) = self { isRetryable } else { false }
    }
}
