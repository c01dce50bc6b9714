import Foundation
import Oracle
import TestSupport
import Testing

/// The example of billing's side that integrators are given: it keeps what the contract asks of billing.
@Suite(
    .serialized, .enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)),
    .enabled(if: BillingExample.hasClient, "install python3-confluent-kafka"))
struct IntegrationTests {
    /// Runs the example in the run's folder, where its database lies; what it printed.
    private func billing(_ run: CampaignRun, _ arguments: String...) throws -> [String] {
        let program = try ChildProcess(
            executable: "/usr/bin/env",
            arguments: ["-C", run.folder.path, BillingExample.python, BillingExample.file] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(run.environment(worker: "billing")) { $1 })
        let code = try program.waitForExit(timeout: .seconds(60))
        #expect(code == 0, "\(program.lines)")
        return program.lines
    }

    @Test func theExampleExecutesEachCommandOnce() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start()
        let number = "13416000001"
        // Before it librdkafka may complain of a broker that is still starting.
        let recharge = try #require(billing(run, "recharge", number, "10000").last)
        try run.wait(.seconds(60), "a command") { try !run.read("bonus-credits").isEmpty }
        let command = try #require(run.read("bonus-credits").first)
        #expect(command.partition == SubscriberNumber.partition(of: number, among: CampaignRun.partitions))

        let answer = try billing(run, "settle", "--once")
        #expect(answer.count == 1 && answer[0].hasPrefix("recharge/\(recharge)/gift credited "), "\(answer)")
        // Sent again, as a replay does it: the first answer once more, and no more money.
        try run.publish([command])
        #expect(try billing(run, "settle", "--once") == answer)
        #expect(try billing(run, "settle", "--once").isEmpty)
        let receipts = try run.read("credit-receipts")
        #expect(receipts.count == 2 && receipts[0].value == receipts[1].value)
        #expect(receipts.allSatisfy { $0.partition == command.partition && $0.key == command.key })

        try run.waitUntilIdle()
        try run.stop(worker)
        #expect(try run.read("dead-letters").isEmpty)
    }
}

private enum BillingExample {
    /// Debian's own Python, for which the package is.
    static let python = "/usr/bin/python3"
    static let hasClient: Bool = {
        let tried = try? ChildProcess(executable: python, arguments: ["-c", "import confluent_kafka"])
        return (try? tried?.waitForExit(timeout: .seconds(20))) == 0
    }()
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/contracts/examples/billing.py").path
}
