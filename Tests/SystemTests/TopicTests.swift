import Oracle
import TestSupport
import Testing

/// Topics that change under a running worker: it stops soon, says why, and pays nothing on wrong grounds.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct TopicTests {
    private func expectEnd(_ worker: WorkerProcess, code: Int32, saying text: String) throws {
        #expect(try worker.waitForExit(timeout: .seconds(60)) == code, "\(worker.process.tail(10))")
        let last = worker.lines.last ?? ""
        #expect(last.contains(#""event":"stopped""#) && last.contains(text), "\(last)")
    }

    /// One that is subscribed, one that is only followed, one that is written, and the state's.
    @Test(arguments: ["recharge-events", "assist-events", "bonus-credits", "campaign-state"])
    func deleted(topic: String) throws {
        try Proof.rounds(sharedBy: 4) { seed in
            let idle = try IdleRun(seed: seed)
            try idle.admin.deleteTopics([idle.run.prefix + topic])
            try expectEnd(idle.worker, code: 78, saying: idle.run.prefix + topic)
            try expectEnd(try idle.run.start(), code: 78, saying: idle.run.prefix + topic)
            try idle.expectNothingMore("topic \(topic) deleted while running", besides: topic)
        }
    }

    /// Made anew before anybody could miss it: what it held is lost all the same.
    @Test(arguments: ["recharge-events", "campaign-state"])
    func madeAnew(topic: String) throws {
        try Proof.rounds(sharedBy: 2) { seed in
            let idle = try IdleRun(seed: seed)
            let run = idle.run
            try idle.admin.deleteTopics([run.prefix + topic])
            try run.wait(.seconds(30), "the end of \(topic)") {
                try idle.admin.partitions(of: run.prefix + topic) == 0
            }
            let made = try WorkerProcess.run(["topics", "create"], environment: run.environment(worker: "admin"))
            #expect(made.exitCode == 0, "\(made.lines)")
            try expectEnd(idle.worker, code: 65, saying: run.prefix + topic)
            try expectEnd(try run.start(), code: 65, saying: run.prefix + topic)
            try idle.expectNothingMore("topic \(topic) made anew while running")
        }
    }

    /// From 12 partitions to 24, with more to do: what is decided until the worker notices is decided rightly.
    @Test func grown() throws {
        try Proof.rounds { seed in
            let run = try CampaignRun(CampaignRun.openCampaign(), partitions: 12)
            let admin = try TestAdmin(bootstrapServers: run.server.bootstrapServers)
            let history = run.history(events: 3000, seed: seed)
            try run.adopt(history)
            // Without mail, so that what is written is to be known at any moment.
            let records = run.split(history).own
            try run.publish(records.prefix(500))
            let worker = try run.start("a", ["LOG_LEVEL": "debug", "COMMIT_MAX_RECORDS": "40"])
            try worker.waitFor(lineContaining: #""event":"topics""#)
            try run.waitUntilConsumed(500)
            try run.publish(records.dropFirst(500))
            for topic in CampaignRun.inputs + CampaignRun.answers + CampaignRun.outputs + CampaignRun.others {
                try admin.addPartitions(run.prefix + topic, count: 24)
            }
            // It may look while only some are grown.
            try expectEnd(worker, code: 78, saying: "partition")
            try expectEnd(try run.start(), code: 78, saying: "a partition count is for life")
            let problems = try run.problemsAtCommittedOffsets()
            let compared = try CampaignRun.outputs.reduce(0) { try $0 + run.read($1).count }
            Proof.note(
                fault: "topics grown while running", times: 1, compared: compared, differences: problems.count)
            #expect(compared > 0)
            #expect(problems.isEmpty, "seed \(seed), \(problems.count) differences: \(problems.prefix(5))")
        }
    }
}

/// A worker that has decided a history as the oracle does, and is idle.
private struct IdleRun {
    let run: CampaignRun
    let admin: TestAdmin
    let worker: WorkerProcess
    private var written: [String: Set<TestRecord>] = [:]

    init(seed: UInt64) throws {
        run = try CampaignRun(CampaignRun.openCampaign())
        admin = try TestAdmin(bootstrapServers: run.server.bootstrapServers)
        let history = run.history(events: 400, seed: seed)
        try run.adopt(history)
        try run.publish(history.records)
        let first = try run.start()
        try run.waitUntilIdle()
        try run.stop(first)
        let problems = try run.problems()
        #expect(problems.isEmpty, "seed \(seed), \(problems.count) differences: \(problems.prefix(5))")
        for output in CampaignRun.outputs { written[output] = Set(try run.read(output)) }
        // It sees the topics as they are now: what went while they were empty could not be missed.
        worker = try run.start("a", ["LOG_LEVEL": "debug"])
        try worker.waitFor(lineContaining: #""event":"topics""#)
        try worker.waitUntilReady()
    }

    /// Expects that the outputs, but for a deleted one, still hold what they held, and says so in the report.
    func expectNothingMore(_ fault: String, besides deleted: String? = nil) throws {
        let left = written.filter { $0.key != deleted }
        let changed = try left.filter { try Set(run.read($0.key)) != $0.value }.keys.sorted()
        let compared = left.values.reduce(0) { $0 + $1.count }
        Proof.note(fault: fault, times: 1, compared: compared, differences: changed.count)
        #expect(changed == [])
    }
}
