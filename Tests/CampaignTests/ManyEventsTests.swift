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
        try expect(shard, receipt("S1", for: "recharge/last/gift", credited: 300), .answered)

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

    /// Nobody may keep billing from refusing them all, nor ops from replaying them: then each gift says more.
    @Test func `a record has room for the letters of its gifts`() throws {
        let filler = String(repeating: "i", count: 100)
        var subscriber = Subscriber()
        subscriber.recharges = [known("\(filler)7")]
        subscriber.reversals = Entries(try (0..<120_000).map { try reverse("V\($0)") })
        let shard = try shard(of: subscriber)
        try expect(shard, reversal("V1", of: filler + "7", 1), .dead(.conflictingDuplicate))
        try expect(shard, reversal("V", of: filler + "7", 1), .dead(.tooManyEvents))

        subscriber.reversals = Entries(try (0..<100_000).map { try reverse("V\($0)") })
        try expect(try self.shard(of: subscriber), reversal("V", of: filler + "7", 1), .counted)
        for index in subscriber.reversals.indices { subscriber.reversals.change(index) { $0.gift?.fail() } }
        var record = Writer()
        record.put(subscriber)
        #expect(record.bytes.count < 7 << 20)
    }

    @Test func `a gift grows by so many bytes at most`() throws {
        var gift = try #require(try reverse("V").gift)
        var fresh = Writer()
        fresh.put(gift)
        gift.fail()
        var failed = Writer()
        failed.put(gift)
        #expect(failed.bytes.count - fresh.bytes.count <= Gift.mostGrowth)
        // So no gift makes a record three times as large.
        var least = Writer()
        var subscriber = Subscriber()
        least.put(subscriber)
        subscriber.reversals = [try reverse("V")]
        var one = Writer()
        one.put(subscriber)
        #expect(one.bytes.count - least.bytes.count > Gift.mostGrowth / 2)
    }

    /// A reverse of the shortest form.
    private func reverse(_ id: String) throws -> Subscriber.Reversal {
        let lines = Lines(.bonusCredit, 1)
        return Subscriber.Reversal(
            id: lasting(id), time: try instant("05-03 10:00"), rechargeID: lasting("R"), refundedFen: 1, outcome: .done,
            record: nil,
            gift: Gift(
                lines, rulesVersion: 1, traceparent: .none, now: try instant("05-03 10:00"), confirmWithin: .seconds(1))
        )
    }

    private func known(_ id: String) -> Subscriber.Recharge {
        Subscriber.Recharge(
            id: lasting(id), time: Timestamp(milliseconds: 0), amountFen: 1, paidFen: nil, package: nil, version: 0,
            outcome: .refused(.outOfWindow), refundedFen: 0, given: Lines())
    }

    /// A shard whose changelog knows so many recharges of the inviter.
    private func shard(remembering count: Int, filler: String = "K") throws -> Shard {
        var subscriber = Subscriber()
        subscriber.recharges = Entries((0..<count).map { known("\(filler)\($0)") })
        return try shard(of: subscriber)
    }

    private func shard(of subscriber: borrowing Subscriber) throws -> Shard {
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

extension Gift {
    /// Makes of it what takes the most bytes: refused, corrected by another sum, replayed and late.
    fileprivate mutating func fail() {
        stage = .failed
        answer = .credited(.max)
        deadline = deadline + .seconds(86_400)
        letter = OpenLetter(reason: .giftAmountMismatch, replays: 1_000, firstFailedAt: deadline)
    }
}
