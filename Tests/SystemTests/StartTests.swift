import Foundation
import Oracle
import TestSupport
import Testing

/// What a worker does when it can't start or may not go on: it stops with one clear line and pays nothing.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct StartTests {
    private func publish(_ run: CampaignRun, _ id: String, number: String = "13416000001") throws {
        try run.publish([run.recharge(id, of: number)])
    }

    private func expectEnd(_ worker: WorkerProcess, code: Int32, saying text: String) throws {
        let ended = try worker.waitForExit(timeout: .seconds(30))
        #expect(ended == code)
        #expect(worker.lines.contains { $0.contains(text) }, "\(worker.lines)")
    }

    @Test func missingTopicsStopWithTheCommandThatMendsIt() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start("a", ["TOPICS_PREFIX": run.prefix + "none."])
        try expectEnd(worker, code: 78, saying: "recharge-worker topics create")
    }

    @Test func unequalPartitionCountsStop() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        try TestAdmin(bootstrapServers: run.server.bootstrapServers)
            .addPartitions(run.prefix + "assist-events", count: 6)
        try expectEnd(try run.start(), code: 78, saying: "same number of partitions")
    }

    @Test func grownTopicsStop() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start()
        try worker.waitUntilReady()
        try run.stop(worker)
        let admin = try TestAdmin(bootstrapServers: run.server.bootstrapServers)
        for topic in CampaignRun.inputs + CampaignRun.answers + CampaignRun.outputs + CampaignRun.others {
            try admin.addPartitions(run.prefix + topic, count: 8)
        }
        try expectEnd(try run.start(), code: 78, saying: "a partition count is for life")
        let check = try WorkerProcess.run(["topics", "check"], environment: run.environment(worker: "admin"))
        #expect(check.exitCode == 78, "\(check.lines)")
    }

    @Test func aRefusedCampaignFilePaysNothing() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let first = try run.start()
        try first.waitUntilReady()
        try publish(run, "R1")
        try run.waitUntilIdle()
        try run.stop(first)
        let paid = try run.read("bonus-credits").count
        #expect(paid == 1)

        let good = run.campaign
        run.campaign.versions[0].bonusCredit = []
        for index in run.campaign.versions.indices { run.campaign.versions[index].bonusCredit = [.init(10_000, 9_999)] }
        try run.writeCampaign()
        // For every shard, and by lanes of which one has only shards that decided nothing yet.
        for index in 0..<20 { try publish(run, "R2-\(index)", number: "134160000\(10 + index)") }
        try expectEnd(try run.start("a", ["WORKER_LANES": "4"]), code: 65, saying: "campaign.yaml:")
        #expect(try run.read("bonus-credits").count == paid)

        run.campaign = good
        run.campaign.end += 86_400_000
        try run.writeCampaign()
        let again = try run.start()
        try run.waitUntilIdle()
        try run.stop(again)
        #expect(try run.read("bonus-credits").count == paid + 20)
    }

    @Test func anotherCampaignOnTheseTopicsStops() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let first = try run.start()
        try first.waitUntilReady()
        try run.stop(first)
        run.campaign.name = "another"
        try run.writeCampaign()
        try expectEnd(try run.start(), code: 65, saying: "topics of its own")
    }

    @Test func aTwinEndsTheOlderOne() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let older = try run.start()
        try older.waitUntilReady()
        let younger = try run.start()
        try expectEnd(older, code: 78, saying: "WORKER_ID")
        try younger.waitUntilReady()
        try publish(run, "R1")
        try run.waitUntilIdle()
        try run.stop(younger)
        #expect(try run.read("bonus-credits").count == 1)
    }

    @Test func unreachableBrokersAreNamed() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start("a", ["KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"])
        try expectEnd(worker, code: 69, saying: "127.0.0.1:1")
    }
}
