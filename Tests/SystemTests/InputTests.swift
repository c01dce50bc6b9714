import Oracle
import TestSupport
import Testing

/// Records that are useless, huge, or too many for one subscriber: letters, and the rest goes on.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct InputTests {
    /// Random bytes, halves of events, tombstones and records without a key, one for a hundred good ones.
    private func garbage(_ fault: FaultRun, _ random: inout SeededRandom) -> [TestRecord] {
        fault.history.records.flatMap { good -> [TestRecord] in
            guard random.chance(1) else { return [good] }
            var bad = good
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                bad.value = (0..<Int.random(in: 0..<300, using: &random)).map { _ in
                    .random(in: 0...255, using: &random)
                }
            case 1: bad.value = good.value.map { Array($0.prefix($0.count / 2)) }
            case 2: bad.value = nil
            default: (bad.key, bad.value) = (nil, [])
            }
            return [bad, good]
        }
    }

    @Test func garbageAndTombstones() throws {
        try Proof.rounds(sharedBy: 4) { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun("1 % garbage and tombstones", seed: seed, events: Proof.isLong ? 20_000 : 3000)
            let records = garbage(fault, &random)
            let worker = try fault.run.start("a", ["COMMIT_MAX_RECORDS": "200"])
            try fault.run.publish(records)
            try fault.finish([worker], times: records.count - fault.history.records.count)
        }
    }

    /// Ten thousand events of one subscriber, of whom 5,000 ids are remembered, between those of others.
    @Test func oneSubscriberWithManyEvents() throws {
        let fault = try FaultRun("one subscriber with 10,000 events", seed: Proof.seed, events: 1000)
        let run = fault.run
        let many = (0..<10_000).map { run.recharge("many-\($0)", of: "13416987654") }
        let worker = try run.start()
        try run.publish(many[..<5000] + fault.history.records + many[5000...])
        try fault.finish([worker], times: many.count)
        let letters = try run.read("dead-letters").filter { $0.header("recharge.letter.reason") == "TOO_MANY_EVENTS" }
        #expect(letters.count == 5000)
    }

    /// Its writer may publish in transactions; what an aborted one held was never there.
    @Test func anEventThatIsTakenBack() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start()
        let transaction = try OpenTransaction(
            bootstrapServers: run.server.bootstrapServers, timeout: .seconds(60))
        let event = run.recharge("taken-back")
        try transaction.produce(
            topic: event.topic, partition: event.partition, key: event.keyText ?? "", value: event.valueText ?? "")
        try worker.waitUntilReady()
        try transaction.abort()
        try run.publish([run.recharge("stays")])
        try run.waitUntilIdle()
        try run.stop(worker)
        let causes = try run.read("bonus-credits").compactMap(\.value).map { JSON($0)?["data"]?["cause"]?.string }
        #expect(causes == ["stays"])
        #expect(try run.read("dead-letters").isEmpty)
    }

    private static let filler = TestHeader(name: "filler", value: [UInt8](repeating: 0x79, count: 100 << 10))

    /// Values of 1 MB and headers of 100 KiB in turn, which all become letters.
    private func publishHuge(_ count: Int, to run: CampaignRun) throws {
        let producer = try TestProducer(
            bootstrapServers: run.server.bootstrapServers, properties: ["compression.codec": "lz4"])
        for index in 0..<count {
            var huge = run.recharge("huge-\(index)", of: "134169876\(10 + index % 90)")
            if index.isMultiple(of: 2) {
                huge.value = [UInt8](repeating: 0x78, count: 1_000_000)
            } else {
                huge.headers = [Self.filler]
            }
            try producer.produce(
                topic: huge.topic, partition: huge.partition, key: huge.key, value: huge.value, headers: huge.headers)
        }
        try producer.flush(timeout: .seconds(600))
    }

    @Test func hugeRecords() throws {
        let fault = try FaultRun("values of 1 MB, headers of 100 KiB", seed: Proof.seed, events: 1000)
        try publishHuge(40, to: fault.run)
        try fault.run.publish(fault.history.records)
        try fault.finish([try fault.run.start()], times: 40)
    }

    /// Half of the records have 1 MB: more than anybody holds at once, so the letters are counted and not compared.
    @Test func aBacklogOfHugeRecords() throws {
        let count = Proof.isLong ? 40_000 : 300
        let run = try CampaignRun(CampaignRun.openCampaign())
        try publishHuge(count, to: run)
        try run.publish([run.recharge("good")])
        let worker = try run.start()
        let reader = try TestReader(
            bootstrapServers: run.server.bootstrapServers, topic: run.prefix + "dead-letters"
        ) { letter in
            var kept = letter
            (kept.value, kept.headers) = (nil, letter.headers.filter { $0.name == "recharge.letter.id" })
            return kept
        }
        try reader.read(timeout: .seconds(Proof.isLong ? 3600 : 180), what: "\(count) letters") { $0.count >= count }
        try run.waitUntilConsumed(Int64(count + 1))
        try run.stop(worker)
        try reader.readToEnd()
        let differences = abs(reader.records.count - count) + count - Set(reader.records.map(\.headers)).count
        Proof.note(fault: "backlog of records of 1 MB", times: count, compared: count, differences: differences)
        #expect(differences == 0)
        #expect(try run.read("bonus-credits").count == 1)
    }
}
