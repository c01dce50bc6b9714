@testable import Campaign

/// Any record of a subscriber is refused, or comes back when what was read is written.
func checkSubscriber(_ input: UnsafeRawBufferPointer) {
    let record = Bytes(input)
    // Read over an earlier one, as a shard does.
    var subscriber = earlier()
    do throws(Reader.Malformed) {
        try subscriber.read(record)
    } catch {
        return
    }
    mustHold(subscriber.recordBytes == record.count, "a subscriber knows its record's length")
    // Else entries are written as they were read.
    for index in subscriber.recharges.indices { subscriber.recharges.change(index) { _ in } }
    for index in subscriber.reversals.indices { subscriber.reversals.change(index) { _ in } }
    for index in subscriber.assists.indices { subscriber.assists.change(index) { _ in } }
    for index in subscriber.paidClaims.indices { subscriber.paidClaims.change(index) { _ in } }
    var first = Writer()
    first.put(subscriber)
    var again = Subscriber()
    do throws(Reader.Malformed) {
        try again.read(first.bytes)
    } catch {
        return mustHold(false, "what was written is read")
    }
    mustHold(again.recharges == subscriber.recharges, "recharges come back")
    mustHold(again.reversals == subscriber.reversals, "reversals come back")
    mustHold(again.assists == subscriber.assists, "assists come back")
    mustHold(again.paidClaims == subscriber.paidClaims, "paid claims come back")
    mustHold(again.paysAssistsUntil == subscriber.paysAssistsUntil, "the time of the latest recharge comes back")
    mustHold(
        SubscriberRecord.giftDeadline(of: first.bytes) == subscriber.earliestGiftDeadline,
        "the deadline is in its place")
    var second = Writer()
    second.put(again)
    mustHold(second.bytes == first.bytes, "one subscriber has one form")
}

private func earlier() -> Subscriber {
    var subscriber = Subscriber()
    subscriber.paidClaims = [
        Subscriber.PaidClaim(
            id: Bytes("of an earlier one"), eventTime: published,
            gift: Gift(
                Lines(.helper, 100), rulesVersion: 1, traceparent: .none, now: published,
                confirmWithin: .seconds(300)))
    ]
    subscriber.paysAssistsUntil = published
    return subscriber
}
