import Glibc
import TestSupport
import Testing

/// The worker is killed at a step that is named: what it had committed stands, and nothing else.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct CrashPointTests {
    /// A step, and at which of the first times that it is reached the worker dies there.
    struct Step: CustomTestStringConvertible, Sendable {
        let name: String
        let times: ClosedRange<Int>
        var testDescription: String { name }

        init(_ name: String, _ times: ClosedRange<Int>) {
            self.name = name
            self.times = times
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
            let fault = try FaultRun("kill -9 at '\(step.name)'", seed: seed, events: 2000)
            let run = fault.run
            let (own, others) = run.split(fault.history)
            try run.publish(own)
            // It dies twice: only a second life has something to restore.
            let crashes = [
                ("committed", Int.random(in: 3...6, using: &random)),
                (step.name, Int.random(in: step.times, using: &random)),
            ]
            for (step, time) in crashes {
                let worker = try fault.start("a", signal: SIGKILL, at: step, time: time)
                #expect(try worker.waitForExit() == 128 + SIGKILL, "\(worker.process.tail(5))")
                let problems = try run.problemsAtCommittedOffsets()
                #expect(problems.isEmpty, "seed \(seed), killed at '\(step)' \(time): \(problems.prefix(5))")
            }
            #expect(try run.consumed() < own.count, "all was done before the crash")
            // A state that lost or invented nothing knows each copy, and the answer to each question.
            try run.publish(own + others + fault.history.questions)
            try fault.finish([try run.start("a", FaultRun.settings)], times: crashes.count)
        }
    }
}
