import Foundation
import Glibc
import Oracle
import TestSupport
import Testing

/// Partitions that change hands in mid work: each event is decided by one worker only.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct RebalanceTests {
    /// The older worker has collected for seconds when it loses partitions: their records are not its own any more. The
    /// younger one stops before it commits any.
    @Test func revokedWhileCollecting() throws {
        try Proof.rounds { seed in
            let fault = try FaultRun("revoked while a batch is collected", seed: seed, events: 1500)
            let run = fault.run
            // The older one hears soon that the group changes, and the younger one may stop for long.
            let patient = ["KAFKA_HEARTBEAT_INTERVAL_MS": "300", "KAFKA_SESSION_TIMEOUT_MS": "30000"]
            let older = try run.start("a", patient.merging(["COMMIT_INTERVAL_MS": "5000"]) { $1 })
            try older.waitUntilReady()
            // The first batch closes as soon as there is a record, the second 5 s later.
            try run.publish(fault.history.records.prefix(1))
            try run.waitUntilConsumed(1)
            let before = try CampaignRun.inputs.map(run.committed)
            try run.publish(fault.history.records.dropFirst())
            let younger = try fault.start("b", patient, signal: SIGSTOP, at: "begun", time: 1)
            defer { younger.process.signal(SIGKILL) }
            let released = try partitions(releasedBy: older)
            #expect(try run.consumed() == 1, "the batch was closed before the group took partitions away")
            try fault.waitForStall(of: younger)
            try run.waitUntilConsumed(2)
            for (input, first) in zip(CampaignRun.inputs, before) {
                let offsets = try run.committed(input)
                #expect(
                    released.allSatisfy { offsets[$0] <= max(0, first[$0]) },
                    "\(released) of \(input): \(offsets)")
            }
            younger.process.signal(SIGCONT)
            try fault.finish([older, younger])
        }
    }

    private func partitions(releasedBy worker: WorkerProcess) throws -> [Int] {
        let line = try worker.waitFor(lineContaining: #""event":"released""#)
        let list = try #require(line.firstMatch(of: /"partitions":"\[([^\]]*)\]"/))
        let partitions = list.1.split(separator: ", ").compactMap { Int($0) }
        #expect(!partitions.isEmpty)
        return partitions
    }

    @Test func twinUnderLoad() throws {
        try Proof.rounds { seed in
            let fault = try FaultRun("twin with the same WORKER_ID", seed: seed, events: 3000)
            try fault.run.publish(fault.history.records)
            let older = try fault.run.start("a", FaultRun.settings)
            try fault.run.waitUntilConsumed(200)
            let younger = try fault.run.start("a", FaultRun.settings)
            let code = try older.waitForExit()
            #expect(code == 78, "\(older.process.tail(20))")
            let last = older.lines.filter { $0.contains(#""event":"stopped""#) }
            #expect(last.count == 1 && last.allSatisfy { $0.contains("WORKER_ID") }, "\(last)")
            try fault.finish([younger])
        }
    }

    /// 2 -> 3 -> 1 -> 4 workers, while there is always more to do.
    @Test func storm() throws {
        let counts = [2, 3, 1, 4]
        let changes = Proof.isLong ? 20 * counts.count : counts.count
        let part = 500
        try Proof.rounds { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun(
                "rebalance storm", seed: seed, events: changes * part, subscribers: Proof.isLong ? 200 : 60)
            var workers: [String: WorkerProcess] = [:]
            for change in 0..<changes {
                try fault.run.publish(fault.history.records[(change * part)..<((change + 1) * part)])
                let count = counts[change % counts.count]
                for name in ["a", "b", "c", "d"] where workers.count < count && workers[name] == nil {
                    workers[name] = try fault.run.start(name, FaultRun.settings)
                }
                while workers.count > count, let name = workers.keys.sorted().randomElement(using: &random) {
                    if let leaving = workers.removeValue(forKey: name) { try fault.run.stop(leaving) }
                }
                try fault.run.waitUntilConsumed(Int64(change * part + Int.random(in: 1...part / 2, using: &random)))
            }
            try fault.finish(Array(workers.values), times: changes)
        }
    }
}
