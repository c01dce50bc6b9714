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

    /// A run whose worker has much to do, and stands still in a transaction.
    private func stalledRun(_ name: String, seed: UInt64) throws -> (fault: FaultRun, worker: WorkerProcess) {
        let fault = try FaultRun(name, seed: seed, events: 3000, on: Self.server.get())
        try fault.run.publish(fault.history.records)
        return (fault, try fault.startAndStallInTransaction("a", seed: seed))
    }

    @Test func aBrokerThatIsKilledComesBack() throws {
        try Proof.rounds(sharedBy: 2) { seed in
            let (fault, worker) = try stalledRun("broker killed", seed: seed)
            try fault.run.server.kill9()
            try fault.run.server.start()
            worker.process.signal(SIGCONT)
            try fault.finish([worker])
        }
    }

    /// So long that the group gives the worker up: it joins anew, and does not take itself for another.
    @Test func aBrokerHangs() throws {
        try Proof.rounds(sharedBy: 2) { seed in
            let (fault, worker) = try stalledRun("broker hangs past the session's end", seed: seed)
            let server = fault.run.server
            server.signal(SIGSTOP)
            defer { server.signal(SIGCONT) }
            worker.process.signal(SIGCONT)
            try worker.waitFor(lineContaining: "SESSTMOUT")
            server.signal(SIGCONT)
            try fault.finish([worker])
        }
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
        try run.waitUntilIdle()
        try run.stop(worker)
        #expect(!worker.lines.contains { $0.contains("SESSTMOUT") })
        #expect(try run.problems() == [])
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
