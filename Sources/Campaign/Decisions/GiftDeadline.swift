extension Subscriber {
    /// Opens the letters of gifts that billing has not answered by their deadlines; the earliest first. Up to `horizon`
    /// all that billing answered is read.
    mutating func failLateGifts(
        upTo horizon: Timestamp, subject: PhoneNumber, now: Timestamp, into effects: inout [Effect]
    ) {
        var late: [(deadline: Timestamp, place: GiftPlace)] = []
        forEachGift { place, gift in
            if gift.isWaitedFor, gift.deadline <= horizon { late.append((gift.deadline, place)) }
        }
        late.sort { $0.deadline < $1.deadline }
        for (_, place) in late { fail(place, .giftDelayed, subject, now: now, into: &effects) }
    }
}
