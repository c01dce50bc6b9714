import Foundation
import Kafka
import TestSupport
import Testing

@Suite
struct AdminTests {
    @Test(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
    func topicsAreCreatedAndDescribed() throws {
        let servers = try KafkaServer.shared().bootstrapServers
        let admin = try Admin(["bootstrap.servers": servers], log: { _, _ in })
        let name = "admin-" + UUID().uuidString.prefix(8)
        #expect(try admin.partitions(of: name, timeoutMs: 10_000) == nil)
        let topic = Admin.NewTopic(
            name: name, partitions: 3, settings: [("cleanup.policy", "compact"), ("max.message.bytes", "2097152")])
        let refused = Admin.NewTopic(name: name + "-x", partitions: 3, settings: [("cleanup.policy", "sometimes")])
        let first = try admin.create([topic, refused], timeoutMs: 20_000)
        #expect(first[0] == .created)
        guard case .failed(let failure) = first[1] else {
            Issue.record("\(first)")
            return
        }
        #expect(failure.name == "INVALID_CONFIG")
        #expect(try admin.create([topic], timeoutMs: 20_000) == [.existed])
        // A new topic is there a moment before every answer says so.
        let end = ContinuousClock.now + .seconds(30)
        while try admin.partitions(of: name, timeoutMs: 10_000) == nil, .now < end {}
        #expect(try admin.partitions(of: name, timeoutMs: 10_000) == 3)
        let settings = try admin.settings(of: name, timeoutMs: 10_000)
        #expect(settings["cleanup.policy"] == "compact")
        #expect(settings["max.message.bytes"] == "2097152")
        #expect(settings["retention.ms"] != nil)
    }

    @Test func brokersThatDoNotAnswerAreUnreachable() throws {
        // Port 1 of the loopback interface: nobody listens.
        let admin = try Admin(["bootstrap.servers": "127.0.0.1:1"], log: { _, _ in })
        let described = #expect(throws: KafkaFailure.self) { try admin.partitions(of: "x", timeoutMs: 500) }
        #expect(described?.reaction == .unreachable)
        let created = #expect(throws: KafkaFailure.self) {
            _ = try admin.create([Admin.NewTopic(name: "x", partitions: 1, settings: [])], timeoutMs: 500)
        }
        #expect(created?.reaction == .unreachable)
        let read = #expect(throws: KafkaFailure.self) { try admin.settings(of: "x", timeoutMs: 500) }
        #expect(read?.reaction == .unreachable)
    }

    @Test(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
    func refusedCredentialsAreNamedWhereNobodyAnswers() throws {
        // The listener takes no SASL at all.
        let properties: ClientProperties = [
            "bootstrap.servers": try KafkaServer.shared().bootstrapServers, "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "PLAIN", "sasl.username": "worker", "sasl.password": "secret",
        ]
        let admin = try Admin(properties, log: { _, _ in })
        let described = #expect(throws: KafkaFailure.self) { try admin.partitions(of: "x", timeoutMs: 3_000) }
        #expect(described?.reaction == .unauthorised)
        let session = try Session(
            consumer: properties, producer: properties, groupID: "g", groupInstanceID: "i", transactionalID: "t",
            leadTopic: "lead", followingTopics: [], outputTopics: [], log: { _, _ in })
        let initialised = #expect(throws: KafkaFailure.self) { try session.initTransactions(timeoutMs: 3_000) }
        #expect(initialised?.reaction == .unauthorised)
        #expect(initialised?.text.contains("secret") == false)
    }
}
