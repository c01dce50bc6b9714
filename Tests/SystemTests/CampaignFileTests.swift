import Oracle
import TestSupport
import Testing

/// Two workers with unlike campaign files: the one whose file may not follow stops, and the other goes on.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct CampaignFileTests {
    private func expectRefusal(_ worker: WorkerProcess) throws {
        #expect(try worker.waitForExit(timeout: .seconds(60)) == 65, "\(worker.process.tail(10))")
        #expect((worker.lines.last ?? "").contains(#""event":"stopped""#), "\(worker.lines.suffix(2))")
    }

    /// A refused file beside the running one, then a later one, for which the worker with the older file must make way.
    @Test func oneOfTwoWorkersHasAnotherFile() throws {
        try Proof.rounds { seed in
            let fault = try FaultRun("another campaign file on one of two workers", seed: seed, events: 2000)
            let run = fault.run
            let older = try run.start("a", FaultRun.settings)
            try older.waitUntilReady()
            try run.publish(fault.history.records.prefix(1000))
            try run.waitUntilConsumed(100)

            let good = run.campaign
            for index in run.campaign.versions.indices {
                run.campaign.versions[index].bonusCredit = [.init(10_000, 9_999)]
            }
            try run.writeCampaign()
            try expectRefusal(try run.start("b", FaultRun.settings))
            try run.waitUntilConsumed(1000)

            run.campaign = good
            run.campaign.end += 86_400_000
            try run.writeCampaign()
            let later = try run.start("b", FaultRun.settings)
            // What it has decided something for with its file is closed to the older one.
            try later.waitFor(lineContaining: #""event":"restored""#)
            try run.publish(fault.history.records.dropFirst(1000))
            try run.waitUntilIdle()
            try run.stop(later)
            try expectRefusal(older)
            try fault.finish([try run.start("a", FaultRun.settings)], times: 2)
        }
    }
}
