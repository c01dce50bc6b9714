import Oracle
import TestSupport
import Testing

/// A run whose worker is behind a proxy. Its history is published part by part: one for each fault, so that there is work
/// while the fault is suffered, and one for what comes after the last.
final class ProxyRun {
    /// A broker of its own: no other test's clients go through this proxy.
    private static let behindProxy = Result {
        let proxy = try KafkaProxy()
        return (proxy, try KafkaServer(behind: proxy))
    }

    let proxy: KafkaProxy
    private let fault: FaultRun
    private let worker: WorkerProcess
    private let settings: [String: String]
    private let records: [TestRecord]
    private let eventsInPart: Int
    private let lateBefore: Int
    private var random: SeededRandom
    private var published = 0
    private var faults = 0

    /// Starts a run for so many faults.
    ///
    /// - Parameters:
    ///   - name: what is done, for the report.
    ///   - partition: only recharges that one shard decides alone, without mail; nil takes all kinds of events.
    ///   - settings: further ones of the worker, whose timeouts are short: it gives up soon.
    init(
        _ name: String, seed: UInt64, faults: Int, eventsInPart: Int = 200, partition: Int32? = nil,
        _ settings: [String: String] = [:]
    ) throws {
        let (proxy, server) = try Self.behindProxy.get()
        self.proxy = proxy
        self.eventsInPart = eventsInPart
        self.settings = settings.merging([
            "KAFKA_BOOTSTRAP_SERVERS": proxy.bootstrapServers, "KAFKA_SOCKET_TIMEOUT_MS": "2000",
            "KAFKA_MESSAGE_TIMEOUT_MS": "4000",
        ]) { given, _ in given }
        random = SeededRandom(seed: seed)
        let count = (faults + 1) * eventsInPart
        fault = try FaultRun(name, seed: seed, events: partition == nil ? count : 20 * count + 200, on: server)
        let topic = fault.run.prefix + "recharge-events"
        records = fault.history.records.filter { record in
            guard let partition else { return true }
            let home = record.keyText.map { SubscriberNumber.partition(of: $0, among: CampaignRun.partitions) }
            return record.topic == topic && record.partition == partition && home == partition
        }
        try #require(records.count >= count)
        lateBefore = proxy.lateRequests.count
        worker = try fault.run.start("a", self.settings)
        try worker.waitUntilReady()
    }

    /// What came late in this run.
    var lateRequests: [KafkaProxy.LateRequest] { Array(proxy.lateRequests.dropFirst(lateBefore)) }

    /// Lets the worker suffer a fault once, on its way through the next part.
    ///
    /// - Parameter passing: at most so many such requests pass before.
    func suffer(_ fault: Fault, on key: ApiKey, passing: Int = 3) throws {
        proxy.arm(fault, on: [key], passing: Int.random(in: 0...passing, using: &random))
        try publishPart()
        // Others are not sent with each transaction: the part may end before.
        if ApiKey.transaction.contains(key) { try wait("\(key): \(fault)") { self.proxy.hasStruck } }
        try waitForEndOfPart("\(key): \(fault)")
        proxy.disarm()
    }

    /// Lets the worker suffer faults again and again for so long, with the next part to do. None strikes later.
    func suffer(_ faults: [(fault: Fault, keys: Set<ApiKey>)], for time: Duration) throws {
        let (end, before) = (ContinuousClock.now + time, proxy.strikes)
        for (fault, keys) in faults { proxy.arm(fault, on: keys, times: .max) }
        try publishPart()
        try wait("faults for \(time)") { ContinuousClock.now >= end && self.proxy.strikes > before }
        proxy.disarm()
        try waitForEndOfPart("faults for \(time)")
    }

    /// Lets the worker go through the next part while each answer comes so late.
    func suffer(answersAfter delay: Duration) throws {
        proxy.answerDelay = delay
        defer { proxy.answerDelay = .zero }
        try publishPart()
        try waitForEndOfPart("answers after \(delay)")
    }

    /// What the worker shows once it has decided all that is published.
    func metricsWhenIdle() throws -> Metrics {
        try fault.run.waitUntilIdle(timeout: .seconds(60))
        return try worker.metrics()
    }

    /// See `CampaignRun`.
    func countsOfWhatIsCommitted() throws -> [String: Int64] { try fault.run.countsOfWhatIsCommitted() }

    /// Publishes what is left, sees that the worker is well and that its state fits to its offsets, and holds all that it
    /// wrote against the oracle.
    func finish() throws {
        try publishPart()
        try wait("what was held back") { self.proxy.hasDelivered }
        try fault.run.waitUntilIdle(timeout: .seconds(60))
        try fault.run.stop(worker)
        let again = try fault.run.start("a", settings)
        try again.waitUntilReady()
        try fault.run.stop(again)
        try fault.prove(times: faults)
    }

    private func publishPart() throws {
        let part = records.dropFirst(published).prefix(eventsInPart)
        try fault.run.publish(part)
        published += part.count
    }

    private func waitForEndOfPart(_ what: String) throws {
        try wait("the end of the part with \(what)") { try self.fault.run.consumed() >= Int64(self.published) }
        faults += 1
    }

    private func wait(_ what: String, until isDone: () throws -> Bool) throws {
        do {
            try fault.run.wait(.seconds(90), what) {
                guard worker.process.isRunning else { throw TestFailure("the worker ended before \(what)") }
                return try isDone()
            }
        } catch {
            throw TestFailure("seed \(fault.seed): \(error); the worker's last lines:\n" + worker.process.tail(20))
        }
    }
}
