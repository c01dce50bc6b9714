import Testing

@testable import Campaign

/// Contract, section 5, TOO_MANY_EVENTS: 5,000 ids are remembered of one subscriber.
@Suite struct ManyEvents {
    @Test func `the 5,000th is taken, the next is not; what belongs to known events is`() throws {
        let shard = try shard(remembering: 4_999)
        try expect(shard, recharge("last", 3_000), .commanded)
        try expect(shard, recharge("more", 3_000), .dead(.tooManyEvents))
        try expect(shard, assist("more"), .dead(.tooManyEvents))
        try expect(shard, reversal("V1", of: "unknown", 1), .dead(.tooManyEvents))
        try expect(shard, recharge("last", 3_000), .refused(.duplicate))
        try expect(shard, recharge("last", 3_001), .dead(.conflictingDuplicate))
        try expect(shard, recharge("more", 5_000_001), .dead(.aboveLimit))
        try expect(shard, reversal("V2", of: "last", 3_000), .commanded)
        try expect(shard, reversal("V3", of: "last", 3_000), .counted)
        try expect(shard, recharge("friend's", 3_000, of: friend), .commanded)

        let claim = Claim(
            assistID: lasting("A1"), helper: try number(inviter), worthFen: 100, times: 3,
            eventTime: try instant("05-02 10:00"), rulesVersion: 1, traceparent: .none)
        var effects: [Effect] = []
        #expect(try shard.apply(claim, now: claim.eventTime, into: &effects) == .commanded)
    }

    @Test func `assists and reversals are remembered as well`() throws {
        var subscriber = Subscriber()
        #expect(subscriber.eventCount == 0)
        subscriber.recharges = [known("R1")]
        subscriber.reversals = [
            Subscriber.Reversal(
                id: lasting("V1"), time: try instant("05-03 10:00"), rechargeID: lasting("R9"), refundedFen: 1,
                outcome: .waiting, record: .none)
        ]
        subscriber.assists = [
            Subscriber.Assist(
                id: lasting("A1"), time: try instant("05-03 10:00"), helper: try number(friend), worthFen: 0,
                outcome: .refused(.capReached))
        ]
        subscriber.paidClaims = [try paidClaim("A7")]
        #expect(subscriber.eventCount == 3)
    }

    /// Reversals of known recharges are not counted, but the changelog takes no record beyond 8 MiB.
    @Test func `a record that can't grow takes no more ids`() throws {
        let filler = String(repeating: "i", count: 100)
        let shard = try shard(remembering: 70_000, filler: filler)
        try expect(shard, reversal("V1", of: filler + "7", 1), .dead(.tooManyEvents))
        try expect(shard, reversal("V1", of: filler + "7", 1, by: friend), .waiting)
    }

    private func known(_ id: String) -> Subscriber.Recharge {
        Subscriber.Recharge(
            id: lasting(id), time: Timestamp(milliseconds: 0), amountFen: 1, paidFen: nil, package: nil, version: 0,
            outcome: .refused(.outOfWindow), refundedFen: 0, given: Lines())
    }

    /// A shard whose changelog knows so many recharges of the inviter.
    private func shard(remembering count: Int, filler: String = "K") throws -> Shard {
        var subscriber = Subscriber()
        subscriber.recharges = (0..<count).map { known("\(filler)\($0)") }
        var record = Writer()
        record.put(subscriber)
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        try shard.restore(key: lasting(inviter), value: record.bytes)
        try shard.finishRestore(partitionCount: 1)
        return shard
    }

    private func expect(_ shard: Shard, _ scene: Scene, _ expected: Decision) throws {
        guard case .event(let topic, let text, let published) = scene.act else { return }
        let record = InputRecord(topic: topic, published: try instant(published), value: text.bytes)
        try record.withSource { source in
            var decoder = EventDecoder()
            var effects: [Effect] = []
            let decision = try shard.apply(
                source, decoder.decode(source), cameByMail: false, now: source.timestamp, into: &effects)
            #expect(decision == expected, "\(scene.words)")
        }
    }
}
