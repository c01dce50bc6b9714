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
            let run = fault.run
            try run.publish(fault.history.records)
            let worker = try run.start("a", FaultRun.settings)
            try run.waitUntilConsumed(200)
            try disk.fill()
            try server.waitForEnd()
            try disk.free()
            try server.start()
            try fault.finish([worker])
        }
    }
}
