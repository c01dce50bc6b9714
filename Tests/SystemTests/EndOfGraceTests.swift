import Foundation
import Oracle
import TestSupport
import Testing

/// The clock passes the end of grace while the worker runs, and while none does.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct EndOfGraceTests {
    @Test(arguments: [true, false])
    func whatWaitsEnds(whileRunning: Bool) throws {
        var campaign = CampaignRun.openCampaign()
        let now = CampaignRun.milliseconds(Date()) / 1000 * 1000
        // Versions of the window's later half begin after this end: one version is left.
        campaign.versions.removeLast(campaign.versions.count - 1)
        campaign.end = now + 4_000
        campaign.grace = 4_000
        let run = try CampaignRun(campaign)
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
            try run.wait(.seconds(30), "the end of grace") { CampaignRun.milliseconds(Date()) > now + 8_000 }
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
