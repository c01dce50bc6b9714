import Glibc
import Oracle
import TestSupport
import Testing

/// A broker whose disk is full ends; when there is space again and it is started, the worker goes on by itself.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct DiskTests {
    @Test(.enabled(if: SmallDisk.available, Comment(rawValue: SmallDisk.reason)))
    func theBrokersDiskIsFull() throws {
        try Proof.rounds { seed in
            let disk = try SmallDisk(megabytes: 64)
            let server = try KafkaServer(properties: ["log.dirs": disk.path + "/data"])
            let fault = try FaultRun("disk of the broker full", seed: seed, events: 3000, on: server)
            try fault.run.publish(fault.history.records)
            let worker = try fault.startAndStallInTransaction("a", seed: seed)
            try fill(disk, of: server, writingTo: fault.run.prefix + "recharge-events")
            try disk.free()
            try server.start()
            worker.process.signal(SIGCONT)
            try fault.finish([worker])
        }
    }

    /// Fills the disk, and sends the broker more than its last pages still take.
    private func fill(_ disk: SmallDisk, of server: KafkaServer, writingTo topic: String) throws {
        let producer = try TestProducer(bootstrapServers: server.bootstrapServers)
        try disk.fill()
        try producer.produce(topic: topic, partition: 0, key: "x", value: String(repeating: "x", count: 100_000))
        try server.waitForEnd()
    }
}
