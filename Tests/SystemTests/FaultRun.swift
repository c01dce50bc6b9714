import Oracle
import TestSupport
import Testing

/// A campaign run in which something goes wrong on purpose: its outputs are watched from the beginning, and judged and
/// noted at its end.
struct FaultRun {
    /// Settings with which transactions are small, and a worker that is silent loses its place as soon as Kafka allows.
    static let settings = ["COMMIT_MAX_RECORDS": "40", "KAFKA_SESSION_TIMEOUT_MS": "6000"]

    let name: String
    let seed: UInt64
    let run: CampaignRun
    let history: History
    private let watch: OutputWatch

    /// Makes the topics and a history, of which nothing is published yet.
    ///
    /// - Parameter prepare: changes the campaign before the history is made.
    init(
        _ name: String, seed: UInt64, events: Int, subscribers: Int = 60, on server: KafkaServer? = nil,
        prepare: (CampaignRun) -> Void = { _ in }
    ) throws {
        self.name = name
        self.seed = seed
        run = try CampaignRun(CampaignRun.openCampaign(), on: server)
        prepare(run)
        history = run.history(events: events, seed: seed, subscribers: subscribers)
        try run.adopt(history)
        watch = OutputWatch(run)
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
