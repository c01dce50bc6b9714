import Foundation
import Glibc
import Oracle
import TestSupport
import Testing

/// Workers that hang and go on later, when their place or their transaction is gone: nothing of it is committed, and they
/// work on by themselves.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct StallTests {
    /// The zombie wakes up in a transaction that it believes in, while another commits for its partitions.
    @Test(arguments: ["begun", "offsets sent", "end requested"])
    func anotherTakesOver(whileStoppedAt step: String) throws {
        try Proof.rounds(sharedBy: 3) { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun("zombie, stopped at '\(step)'", seed: seed, events: 3000)
            let (run, records) = (fault.run, fault.history.records)
            try run.publish(records.prefix(2000))
            let zombie = try fault.startAndStall("a", at: step, time: Int.random(in: 2...8, using: &random))
            defer { zombie.process.signal(SIGKILL) }
            let other = try run.start("b", FaultRun.settings)
            try other.waitUntilReady()
            try run.waitUntilConsumed(try run.consumed() + 200)
            try wake(zombie)
            try run.publish(records.dropFirst(2000))
            try fault.finish([other, zombie])
        }
    }

    /// The zombie has nothing to read, and what waits is due: it must not be fired twice.
    @Test func graceEndsWhileStopped() throws {
        try Proof.rounds { seed in
            let fault = try FaultRun("zombie, with a deadline due", seed: seed, events: 1000) {
                $0.letGraceEnd(inSeconds: 25)
            }
            let run = fault.run
            let zombie = try run.start("a", FaultRun.settings)
            try zombie.waitUntilReady()
            try run.publish(fault.history.records)
            try run.waitUntilIdle()
            zombie.process.signal(SIGSTOP)
            defer { zombie.process.signal(SIGKILL) }
            let other = try run.start("b", FaultRun.settings)
            try other.waitUntilReady()
            try run.waitForEndOfGrace()
            try wake(zombie)
            try run.waitForLettersAfterGrace()
            for worker in [zombie, other] { try run.stop(worker) }
            try fault.prove(afterGrace: true)
        }
    }

    /// Its offsets are sent and its commit is to come, but the broker has aborted its transaction meanwhile.
    @Test func transactionTimesOut() throws {
        try Proof.rounds { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun("transaction timed out on the broker", seed: seed, events: 2500)
            try fault.run.publish(fault.history.records)
            let settings = FaultRun.settings.merging([
                "KAFKA_SESSION_TIMEOUT_MS": "60000", "HTTP_ADDRESS": "127.0.0.1:0",
            ]) { $1 }
            let worker = try fault.startAndStall(
                "a", settings, at: "offsets sent", time: Int.random(in: 2...8, using: &random))
            defer { worker.process.signal(SIGKILL) }
            // The answer has to wait until the pending offsets are aborted.
            #expect(try fault.run.consumed() < fault.history.records.count)
            try wake(worker, andWaitFor: "call-failed")
            try fault.run.waitUntilIdle()
            // What was decided in vain does not count.
            let metrics = try worker.metrics()
            #expect(metrics[#"transactions_total{outcome="aborted"}"#] ?? 0 > 0)
            #expect(metrics.counts == (try fault.run.countsOfWhatIsCommitted()))
            try fault.finish([worker])
        }
    }

    /// Lets a stopped worker go on, and waits until it says so: `restored` where it has joined the group anew.
    private func wake(_ worker: WorkerProcess, andWaitFor event: String = "restored") throws {
        let line = worker.process.lineCount
        worker.process.signal(SIGCONT)
        _ = try worker.process.waitFor(lineContaining: #""event":"\#(event)""#, from: line, timeout: .seconds(90))
    }
}
