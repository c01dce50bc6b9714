import Glibc
import Oracle
import TestSupport
import Testing

/// A campaign run in which something goes wrong on purpose: its outputs are watched from the beginning, and judged and
/// noted at its end.
struct FaultRun {
    /// With these, transactions are small, and workers that are silent lose them and their place as soon as may be.
    static let settings = [
        "COMMIT_MAX_RECORDS": "40", "KAFKA_SESSION_TIMEOUT_MS": "6000", "KAFKA_TRANSACTION_TIMEOUT_MS": "2000",
    ]

    /// A broker that soon aborts what a dead worker left open.
    private static let server = Result {
        try KafkaServer(properties: ["transaction.abort.timed.out.transaction.cleanup.interval.ms": "300"])
    }

    let name: String
    let seed: UInt64
    let run: CampaignRun
    let history: History
    private let watch: OutputWatch

    /// Makes the topics and a history, of which nothing is published yet.
    ///
    /// - Parameters:
    ///   - server: nil is the one that all these runs share.
    ///   - prepare: changes the campaign before the history is made.
    init(
        _ name: String, seed: UInt64, events: Int, subscribers: Int = 60, on server: KafkaServer? = nil,
        prepare: (CampaignRun) -> Void = { _ in }
    ) throws {
        self.name = name
        self.seed = seed
        run = try CampaignRun(CampaignRun.openCampaign(), on: server ?? Self.server.get())
        prepare(run)
        history = run.history(events: events, seed: seed, subscribers: subscribers)
        try run.adopt(history)
        watch = OutputWatch(run)
    }

    /// Starts a worker that sends itself a signal when it reaches a step for the n-th time.
    func start(
        _ worker: String, _ settings: [String: String] = settings, signal: Int32, at step: String, time: Int
    ) throws -> WorkerProcess {
        let crash = ["CRASH_POINT": step, "CRASH_COUNT": "\(time)", "CRASH_SIGNAL": "\(signal)"]
        return try run.start(worker, settings.merging(crash) { $1 })
    }

    /// Starts a worker that stops (SIGSTOP) at a step, and waits until it did.
    func startAndStall(
        _ worker: String, _ settings: [String: String] = settings, at step: String, time: Int
    ) throws -> WorkerProcess {
        let stalled = try start(worker, settings, signal: SIGSTOP, at: step, time: time)
        try waitForStall(of: stalled)
        return stalled
    }

    /// Starts a worker that stops (SIGSTOP) in a transaction that is not about to end: a broker of Kafka 4.3 that dies at
    /// the end of one may forget to write it (docs/decisions/0034).
    func startAndStallInTransaction(_ worker: String, seed: UInt64) throws -> WorkerProcess {
        var random = SeededRandom(seed: seed)
        let patient = Self.settings.merging(["KAFKA_TRANSACTION_TIMEOUT_MS": "60000"]) { $1 }
        return try startAndStall(worker, patient, at: "produced", time: Int.random(in: 10...400, using: &random))
    }

    func waitForStall(of worker: WorkerProcess) throws {
        try run.wait(.seconds(60), "the step at which the worker stops") { worker.process.isStopped }
    }

    /// Expects every committed output to be the oracle's, each once and no transaction torn, and says so in the report.
    func prove(times: Int = 1, afterGrace: Bool = false, remarks: String = "") throws {
        let sightings = try watch.end()
        let problems = try run.problems(afterGrace: afterGrace) + sightings.problems(run)
        Proof.note(
            fault: name, times: times, compared: sightings.count, differences: problems.count, remarks: remarks)
        #expect(sightings.count > 0)
        #expect(problems.isEmpty, "\(name), seed \(seed), \(problems.count) differences: \(problems.prefix(5))")
    }

    /// Waits until all is decided, stops the workers and judges.
    func finish(_ workers: [WorkerProcess], times: Int = 1, remarks: String = "") throws {
        try run.waitUntilIdle(timeout: .seconds(300))
        for worker in workers { try run.stop(worker) }
        try prove(times: times, remarks: remarks)
    }
}
