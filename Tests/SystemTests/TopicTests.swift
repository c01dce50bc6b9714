import TestSupport
import Testing

/// Topics that change under a running worker: it stops soon, says why, and pays nothing on wrong grounds.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct TopicTests {
    /// A worker that has paid one gift and is idle.
    private func idleRun() throws -> (run: CampaignRun, admin: TestAdmin, worker: WorkerProcess) {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let first = try run.start()
        try run.publish([run.recharge("R1")])
        try run.waitUntilIdle()
        try run.stop(first)
        let worker = try run.start("a", ["LOG_LEVEL": "debug"])
        try worker.waitUntilReady()
        try worker.waitFor(lineContaining: #""event":"topics""#)
        return (run, try TestAdmin(bootstrapServers: run.server.bootstrapServers), worker)
    }

    private func expectEnd(_ worker: WorkerProcess, code: Int32, saying text: String) throws {
        #expect(try worker.waitForExit(timeout: .seconds(60)) == code, "\(worker.process.tail(10))")
        let last = worker.lines.last ?? ""
        #expect(last.contains(#""event":"stopped""#) && last.contains(text), "\(last)")
    }

    /// One that is subscribed, one that is only followed, one that is written, and the state's.
    @Test(arguments: ["recharge-events", "assist-events", "bonus-credits", "campaign-state"])
    func deleted(topic: String) throws {
        let (run, admin, worker) = try idleRun()
        try admin.deleteTopics([run.prefix + topic])
        try expectEnd(worker, code: 78, saying: run.prefix + topic)
        try expectEnd(try run.start(), code: 78, saying: run.prefix + topic)
        Proof.note(fault: "topic \(topic) deleted while running", times: 1, compared: 0, differences: 0)
    }

    /// Made anew before anybody could miss it: what it held is lost all the same.
    @Test(arguments: ["recharge-events", "campaign-state"])
    func madeAnew(topic: String) throws {
        let (run, admin, worker) = try idleRun()
        try admin.deleteTopics([run.prefix + topic])
        try run.wait(.seconds(30), "the end of \(topic)") { try admin.partitions(of: run.prefix + topic) == 0 }
        let made = try WorkerProcess.run(["topics", "create"], environment: run.environment(worker: "admin"))
        #expect(made.exitCode == 0, "\(made.lines)")
        try expectEnd(worker, code: 65, saying: run.prefix + topic)
        try expectEnd(try run.start(), code: 65, saying: run.prefix + topic)
        #expect(try run.read("bonus-credits").count == 1)
        Proof.note(fault: "topic \(topic) made anew while running", times: 1, compared: 1, differences: 0)
    }

    @Test func grown() throws {
        let (run, admin, worker) = try idleRun()
        for topic in CampaignRun.inputs + CampaignRun.outputs + CampaignRun.others {
            try admin.addPartitions(run.prefix + topic, count: 2 * CampaignRun.partitions)
        }
        try expectEnd(worker, code: 78, saying: "a partition count is for life")
        try expectEnd(try run.start(), code: 78, saying: "a partition count is for life")
        #expect(try run.read("bonus-credits").count == 1)
        Proof.note(fault: "topics grown while running", times: 1, compared: 1, differences: 0)
    }
}
