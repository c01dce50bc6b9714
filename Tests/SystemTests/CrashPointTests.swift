import Glibc
import Oracle
import TestSupport
import Testing

/// The worker dies or stalls at a step that is named: what it had committed stands, and nothing else.
@Suite(.serialized, .enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct CrashPointTests {
    /// A broker that soon aborts what a dead worker left open.
    private static let server = Result {
        try KafkaServer(properties: ["transaction.abort.timed.out.transaction.cleanup.interval.ms": "300"])
    }

    /// A step, and at which of the first times that it is reached the worker dies there.
    struct Step: CustomTestStringConvertible, Sendable {
        let name: String
        let times: ClosedRange<Int>
        var testDescription: String { name }

        init(_ name: String, _ times: ClosedRange<Int>) {
            self.name = name
            self.times = times
        }

        /// The environment that makes a worker send itself a signal here.
        static func crash(at step: String, _ time: Int, signal: Int32 = SIGKILL) -> [String: String] {
            ["CRASH_POINT": step, "CRASH_COUNT": "\(time)", "CRASH_SIGNAL": "\(signal)"]
        }
    }

    /// A worker restores at each start, some 30 records and more, and is given its partitions at once.
    static let steps = [
        Step("begun", 1...8), Step("produced", 1...20), Step("offsets sent", 1...8), Step("commit begins", 1...8),
        Step("end requested", 1...8), Step("committed", 1...8), Step("restoring", 1...30), Step("rebalance", 1...1),
    ]

    @Test(arguments: steps)
    func kill(at step: Step) throws {
        try Proof.rounds(sharedBy: Self.steps.count) { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun("kill -9 at \(step.name)", seed: seed, events: 2500, on: Self.server.get())
            let run = fault.run
            let (own, others) = run.split(fault.history)
            try run.publish(own)
            let settings = FaultRun.settings.merging(["KAFKA_TRANSACTION_TIMEOUT_MS": "2000"]) { $1 }
            // It dies twice: only a second life has something to restore.
            let first = Step.crash(at: "committed", Int.random(in: 3...6, using: &random))
            let second = Step.crash(at: step.name, Int.random(in: step.times, using: &random))
            for crash in [first, second] {
                let worker = try run.start("a", settings.merging(crash) { $1 })
                #expect(try worker.waitForExit() == 128 + SIGKILL, "\(crash): \(worker.process.tail(5))")
                let problems = try run.problemsAtCommittedOffsets()
                #expect(problems.isEmpty, "seed \(seed), \(crash), at the crash: \(problems.prefix(5))")
            }
            #expect(try run.consumed() < own.count, "the crash came when all was done")
            try run.publish(others)
            try fault.finish([try run.start("a", settings)], times: 2)
        }
    }

    /// It stalls between the offsets and the commit for so long that the broker aborts its transaction.
    @Test func transactionTimesOut() throws {
        try Proof.rounds { seed in
            var random = SeededRandom(seed: seed)
            let fault = try FaultRun(
                "transaction timed out on the broker", seed: seed, events: 2500, on: Self.server.get())
            let run = fault.run
            try run.publish(fault.history.records)
            let settings = [
                "COMMIT_MAX_RECORDS": "40", "KAFKA_TRANSACTION_TIMEOUT_MS": "2000",
                "KAFKA_SESSION_TIMEOUT_MS": "60000",
            ]
            let stall = Step.crash(at: "offsets sent", Int.random(in: 2...8, using: &random), signal: SIGSTOP)
            let worker = try run.start("a", settings.merging(stall) { $1 })
            defer { worker.process.signal(SIGKILL) }
            try run.wait(.seconds(60), "the stall") { worker.process.isStopped }
            // Its offsets are pending until the broker aborts them.
            let before = try run.consumed()
            #expect(before < fault.history.records.count)
            let line = worker.process.lineCount
            worker.process.signal(SIGCONT)
            _ = try worker.process.waitFor(lineContaining: "call-failed", from: line)
            try fault.finish([worker])
        }
    }
}

extension CampaignRun {
    /// Records that are decided by themselves where they are read, and those that send or use mail.
    func split(_ history: History) -> (own: [TestRecord], others: [TestRecord]) {
        var oracle = CampaignOracle(campaign, partitions: Self.partitions, topicsPrefix: prefix)
        let isOwn = history.records.map { record in
            record.topic == prefix + Self.inputs[0] && oracle.step(.record(record))?.decision != .forwarded
        }
        let records = zip(history.records, isOwn)
        return (records.filter(\.1).map(\.0), records.filter { !$0.1 }.map(\.0))
    }
}
