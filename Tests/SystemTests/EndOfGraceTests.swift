import Foundation
import Oracle
import TestSupport
import Testing

/// The clock passes the end of grace while the worker runs, and while none does.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct EndOfGraceTests {
    @Test(arguments: [true, false])
    func whatWaitsEnds(whileRunning: Bool) throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        // The clock counts from here, when the topics are there: 25 s to start and to publish.
        let now = CampaignRun.milliseconds(Date()) / 1000 * 1000
        // Versions of the window's later half would begin after this end.
        run.campaign.versions.removeLast(run.campaign.versions.count - 1)
        run.campaign.end = now + 1_000
        run.campaign.grace = 24_000
        let history = run.history(events: 3000, seed: 11)
        try run.adopt(history)
        if whileRunning {
            let worker = try run.start()
            try worker.waitUntilReady()
            try run.publish(history.records)
            try finish(run, worker)
        } else {
            try run.publish(history.records)
            let first = try run.start()
            try run.waitUntilIdle()
            try run.stop(first)
            try run.wait(.seconds(60), "the end of grace") { CampaignRun.milliseconds(Date()) > now + 25_000 }
            try finish(run, try run.start())
        }
        let problems = try run.problems(afterGrace: true)
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    private func finish(_ run: CampaignRun, _ worker: WorkerProcess) throws {
        try run.waitUntilIdle()
        let expected = try run.lettersAfterGrace()
        #expect(expected > 0)
        try run.wait(.seconds(60), "\(expected) letters of what waited") {
            try run.read("dead-letters").filter { $0.header("recharge.letter.reason") == "REVERSAL_WITHOUT_ORIGINAL" }
                .count == expected
        }
        try run.stop(worker)
    }
}
