import Oracle
import TestSupport
import Testing

/// What a worker is not told at its start it must find out, or wait for, or stop: its state is whole before it decides.
@Suite(.serialized, .enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct RestoreTests {
    /// A broker that compacts whatever it may, at once, and soon forgets the offsets of groups that are gone.
    private static let server = Result {
        try KafkaServer(properties: [
            "log.roll.ms": "300", "log.cleaner.min.cleanable.ratio": "0.001", "log.cleaner.backoff.ms": "100",
            "log.cleaner.delete.retention.ms": "0", "offsets.retention.minutes": "1",
            "offsets.retention.check.interval.ms": "1000",
        ])
    }

    private func half(_ fault: FaultRun, _ number: Int) -> ArraySlice<TestRecord> {
        let records = fault.history.records
        return number == 0 ? records[..<(records.count / 2)] : records[(records.count / 2)...]
    }

    /// What stands behind an open transaction is committed all the same, and belongs to the state.
    @Test func anOpenTransactionPinsTheChangelog() throws {
        try Proof.rounds(sharedBy: 3) { seed in
            let fault = try FaultRun("open transaction pins the changelog", seed: seed, events: 1200)
            let run = fault.run
            // On a busy machine too the first one must not restore its state again while the changelog is pinned.
            let patient = [
                "COMMIT_MAX_RECORDS": "40", "KAFKA_SESSION_TIMEOUT_MS": "60000",
                "KAFKA_TRANSACTION_TIMEOUT_MS": "60000",
            ]
            let first = try run.start("a", patient)
            try first.waitUntilReady()
            let other = try OpenTransaction(bootstrapServers: run.server.bootstrapServers, timeout: .seconds(300))
            for partition in 0..<CampaignRun.partitions {
                try other.produce(topic: run.prefix + "campaign-state", partition: partition, key: "x", value: "x")
            }
            try run.publish(half(fault, 0))
            try run.waitUntilConsumed(Int64(half(fault, 0).count))
            try first.kill9()
            let free = try CampaignRun(CampaignRun.openCampaign(), on: run.server)
            let second = try run.start("a", patient)
            try run.publish(half(fault, 1) + fault.history.questions)
            // One that was started later and has topics of its own does all its work meanwhile.
            try free.publish([free.recharge("R1")])
            let another = try free.start()
            try another.waitUntilReady()
            try free.waitUntilIdle()
            #expect(!second.lines.contains { $0.contains(#""event":"restored""#) }, "it did not wait")
            try free.stop(another)
            try other.abort()
            try second.waitUntilReady()
            try fault.finish([second])
        }
    }

    @Test func aTransactionThatNeverEndsStopsTheRestore() throws {
        guard Proof.isLong else { return }
        let run = try CampaignRun(CampaignRun.openCampaign())
        let other = try OpenTransaction(bootstrapServers: run.server.bootstrapServers, timeout: .seconds(300))
        try other.produce(topic: run.prefix + "campaign-state", partition: 0, key: "x", value: "x")
        let worker = try run.start()
        #expect(try worker.waitForExit(timeout: .seconds(200)) == 1)
        #expect(worker.lines.contains { $0.contains("is a transaction left open there") }, "\(worker.process.tail(5))")
        try other.abort()
    }

    /// What a transaction left open holds back is waited for; a person who looks is told what it is.
    @Test func offsetsThatStayHeldBackAreWaitedFor() throws {
        guard Proof.isLong else { return }
        let run = try CampaignRun(CampaignRun.openCampaign())
        let first = try run.start()
        try run.publish([run.recharge("R1")])
        try run.waitUntilIdle()
        try run.stop(first)
        let other = try OpenTransaction(bootstrapServers: run.server.bootstrapServers, timeout: .seconds(300))
        let input = run.prefix + "recharge-events"
        try other.sendOffsets(of: run.group, topic: input, partition: 0, offset: run.committed("recharge-events")[0])
        let second = try run.start()
        try run.wait(.seconds(60), "a line about the offsets") {
            second.lines.contains { $0.contains("left open on __consumer_offsets") }
        }
        try run.publish([run.recharge("R2")])
        try other.abort()
        try second.waitUntilReady()
        try run.waitUntilIdle()
        try run.stop(second)
        #expect(try run.problems() == [])
    }

    @Test func theChangelogIsCompactedUnderTheRestore() throws {
        let lives = Proof.isLong ? 20 : 4
        try Proof.rounds(sharedBy: 3) { seed in
            let fault = try FaultRun(
                "changelog compacted", seed: seed, events: 500 * lives, on: try Self.server.get())
            let run = fault.run
            for life in 0..<lives {
                try run.publish(fault.history.records[(life * 500)..<((life + 1) * 500)])
                let worker = try run.start("a", FaultRun.settings)
                try run.waitUntilConsumed(Int64((life + 1) * 500))
                try worker.kill9()
            }
            let last = try run.start("a", FaultRun.settings)
            try run.wait(.seconds(60), "compaction of campaign-state") {
                let kept = try run.read("campaign-state")
                return kept.count < 2 * Set(kept.map { [UInt8($0.partition)] + ($0.key ?? []) }).count
            }
            try run.publish(fault.history.questions)
            try fault.finish([last], times: lives)
        }
    }

    /// How a group's offsets are lost.
    enum Loss: CaseIterable { case deleted, afterAMinute, anotherGroup }

    /// The state knows its place where the group does not, and where another group comes instead.
    @Test(arguments: Loss.allCases)
    func offsetsAreForgotten(_ loss: Loss) throws {
        guard Proof.isLong || loss != .afterAMinute else { return }
        let run = try CampaignRun(CampaignRun.openCampaign(), on: try Self.server.get())
        let history = run.history(events: 1200, seed: Proof.seed)
        try run.adopt(history)
        let (quiet, others) = split(history, run)
        try run.publish(quiet)
        let first = try run.start("a", FaultRun.settings)
        try run.waitUntilConsumed(Int64(quiet.count / 2))
        try first.kill9()
        switch loss {
        case .deleted: try run.forgetGroup()
        case .afterAMinute:
            try run.wait(.seconds(240), "the broker to forget the offsets") { try run.consumed() == 0 }
        case .anotherGroup: try run.changeGroup()
        }
        #expect(try run.consumed() == 0)
        let second = try run.start("a", FaultRun.settings)
        try second.waitUntilReady()
        try run.publish(others + history.questions)
        try run.waitUntilIdle()
        try run.stop(second)
        let problems = try run.problems()
        let compared = try CampaignRun.outputs.reduce(0) { try $0 + run.read($1).count }
        Proof.note(fault: "offsets forgotten: \(loss)", times: 1, compared: compared, differences: problems.count)
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    /// How the state is lost while the group's offsets are gone too: nothing there disagrees with anything.
    enum LostState: String, CaseIterable {
        case topicMadeAnew = "the state is lost"
        case recordsDeleted = "records were deleted"
    }

    @Test(arguments: LostState.allCases)
    func aStateThatIsLostPaysNothing(_ loss: LostState) throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let state = run.prefix + "campaign-state"
        let admin = try TestAdmin(bootstrapServers: run.server.bootstrapServers)
        if loss == .recordsDeleted { try remake(state, of: run, by: admin, ["cleanup.policy": "compact,delete"]) }
        try run.publish([run.recharge("R1")])
        let first = try run.start()
        try run.waitUntilConsumed(1)
        try run.waitUntilIdle()
        try run.stop(first)
        switch loss {
        case .topicMadeAnew: try remake(state, of: run, by: admin, ["cleanup.policy": "compact"])
        case .recordsDeleted: try admin.deleteRecords(of: state, partitions: CampaignRun.partitions, before: 1)
        }
        try run.forgetGroup()
        let second = try run.start()
        #expect(try second.waitForExit(timeout: .seconds(60)) == 65)
        let last = second.lines.last ?? ""
        #expect(last.contains(loss.rawValue) && last.contains("When something is lost"), "\(second.process.tail(5))")
        #expect(try run.read("bonus-credits").count == 1)
    }

    /// What came after the copy is decided again, and billing knows each id.
    @Test func anOldCopyOfTheStateGivesNoNewIDs() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let admin = try TestAdmin(bootstrapServers: run.server.bootstrapServers)
        let worker = try run.start()
        try run.publish([run.recharge("R1"), run.recharge("R2", of: "13416000002")])
        try run.waitUntilConsumed(2)
        try run.waitUntilIdle()
        let copy = try run.read("campaign-state")
        try run.publish([run.recharge("R3"), run.recharge("R4", of: "13416000003")])
        try run.waitUntilConsumed(4)
        try run.waitUntilIdle()
        try run.stop(worker)
        let sent = try commands(of: run)
        #expect(sent.count == 4)

        try remake(run.prefix + "campaign-state", of: run, by: admin, ["cleanup.policy": "compact"])
        try run.publish(copy)
        try run.forgetGroup()
        let second = try run.start()
        try second.waitUntilReady()
        try run.waitUntilConsumed(4)
        try run.waitUntilIdle()
        try run.stop(second)
        let sentAgain = try commands(of: run)
        #expect(sentAgain.count == 6)
        #expect(Set(sentAgain) == Set(sent))
    }

    /// Ids and what they pay.
    private func commands(of run: CampaignRun) throws -> [String] {
        try run.read("bonus-credits").map { record in
            let text = record.valueText ?? ""
            let id = try #require(text.firstMatch(of: /"id":"([^"]+)"/)).1
            return try "\(id) \(#require(text.firstMatch(of: /"lines":\[.*?\]/)).0)"
        }
    }

    private func remake(_ topic: String, of run: CampaignRun, by admin: TestAdmin, _ settings: [String: String]) throws
    {
        try admin.deleteTopics([topic])
        try run.wait(.seconds(60), "the deletion of \(topic)") { try admin.partitions(of: topic) == 0 }
        try admin.createTopic(topic, partitions: CampaignRun.partitions, settings: settings)
    }

    /// Records that make no letters, which name the group, and the others.
    private func split(_ history: History, _ run: CampaignRun) -> (quiet: [TestRecord], others: [TestRecord]) {
        let records = zip(history.records, run.decisions(on: history.records))
        func isQuiet(_ record: TestRecord, _ decision: Decision?) -> Bool {
            if case .letter = decision { return false }
            return decision != .forwarded
        }
        return (records.filter(isQuiet).map(\.0), records.filter { !isQuiet($0, $1) }.map(\.0))
    }
}
