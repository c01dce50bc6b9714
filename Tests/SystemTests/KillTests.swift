import Foundation
import Oracle
import TestSupport
import Testing

/// `kill -9` at random moments, each with a transaction open as likely as not: most of a worker's time is spent in one.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct KillTests {
    private static let settings = ["COMMIT_MAX_RECORDS": "40", "WORKER_LANES": "2"]
    private static let names = ["a", "b"]

    /// What was killed of one worker, and when all its lanes had committed again.
    private struct Recoveries {
        private var killed: [String: Date] = [:]
        private(set) var seconds: [Double] = []

        var median: Double? { seconds.isEmpty ? nil : seconds.sorted()[seconds.count / 2] }

        /// Its next life may be killed before it commits: the first kill counts.
        mutating func kill(_ name: String) { killed[name] = killed[name] ?? Date() }

        /// Looks whether a worker was ready, which it is after its first commit.
        mutating func note(_ name: String, _ worker: WorkerProcess) throws {
            guard let killed = killed[name],
                let line = worker.lines.first(where: { $0.contains(#""event":"ready""#) }),
                let at = line.firstMatch(of: /"at":"([^"]*)"/)
            else { return }
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            seconds.append(try style.parse(String(at.1)).timeIntervalSince(killed))
            self.killed[name] = nil
        }
    }

    @Test func atRandomMoments() throws {
        let kills = Proof.isLong ? 300 : 24
        try Proof.rounds { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun(
                "kill -9 at random moments", seed: seed, events: kills * 600, subscribers: Proof.isLong ? 400 : 60)
            let (run, records) = (fault.run, fault.history.records)
            var workers = try Dictionary(
                uniqueKeysWithValues: Self.names.map { ($0, try run.start($0, Self.settings)) })
            var recoveries = Recoveries()
            for kill in 0..<kills {
                // There is always more to do, and each kill has its share of the history.
                let part = records[(kill * 600)..<((kill + 1) * 600)]
                try run.publish(part)
                try run.waitUntilConsumed(Int64(part.startIndex + Int.random(in: 1...500, using: &random)))
                let victim = random.pick(Self.names)
                guard let worker = workers[victim] else { continue }
                try worker.kill9()
                try recoveries.note(victim, worker)
                recoveries.kill(victim)
                workers[victim] = try run.start(victim, Self.settings)
            }
            try run.publish(fault.history.questions)
            try run.waitUntilIdle()
            for (name, worker) in workers {
                try worker.waitUntilReady()
                try recoveries.note(name, worker)
            }
            let median = try #require(recoveries.median)
            try fault.finish(
                Array(workers.values), times: kills,
                remarks: String(
                    format: "kill to next commit: median %.2f s, longest %.2f s", median, recoveries.seconds.max() ?? 0
                ))
            // The bound is the long form's: a machine that does other things beside is no fault of the worker.
            if Proof.isLong { #expect(median <= 2, "median from kill to the next commit: \(median) s") }
        }
    }
}
