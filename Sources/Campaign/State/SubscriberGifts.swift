/// A subscriber's gifts stand beside what caused them; here they are found, changed and made into commands again.
extension Subscriber {
    /// Where a gift stands: the index of its cause.
    enum GiftPlace: Equatable {
        case recharge(Int), reversal(Int), assist(Int), claim(Int)

        /// It takes back what another gave.
        var isReverse: Bool {
            if case .reversal = self { true } else { false }
        }
    }

    /// Where the command of this id stands; nil when there is none.
    func place(of id: Command.ID) -> GiftPlace? {
        let place: GiftPlace?
        switch id {
        case .rechargeGift(let event): place = recharges.firstIndex { $0.id == event }.map { .recharge($0) }
        case .reversal(let event): place = reversals.firstIndex { $0.id == event }.map { .reversal($0) }
        case .assistGift(let event): place = assists.firstIndex { $0.id == event }.map { .assist($0) }
        case .helperGift(let event): place = paidClaims.firstIndex { $0.id == event }.map { .claim($0) }
        }
        return place.flatMap { gift(at: $0) == nil ? nil : $0 }
    }

    func gift(at place: GiftPlace) -> Gift? {
        switch place {
        case .recharge(let index): recharges[index].gift
        case .reversal(let index): reversals[index].gift
        case .assist(let index): assists[index].gift
        case .claim(let index): paidClaims[index].gift
        }
    }

    /// Changes a gift, and the sums with it.
    mutating func change(_ place: GiftPlace, _ body: (inout Gift) -> Void) {
        guard var gift = gift(at: place) else { return }
        sums.count(gift, isReverse: place.isReverse, times: -1)
        body(&gift)
        sums.count(gift, isReverse: place.isReverse, times: 1)
        put(gift, at: place)
    }

    private mutating func put(_ gift: Gift, at place: GiftPlace) {
        switch place {
        case .recharge(let index): recharges.change(index) { $0.gift = gift }
        case .reversal(let index): reversals.change(index) { $0.gift = gift }
        case .assist(let index): assists.change(index) { $0.gift = gift }
        case .claim(let index): paidClaims.change(index) { $0.gift = gift }
        }
    }

    /// Remembers a new gift and sends its command, with its SMS.
    mutating func issue(_ gift: Gift, at place: GiftPlace, to subject: PhoneNumber, into effects: inout [Effect]) {
        put(gift, at: place)
        sums.count(gift, isReverse: place.isReverse, times: 1)
        if let command = command(at: place, of: subject) { effects.append(.command(command)) }
    }

    /// Remembers a reverse that is not to be sent.
    mutating func hold(_ gift: Gift, at place: GiftPlace) {
        var held = gift
        held.stage = .held
        put(held, at: place)
    }

    /// The command of a gift: the same bytes each time.
    func command(at place: GiftPlace, of subject: PhoneNumber) -> Command? {
        guard let gift = gift(at: place) else { return nil }
        switch place {
        case .recharge(let index):
            let recharge = recharges[index]
            return Command(
                .rechargeGift(recharge.id), gift, to: subject, eventTime: recharge.time, amountFen: recharge.amountFen)
        case .reversal(let index):
            let reversal = reversals[index]
            var command = Command(
                .reversal(reversal.id), gift, to: subject, eventTime: reversal.time,
                amountFen: recharge(reversal.rechargeID)?.amountFen ?? 0)
            command.reversedRecharge = reversal.rechargeID
            command.refundedFen = reversal.refundedFen
            return command
        case .assist(let index):
            return Command(.assistGift(assists[index].id), gift, to: subject, eventTime: assists[index].time)
        case .claim(let index):
            return Command(.helperGift(paidClaims[index].id), gift, to: subject, eventTime: paidClaims[index].eventTime)
        }
    }

    /// All places that have a gift, in a fixed order.
    func forEachGift(_ body: (GiftPlace, Gift) -> Void) {
        for (index, recharge) in recharges.enumerated() {
            if let gift = recharge.gift { body(.recharge(index), gift) }
        }
        for (index, reversal) in reversals.enumerated() {
            if let gift = reversal.gift { body(.reversal(index), gift) }
        }
        for (index, assist) in assists.enumerated() {
            if let gift = assist.gift { body(.assist(index), gift) }
        }
        for (index, claim) in paidClaims.enumerated() { body(.claim(index), claim.gift) }
    }

    /// The earliest deadline of a gift that is waited for; `noDeadline` when there is none.
    var earliestGiftDeadline: Timestamp {
        var earliest = SubscriberRecord.noDeadline
        for index in recharges.indices { earliest = min(earliest, recharges[index].gift?.waitsUntil ?? earliest) }
        for index in reversals.indices { earliest = min(earliest, reversals[index].gift?.waitsUntil ?? earliest) }
        for index in assists.indices { earliest = min(earliest, assists[index].gift?.waitsUntil ?? earliest) }
        for index in paidClaims.indices { earliest = min(earliest, paidClaims[index].gift.waitsUntil) }
        return earliest
    }

    /// The reverses of a recharge's gift, in the order in which they were decided.
    func reverses(ofRechargeAt index: Int) -> [GiftPlace] {
        reversals.indices.filter { reversals[$0].rechargeID == recharges[index].id && reversals[$0].gift != nil }
            .map { .reversal($0) }
    }

    /// The gift that a reverse takes back; nil for a gift that is no reverse.
    func grant(ofReverseAt place: GiftPlace) -> GiftPlace? {
        guard case .reversal(let index) = place else { return nil }
        return recharges.firstIndex { $0.id == reversals[index].rechargeID }.map { .recharge($0) }
    }
}

extension Gift {
    fileprivate var waitsUntil: Timestamp { isWaitedFor ? deadline : SubscriberRecord.noDeadline }
}
