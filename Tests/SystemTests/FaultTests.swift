import Foundation
import Glibc
import Oracle
import TestSupport
import Testing

/// Brokers that die or hang, and records that are hard to get rid of: nothing is lost or paid twice.
@Suite(.serialized, .enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct FaultTests {
    /// A broker of its own: other tests need theirs alive.
    private static let server = Result { try KafkaServer() }

    private func expectNoProblems(_ run: CampaignRun) throws {
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    /// A run whose worker has begun with much to do.
    private func busyRun(seed: UInt64, _ settings: [String: String]) throws -> (run: CampaignRun, worker: WorkerProcess)
    {
        let run = try CampaignRun(CampaignRun.openCampaign(), on: Self.server.get())
        let history = run.history(events: 5000, seed: seed)
        try run.adopt(history)
        try run.publish(history.records)
        let worker = try run.start("a", settings)
        try run.waitUntilConsumed(500)
        return (run, worker)
    }

    private func waitUntilIdle(_ run: CampaignRun, _ worker: WorkerProcess) throws {
        do {
            try run.waitUntilIdle(timeout: .seconds(300))
        } catch {
            throw TestFailure("\(error); the worker's last lines:\n" + worker.process.tail(40))
        }
    }

    @Test func aBrokerThatIsKilledComesBack() throws {
        try Proof.rounds { seed in
            let server = try Self.server.get()
            let fault = try FaultRun("broker killed", seed: seed, events: 3000, on: server)
            try fault.run.publish(fault.history.records)
            let worker = try fault.startAndStallInTransaction("a", seed: seed)
            try server.kill9()
            try server.start()
            worker.process.signal(SIGCONT)
            try fault.finish([worker])
        }
    }

    /// So long that the group gives the worker up: it joins anew, and does not take itself for another.
    @Test func aBrokerHangs() throws {
        let (run, worker) = try busyRun(seed: 12, ["COMMIT_MAX_RECORDS": "50"])
        run.server.signal(SIGSTOP)
        defer { run.server.signal(SIGCONT) }
        try worker.waitFor(lineContaining: "SESSTMOUT")
        run.server.signal(SIGCONT)
        try waitUntilIdle(run, worker)
        try run.stop(worker)
        try expectNoProblems(run)
    }

    /// The worker must notice that its session is lost also where nobody wants to read it.
    @Test func aBrokerHangsAndOnlyErrorsAreLogged() throws {
        let run = try CampaignRun(CampaignRun.openCampaign(), on: Self.server.get())
        let worker = try run.start("a", ["KAFKA_LOG_LEVEL": "3", "KAFKA_SESSION_TIMEOUT_MS": "6000"])
        try worker.waitUntilReady()
        run.server.signal(SIGSTOP)
        defer { run.server.signal(SIGCONT) }
        try worker.waitFor(lineContaining: #""event":"released""#)
        run.server.signal(SIGCONT)
        try run.publish([run.recharge("R1")])
        try waitUntilIdle(run, worker)
        try run.stop(worker)
        #expect(!worker.lines.contains { $0.contains("SESSTMOUT") })
        try expectNoProblems(run)
    }

    /// What a producer's compression gets past the topic's bound, and what would make a state that no record holds.
    @Test func recordsThatWouldNotFitAnywhere() throws {
        let run = try CampaignRun(CampaignRun.openCampaign(), on: Self.server.get())
        let number = "13416000001"
        let home = SubscriberNumber.partition(of: number, among: CampaignRun.partitions)
        let producer = try TestProducer(
            bootstrapServers: run.server.bootstrapServers,
            properties: ["compression.codec": "gzip", "message.max.bytes": "100000000"])
        func recharge(_ id: String, package: String = "P58") -> [UInt8] {
            Array(
                (#"{"specversion":"1.0","id":"\#(id)","source":"/b","type":"recharge.completed.v1","#
                    + #""time":"2020-01-01T00:00:00Z","subject":"\#(number)","#
                    + #""data":{"amountFen":10000,"channel":"app","package":"\#(package)"}}"#).utf8)
        }
        func publish(_ value: [UInt8], partition: Int32, headers: Int = 0) throws {
            try producer.produce(
                topic: run.prefix + "recharge-events", partition: partition, key: Array(number.utf8), value: value,
                headers: [TestHeader](repeating: TestHeader("h", ""), count: headers))
        }
        for size in [1_000_000, 20_000_000] { try publish([UInt8](repeating: 0x61, count: size), partition: home) }
        let long = String(repeating: "p", count: 60_000)
        for index in 0..<200 { try publish(recharge("P\(index)", package: long), partition: home) }
        // In another partition than its subject's: it would go by mail.
        try publish(recharge("H"), partition: (home + 1) % CampaignRun.partitions, headers: 90_000)
        try publish(recharge("good"), partition: home)
        try producer.flush()
        let worker = try run.start()
        try run.waitUntilIdle()
        try run.stop(worker)
        let letters = try run.read("dead-letters")
        // What stands elsewhere tells whether a letter, an event or a reading of the test's is lost.
        let statuses = try run.read("dead-letter-status").count
        let events = try run.read("recharge-events").count
        let again = try run.read("dead-letters").count
        #expect(letters.count == 203, "read again: \(again); \(statuses) statuses, \(events) events")
        #expect(letters.contains { $0.value?.count == 1_000_000 })
        let largest = letters.map { ($0.value?.count ?? 0) + $0.headers.count }.max() ?? 0
        #expect(largest < 2 << 20)
    }
}
