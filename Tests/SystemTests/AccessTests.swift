import Foundation
import Oracle
import TestSupport
import Testing

/// Rights that are taken away while the worker runs: it stops and names them, and goes on when they are given back.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct AccessTests {
    private static let user = "worker"
    private static let password = "of-the-worker"
    private static let settings = FaultRun.settings.merging([
        "KAFKA_SECURITY_PROTOCOL": "sasl_plaintext", "KAFKA_SASL_MECHANISM": "PLAIN", "KAFKA_SASL_USERNAME": user,
        "KAFKA_SASL_PASSWORD": password,
    ]) { $1 }

    @Test func rightsAreTakenAway() throws {
        let server = try KafkaServer(users: [Self.user: Self.password])
        try Proof.rounds { seed in
            let fault = try FaultRun("right taken away while running", seed: seed, events: 2000, on: server)
            let run = fault.run
            let rights = [
                ["--operation", "Read", "--group", run.group],
                ["--operation", "Read", "--topic", run.prefix + "assist-events"],
                ["--operation", "Write", "--topic", run.prefix + "bonus-credits"],
                ["--operation", "Write", "--transactional-id", run.prefix, "--resource-pattern-type", "prefixed"],
            ]
            let user = "User:\(Self.user)"
            try server.changeAccess(
                ["--add", "--allow-principal", user, "--operation", "All", "--topic", run.prefix]
                    + ["--group", run.prefix, "--transactional-id", run.prefix, "--resource-pattern-type", "prefixed"])
            let settings = Self.settings.merging(["KAFKA_BOOTSTRAP_SERVERS": server.userServers]) { $1 }
            let part = fault.history.records.count / rights.count / 2
            var records = fault.history.records[...]
            for right in rights {
                try run.publish(records.prefix(part))
                records = records.dropFirst(part)
                let worker = try run.start("a", settings)
                try run.waitUntilConsumed(try run.consumed() + 20)
                try server.changeAccess(["--add", "--deny-principal", user] + right)
                try run.publish(records.prefix(part))
                records = records.dropFirst(part)
                #expect(try worker.waitForExit(timeout: .seconds(60)) == 77, "\(right): \(worker.process.tail(5))")
                let last = worker.lines.last ?? ""
                #expect(last.contains("AUTHORIZATION_FAILED"), "\(right): \(last)")
                try server.changeAccess(["--remove", "--deny-principal", user] + right)
            }
            try fault.finish([try run.start("a", settings)], times: rights.count)
        }
    }
}
