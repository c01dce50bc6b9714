import Foundation
import Oracle
import TestSupport
import Testing

/// The built worker on real Kafka: every record that it wrote is what the oracle says, each once.
@Suite(.serialized, .enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct ExactlyOnceTests {
    @Test func plainRun() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let history = run.history(events: 20_000, seed: 1)
        try run.adopt(history)
        let worker = try run.start()
        try worker.waitUntilReady()
        try run.publish(history.records)
        try run.waitUntilIdle()
        try run.stop(worker)
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    /// It waits for no company: batches close an interval after each other, here 5 s.
    @Test func anEventThatComesAloneIsDecidedAtOnce() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start("a", ["COMMIT_INTERVAL_MS": "5000"])
        try worker.waitUntilReady()
        try run.publish([run.recharge("r-1")])
        try run.waitUntilConsumed(1, timeout: .seconds(4))
        try run.stop(worker)
    }

    @Test func restartsRestoreWhatWasCommitted() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let history = run.history(events: 9000, seed: 2)
        try run.adopt(history)
        for part in 0..<3 {
            try run.publish(history.records[(part * 3000)..<((part + 1) * 3000)])
            let worker = try run.start()
            try worker.waitUntilReady()
            try run.waitUntilIdle()
            try run.stop(worker)
        }
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    @Test func stopUnderLoadEndsWellAndLosesNothing() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let history = run.history(events: 20_000, seed: 3)
        try run.adopt(history)
        try run.publish(history.records)
        for _ in 0..<4 {
            let before = try run.consumed()
            let worker = try run.start("a", ["COMMIT_MAX_RECORDS": "100"])
            try run.waitUntilConsumed(before + 500)
            try run.stop(worker)
        }
        let worker = try run.start()
        try run.waitUntilIdle()
        try run.stop(worker)
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    @Test func workersJoinAndLeaveUnderLoad() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let history = run.history(events: 30_000, seed: 5)
        try run.adopt(history)
        let settings = ["WORKER_LANES": "2", "COMMIT_MAX_RECORDS": "200", "KAFKA_SESSION_TIMEOUT_MS": "6000"]
        let first = try run.start("a", settings)
        try first.waitUntilReady()
        try run.publish(history.records.prefix(10_000))
        let second = try run.start("b", settings)
        try second.waitUntilReady()
        try run.publish(history.records.dropFirst(10_000).prefix(10_000))
        try run.waitUntilConsumed(12_000)
        try run.stop(first)
        try run.publish(history.records.dropFirst(20_000))
        try run.waitUntilIdle()
        let third = try run.start("a", settings)
        try third.waitUntilReady()
        try run.stop(second)
        try run.stop(third)
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }
}
