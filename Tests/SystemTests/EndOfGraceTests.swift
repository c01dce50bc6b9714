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
        // The clock counts from here, when the topics are there: so long to start and to publish.
        run.letGraceEnd(inSeconds: 25)
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
            try run.waitForEndOfGrace()
            try finish(run, try run.start())
        }
        let problems = try run.problems(afterGrace: true)
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    private func finish(_ run: CampaignRun, _ worker: WorkerProcess) throws {
        try run.waitUntilIdle()
        try run.waitForLettersAfterGrace()
        try run.stop(worker)
    }
}

extension CampaignRun {
    /// Makes the campaign's window end in a second, and its grace so many seconds from now.
    func letGraceEnd(inSeconds seconds: Int64) {
        let now = Self.milliseconds(Date()) / 1000 * 1000
        // Versions of the window's later half would begin after this end.
        campaign.versions.removeLast(campaign.versions.count - 1)
        campaign.end = now + 1_000
        campaign.grace = (seconds - 1) * 1_000
    }

    func waitForEndOfGrace() throws {
        try wait(.seconds(60), "the end of grace") { Self.milliseconds(Date()) > campaign.end + campaign.grace }
    }

    /// Waits until the reversals that wait for their recharges are letters.
    func waitForLettersAfterGrace() throws {
        let expected = try judge(afterGrace: true).outcomes.flatMap(\.letters)
            .filter { $0.reason == .reversalWithoutOriginal }.count
        #expect(expected > 0)
        try wait(.seconds(60), "\(expected) letters of what waited") {
            try read("dead-letters").filter { $0.header("recharge.letter.reason") == "REVERSAL_WITHOUT_ORIGINAL" }
                .count == expected
        }
    }
}
