import Testing

@testable import Kafka

@Suite struct ClientPropertiesTests {
    @Test func laterValuesWin() {
        var properties: ClientProperties = ["linger.ms": "5", "acks": "all"]
        properties["linger.ms"] = "7"
        let both = properties.overlaid(with: ["acks": "1", "client.id": "x"])
        #expect(both["linger.ms"] == "7")
        #expect(both["acks"] == "1")
        #expect(both["client.id"] == "x")
        #expect(both["retries"] == nil)
    }

    @Test func anUnknownNameIsNamed() {
        let failure = #expect(throws: KafkaFailure.self) {
            try (["linger.msec": "5"] as ClientProperties).check()
        }
        #expect(failure?.reaction == .misconfigured)
        #expect(failure?.text.contains("linger.msec") == true)
    }

    @Test func aBadValueIsNamed() {
        let failure = #expect(throws: KafkaFailure.self) {
            try (["linger.ms": "soon"] as ClientProperties).check()
        }
        #expect(failure?.reaction == .misconfigured)
        #expect(failure?.text.contains("linger.ms") == true)
    }

    @Test func propertiesThatContradictFailAtTheSession() {
        let failure = #expect(throws: KafkaFailure.self) {
            _ = try Session(
                consumer: ["session.timeout.ms": "20000", "max.poll.interval.ms": "10000"], producer: [:],
                groupID: "g", groupInstanceID: nil, transactionalID: "t", leadTopic: "lead", followingTopics: [],
                outputTopics: [], log: { _, _ in })
        }
        #expect(failure?.reaction == .misconfigured)
    }
}
