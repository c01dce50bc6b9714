import Foundation
import TestSupport
import Testing

/// `topics create` and `topics check` as a person runs them, on a real broker.
@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct TopicsBrokerTests {
    private func topics(_ verb: String, _ server: KafkaServer, _ prefix: String, _ flags: String...) throws
        -> (exitCode: Int32, lines: [String])
    {
        try WorkerProcess.run(
            ["topics", verb, "--topics-prefix", prefix] + flags,
            environment: ["KAFKA_BOOTSTRAP_SERVERS": server.bootstrapServers, "TOPICS_PARTITIONS": "3"],
            timeout: .seconds(60))
    }

    @Test func createMakesAllAndMayRunAgain() throws {
        let server = try KafkaServer.shared()
        let missing = try topics("check", server, "made.")
        #expect(missing.exitCode == 2)
        #expect(missing.lines.count == 11, "\(missing.lines)")
        #expect(missing.lines.allSatisfy { $0.hasSuffix("recharge-worker topics create") })

        let created = try topics("create", server, "made.")
        #expect(created.exitCode == 0, "\(created.lines)")
        #expect(created.lines.first == "created made.recharge-events, 3 partitions")
        #expect(created.lines.count == 12)

        for verb in ["create", "check"] {
            let again = try topics(verb, server, "made.")
            #expect(again.exitCode == 0)
            #expect(again.lines == ["all 11 topics are well, 3 partitions each"])
        }
    }

    @Test func whatIsThereIsReportedAndNotChanged() throws {
        let server = try KafkaServer.shared()
        let admin = try TestAdmin(bootstrapServers: server.bootstrapServers)
        try admin.createTopic(
            "other.recharge-events", partitions: 3, settings: ["message.timestamp.type": "CreateTime"])
        let created = try topics("create", server, "other.")
        #expect(created.exitCode == 2)
        let line = try #require(created.lines.first { $0.contains("message.timestamp.type=CreateTime instead of") })
        #expect(line.hasSuffix("--add-config message.timestamp.type=LogAppendTime"))
        #expect(try topics("check", server, "other.").exitCode == 2)
    }

    @Test func anotherCountStopsTheCreation() throws {
        let server = try KafkaServer.shared()
        let admin = try TestAdmin(bootstrapServers: server.bootstrapServers)
        try admin.createTopic("count.recharge-events", partitions: 6)
        let created = try topics("create", server, "count.")
        #expect(created.exitCode == 2)
        #expect(created.lines.last == "nothing was created")
        #expect(try admin.partitions(of: "count.campaign-state") == 0)

        #expect(try topics("create", server, "count.", "--topics-partitions=6").exitCode == 2)
        try admin.createTopic("unequal.recharge-events", partitions: 3)
        try admin.createTopic("unequal.assist-events", partitions: 2)
        let unequal = try topics("check", server, "unequal.")
        #expect(unequal.exitCode == 2)
        #expect(unequal.lines.contains { $0.contains("--alter --topic unequal.assist-events --partitions 3") })
    }

    @Test func anUnreachableBrokerIsSaidInOneLine() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let check = try WorkerProcess.run(
            ["topics", "check"], environment: ["KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"], timeout: .seconds(20))
        #expect(check.exitCode == 69)
        #expect(check.lines.count == 1)
        #expect(check.lines.first?.contains("no answer from the brokers at 127.0.0.1:1: ") == true, "\(check.lines)")
        #expect(clock.now - start < .seconds(12))
    }
}
