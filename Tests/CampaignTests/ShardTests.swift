import TestSupport
import Testing

@testable import Campaign

/// What a shard keeps, writes and takes back.
@Suite struct Shards {
    /// A history, with the shard made anew from its changelog in the middle: the second half goes on alike.
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `a restored shard goes on as the one before`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let history = RandomHistory.scenes(150, &random)
        let steady = try Stage(.twoVersions, .committing)
        let restored = try Stage(.twoVersions, .committing)
        let middle = Int.random(in: 0..<history.count, using: &random)
        for (index, scene) in history.enumerated() {
            if index == middle { _ = try restored.play(restart(with: .twoVersions)) }
            let said = try steady.play(scene)
            #expect(
                try restored.play(scene) == said, "seed \(seed), scene \(index): \(scene.words), restored at \(middle)")
        }
        #expect(steady.changelog.latest == restored.changelog.latest, "seed \(seed)")
        #expect(steady.shard.subscriberCount == restored.shard.subscriberCount, "seed \(seed)")
        #expect(steady.shard.earliestEndOfGrace == restored.shard.earliestEndOfGrace, "seed \(seed)")
    }

    @Test func `an event of another partition's subject is sent there whole, before any other check`() throws {
        let number = try number(inviter)
        let home = number.partition(of: 12)
        let away = Shard(partition: (home + 1) % 12, partitionCount: 12, campaign: try SeedCampaign.seed.file())
        let bad = soundRecharge.with("specversion", nil).with("data", nil)
        for text in [soundRecharge, bad, soundRecharge.with("type", "\"x\"")] {
            var record = InputRecord(offset: 9, published: try instant("05-03 10:00"), value: text.bytes)
            record.partition = away.partition
            try record.withSource { source in
                var decoder = EventDecoder()
                var effects: [Effect] = []
                let decoded = decoder.decode(source)
                #expect(
                    try away.apply(source, decoded, cameByMail: false, now: source.timestamp, into: &effects)
                        == .forwarded)
                let mail = try encode(try #require(effects.first), partition: away.partition)
                #expect(mail.map(\.topic) == [.mail])
                #expect(mail[0].partition == home)
                #expect(mail[0].key == inviter)
                #expect(mail[0].value?.suffix(text.bytes.count + 1).dropLast() == text.bytes[...])
            }
        }
        #expect(away.subscriberCount == 0)
    }

    @Test func `what has no readable subject is judged where it was read`() throws {
        let shard = Shard(partition: 0, partitionCount: 12, campaign: try SeedCampaign.seed.file())
        for value in [nil, [0x7B], soundRecharge.with("subject", "\"1\"").bytes] as [[UInt8]?] {
            var decoder = EventDecoder()
            let record = InputRecord(published: try instant("05-03 10:00"), value: value)
            try record.withSource { source in
                var effects: [Effect] = []
                let decoded = decoder.decode(source)
                guard
                    case .dead = try shard.apply(
                        source, decoded, cameByMail: false, now: source.timestamp, into: &effects)
                else { throw Unexpected() }
            }
        }
    }

    @Test func `what came by mail is judged and never sent on`() throws {
        let home = try number(inviter).partition(of: 12)
        let shard = Shard(partition: (home + 1) % 12, partitionCount: 12, campaign: try SeedCampaign.seed.file())
        let record = InputRecord(published: try instant("05-03 10:00"), value: soundRecharge.bytes)
        try record.withSource { source in
            var decoder = EventDecoder()
            var effects: [Effect] = []
            let decoded = decoder.decode(source)
            let decision = try shard.apply(
                source, decoded, cameByMail: true, now: source.timestamp, into: &effects)
            #expect(decision == .commanded)
        }
    }

    @Test func `a reversal's record is kept only while it waits`() throws {
        let stage = try Stage(.seed, .committing)
        let key = Array(inviter.utf8)
        _ = try stage.play(reversal("V1", of: "R1", 5_000).with("pad", quoted(String(repeating: "x", count: 5_000))))
        #expect(try #require(stage.changelog.latest[key]).count > 5_000)
        _ = try stage.play(recharge("R1", 10_000))
        #expect(try #require(stage.changelog.latest[key]).count < 200)
    }

    @Test func `a version may not begin before what was decided, in whatever order`() throws {
        let stage = try Stage(.seed, .committing)
        _ = try stage.play(recharge("R1", 3_000, at: "05-14 10:00"))
        _ = try stage.play(recharge("R2", 3_000, at: "05-03 10:00"))
        var survey = StateSurvey()
        try note(stage.changelog, of: 0, in: &survey)
        try survey.check(try SeedCampaign.twoVersions.file(), partitionCount: 1)
        _ = try stage.play(recharge("R3", 3_000, at: "05-15 10:00"))
        _ = try stage.play(recharge("R4", 3_000, at: "05-03 10:00"))
        try note(stage.changelog, of: 0, in: &survey)
        #expect(throws: StateError.self) { try survey.check(try SeedCampaign.twoVersions.file(), partitionCount: 1) }
    }

    @Test func `a claim is paid once`() throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        let claim = Claim(
            assistID: lasting("A1"), helper: try number(friend), worthFen: 100, times: 3,
            eventTime: try instant("05-02 10:00"), rulesVersion: 1, traceparent: .none)
        var effects: [Effect] = []
        #expect(try shard.apply(claim, now: claim.eventTime, into: &effects) == .commanded)
        shard.commit()
        #expect(try shard.apply(claim, now: claim.eventTime, into: &effects) == .refused(.duplicate))
        #expect(effects.count == 1)
    }

    @Test func `positions count with the commit`() throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        #expect(InputTopic.allCases.allSatisfy { shard.position(of: $0) == nil })
        shard.begin(.mail, at: 5)
        shard.advance(.recharges, to: 9)
        #expect(shard.hasChanges)
        #expect(shard.position(of: .mail) == 5 && shard.position(of: .recharges) == nil)
        shard.rollback()
        #expect(shard.stagedPosition(of: .recharges) == nil && shard.stagedPosition(of: .mail) == 5)
        shard.advance(.recharges, to: 9)
        shard.commit()
        #expect(shard.position(of: .recharges) == 9 && shard.hasRunWithThisFile && !shard.hasChanges)
    }

    @Test func `assists that expire are counted`() throws {
        let stage = try Stage(.seed, .committing)
        for index in 0..<2 { _ = try stage.play(assist("A\(index)", by: friend(index))) }
        _ = try stage.play(reversal("V", of: "R", 1))
        var effects: [Effect] = []
        let end = try instant(endOfGrace)
        #expect(
            try stage.shard.fireDeadlines(gifts: nil, grace: end, now: end, limit: 10, into: &effects) == 2)
    }

    @Test func `deadlines fire for so many at a time, and again after an abort`() throws {
        let stage = try Stage(.seed, .committing)
        for index in 0..<5 { _ = try stage.play(reversal("V\(index)", of: "R", 1, by: friend(index))) }
        let end = try instant(endOfGrace)
        #expect(stage.shard.earliestEndOfGrace == end)
        func fire(_ limit: Int) throws -> Int {
            var effects: [Effect] = []
            try stage.shard.fireDeadlines(gifts: nil, grace: end, now: end, limit: limit, into: &effects)
            return effects.count
        }
        #expect(try fire(2) == 2)
        stage.shard.rollback()
        #expect(try fire(4) == 4)
        stage.shard.commit()
        #expect(stage.shard.earliestEndOfGrace == end)
        #expect(try fire(4) == 1)
        stage.shard.commit()
        #expect(stage.shard.earliestEndOfGrace == nil)
        #expect(try fire(4) == 0)
        #expect(!stage.shard.hasChanges)
    }

    @Test(arguments: [
        ("13900000001", ""), ("13900000001", "01"), ("13900000001", "03"), ("hour/x", "01"), ("hour/1", "02"),
        ("campaign", ""),
        ("campaign", "02"), ("shard", ""), ("shard", "01"), ("1390000000", "01"), ("", "01"), ("later", "01"),
    ])
    func `a changelog of another form stops the shard`(key: String, value: String) throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        let value = bytes(ofHex: value)
        #expect(throws: StateError.unreadable("a record of campaign-state")) {
            try value.withUnsafeBytes { try shard.restore(key: lasting(key), value: Bytes($0)) }
        }
    }

    @Test func `a letter that the changelog closes is closed`() throws {
        let stage = try Stage(.seed, .committing)
        _ = try stage.play(recharge("R1", 5_000, package: "P7"))
        let key = Bytes("letter/0/0/0")
        let letter = try #require(stage.changelog.latest[Array(key.buffer)])
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        try letter.withUnsafeBytes { try shard.restore(key: key, value: Bytes($0)) }
        #expect(shard.letters[RecordPlace(topic: .recharges, partition: 0, offset: 0)] != nil)
        try shard.restore(key: key, value: nil)
        #expect(shard.letters[RecordPlace(topic: .recharges, partition: 0, offset: 0)] == nil)
    }

    @Test func `another partition count stops the shard`() throws {
        let stage = try Stage(.seed, .committing)
        _ = try stage.play(recharge("R1", 3_000))
        #expect(throws: StateError.otherPartitionCount(kept: 1, found: 2)) {
            try stage.changelog.shard(of: try SeedCampaign.seed.file(), partitionCount: 2)
        }
    }

    /// One shard decided something, the other nothing: what the first must refuse, the second would take.
    @Test func `a campaign file is judged by all shards together`() throws {
        let stage = try Stage(.seed, .committing)
        var survey = StateSurvey()
        #expect(survey.partitionCount == nil)
        try survey.check(try SeedCampaign.best.file(), partitionCount: 1)
        try note(stage.changelog, of: 1, in: &survey)
        _ = try stage.play(recharge("R1", 3_000))
        try note(stage.changelog, of: 0, in: &survey)
        #expect(survey.partitionCount == 1)
        try survey.check(try SeedCampaign.seed.file(), partitionCount: 1)
        #expect(throws: StateError.otherPartitionCount(kept: 1, found: 2)) {
            try survey.check(try SeedCampaign.seed.file(), partitionCount: 2)
        }
        let other = try readCampaign(soundCampaign.replacing("campaign: zs-2026-05", with: "campaign: other"))
        for (file, says) in [(other, "write `zs-2026-05` again"), (try SeedCampaign.best.file(), "`stacking`")] {
            let error = #expect(throws: StateError.self) { try survey.check(file, partitionCount: 1) }
            guard case .refusedCampaign(let problems)? = error else {
                Issue.record("it was taken: \(String(describing: error))")
                return
            }
            #expect(problems.contains { $0.contains(says) }, "\(problems)")
        }
    }

    private func note(_ changelog: Changelog, of partition: Int32, in survey: inout StateSurvey) throws {
        for record in changelog.records {
            try record.key.withUnsafeBytes { key in
                try record.value?.withUnsafeBytes {
                    try survey.note(partition: partition, key: Bytes(key), value: Bytes($0))
                }
            }
        }
    }
}

/// Events that meet one another often: few ids, few numbers, times on both sides of every edge.
private enum RandomHistory {
    static func scenes(_ count: Int, _ random: inout SeededRandom) -> [Scene] {
        (0..<count).map { index in
            if index % 50 == 49 { return everythingRead(upTo: random.pick(["06-01 00:00", endOfGrace])) }
            return scene(&random)
        }
    }

    private static func scene(_ random: inout SeededRandom) -> Scene {
        let id = "E\(Int.random(in: 0..<40, using: &random))"
        let who = random.pick([inviter, friend, friend(1), stranger])
        let day = random.pick([
            "04-30 23:59", "05-01 00:00", "05-14 10:00", "05-15 00:00", "05-21 08:00", "06-01 00:00",
        ])
        let amount = random.pick([100, 2_999, 3_000, 5_000, 10_000, 17_400, 20_000])
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4:
            let paid = random.chance(30) ? amount - min(amount, 500) : nil
            return recharge(
                id, amount, paid: paid, package: random.chance(20) ? "P58" : nil, of: who, at: day, published: day)
        case 4..<7:
            return reversal(
                "V" + id, of: "E\(Int.random(in: 0..<40, using: &random))", amount, by: who, at: day, published: day)
        default:
            return assist(
                id, by: random.pick([inviter, friend, friend(2), stranger]), for: who, at: day, published: day)
        }
    }
}
