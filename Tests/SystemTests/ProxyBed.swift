import Oracle
import TestSupport
import Testing

/// A worker behind a proxy, with a history that is published part by part: one for each fault, so that there is always
/// work while a fault is suffered, and one for what comes after the last.
final class ProxyBed {
    /// A broker of its own: others' clients need not go through the proxy.
    private static let behindProxy = Result {
        let proxy = try KafkaProxy()
        return (proxy, try KafkaServer(behind: proxy))
    }

    let proxy: KafkaProxy
    let run: CampaignRun
    private let worker: WorkerProcess
    private let settings: [String: String]
    private let seed: UInt64
    private let records: [TestRecord]
    private let eventsInPart: Int
    private let watch: OutputWatch
    private let lateBefore: Int
    private var random: SeededRandom
    private var published = 0
    private var faults = 0

    /// Starts a run for so many faults.
    ///
    /// - Parameters:
    ///   - partition: only recharges that one shard decides alone, without mail; nil takes all kinds of events.
    ///   - settings: further ones of the worker, whose timeouts are short: it gives up soon.
    init(
        seed: UInt64, faults: Int, eventsInPart: Int = 200, partition: Int32? = nil, _ settings: [String: String] = [:]
    ) throws {
        let (proxy, server) = try Self.behindProxy.get()
        self.proxy = proxy
        self.eventsInPart = eventsInPart
        self.settings = settings.merging([
            "KAFKA_BOOTSTRAP_SERVERS": proxy.bootstrapServers, "KAFKA_SOCKET_TIMEOUT_MS": "2000",
            "KAFKA_MESSAGE_TIMEOUT_MS": "4000",
        ]) { given, _ in given }
        random = SeededRandom(seed: seed)
        run = try CampaignRun(CampaignRun.openCampaign(), on: server)
        let count = (faults + 1) * eventsInPart
        let history = run.history(events: partition == nil ? count : 20 * count + 200, seed: seed)
        let topic = run.prefix + "recharge-events"
        records = history.records.filter { record in
            guard let partition else { return true }
            let home = record.keyText.map { SubscriberNumber.partition(of: $0, among: CampaignRun.partitions) }
            return record.topic == topic && record.partition == partition && home == partition
        }
        try #require(records.count >= count)
        self.seed = seed
        try run.adopt(history)
        watch = OutputWatch(run)
        lateBefore = proxy.lateRequests.count
        worker = try run.start("a", self.settings)
        try worker.waitUntilReady()
    }

    /// What came late in this run.
    var lateRequests: [KafkaProxy.LateRequest] { Array(proxy.lateRequests.dropFirst(lateBefore)) }

    /// Publishes the next part, and lets the worker suffer a fault on the way through it.
    ///
    /// - Parameter passing: at most so many such requests pass before.
    func suffer(_ fault: Fault, on key: ApiKey, passing: Int = 3) throws {
        proxy.arm(fault, on: [key], passing: Int.random(in: 0...passing, using: &random))
        try publishPart()
        try wait("\(key): \(fault)") { self.proxy.hasStruck }
        try wait("the end of the part after \(key): \(fault)") { try self.run.consumed() >= Int64(self.published) }
        faults += 1
    }

    /// Publishes what is left, sees that the worker is well and that its state fits to its offsets, and holds all that it
    /// wrote against the oracle.
    func finish(_ fault: String) throws {
        try publishPart()
        try wait("what was held back") { self.proxy.hasDelivered }
        try run.waitUntilIdle(timeout: .seconds(60))
        try run.stop(worker)
        let again = try run.start("a", settings)
        try again.waitUntilReady()
        try run.stop(again)
        let sightings = try watch.end()
        let problems = try run.problems() + sightings.problems(run)
        #expect(problems.isEmpty, "seed \(seed), \(problems.count) differences: \(problems.prefix(5))")
        Proof.note(fault: fault, times: faults, compared: sightings.count, differences: problems.count)
    }

    private func publishPart() throws {
        let part = records.dropFirst(published).prefix(eventsInPart)
        try run.publish(part)
        published += part.count
    }

    private func wait(_ what: String, until isDone: () throws -> Bool) throws {
        do {
            try run.wait(.seconds(60), what) {
                guard worker.process.isRunning else { throw TestFailure("the worker ended before \(what)") }
                return try isDone()
            }
        } catch {
            throw TestFailure("seed \(seed): \(error); the worker's last lines:\n" + worker.process.tail(20))
        }
    }
}
