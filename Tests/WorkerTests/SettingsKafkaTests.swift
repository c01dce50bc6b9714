import Testing

@testable import Worker

@Suite struct SettingsKafkaTests {
    private func property(_ form: String, _ value: String, version: Int = 0x0200_02ff) throws -> [String] {
        let property = try KafkaSettings(version: version).property(form: form, value: value)
        return [property.name, property.value]
    }

    private func refusal(_ form: String, _ value: String, version: Int = 0x0200_02ff) -> String? {
        do {
            _ = try KafkaSettings(version: version).property(form: form, value: value)
            return nil
        } catch {
            switch error {
            case .unknown(let name, let nearest): return "unknown \(name), \(nearest ?? "nothing near")"
            case .refused(let reason): return reason
            }
        }
    }

    @Test(arguments: [
        ("SECURITY_PROTOCOL", "sasl_ssl", "security.protocol"), ("LOG_LEVEL", "7", "log_level"),
        ("SASL_PASSWORD", "x", "sasl.password"), ("METADATA_REQUEST_TIMEOUT_MS", "1000", "metadata.request.timeout.ms"),
        ("SASL_MECHANISM", "PLAIN", "sasl.mechanism"), ("MAX_IN_FLIGHT", "5", "max.in.flight"),
        ("SSL_CA_LOCATION", "/etc/ca.pem", "ssl.ca.location"),
    ])
    func propertiesPassThrough(_ form: String, _ value: String, _ name: String) throws {
        #expect(try property(form, value) == [name, value])
    }

    @Test(arguments: [
        ("ENABLE_AUTO_COMMIT", "true"), ("AUTO_COMMIT_ENABLE", "true"), ("ENABLE_AUTO_OFFSET_STORE", "true"),
        ("ISOLATION_LEVEL", "read_uncommitted"), ("ENABLE_IDEMPOTENCE", "false"), ("ACKS", "1"),
        ("REQUEST_REQUIRED_ACKS", "1"), ("TOPIC_ACKS", "1"), ("TRANSACTIONAL_ID", "x"), ("GROUP_ID", "x"),
        ("GROUP_INSTANCE_ID", "x"), ("PARTITION_ASSIGNMENT_STRATEGY", "range"), ("GROUP_PROTOCOL", "consumer"),
        ("AUTO_OFFSET_RESET", "latest"), ("TOPIC_AUTO_OFFSET_RESET", "latest"), ("PARTITIONER", "random"),
        ("ENABLE_PARTITION_EOF", "true"), ("LOG_QUEUE", "true"), ("TEST_MOCK_NUM_BROKERS", "3"),
        ("METADATA_BROKER_LIST", "h:1"), ("ALLOW_AUTO_CREATE_TOPICS", "true"), ("OFFSET_STORE_METHOD", "file"),
    ])
    func whatWouldBreakExactlyOnceIsRefusedByName(_ form: String, _ value: String) throws {
        let reason = try #require(refusal(form, value))
        #expect(reason.contains("can't be set: "), "\(reason)")
    }

    @Test(arguments: [
        ("MAX_IN_FLIGHT", "6", "at most 5"), ("MESSAGE_MAX_BYTES", "1000000", "at least 10485760"),
        ("SASL_MECHANISM", "SCRAM-SHA-512", "2.6.1"), ("SASL_MECHANISMS", "scram-sha-256", "mTLS"),
        ("SECURITY_PROTOCOL", "tls", "Invalid value \"tls\""), ("LINGER_MS", "many", "Invalid value"),
        ("SECURTY_PROTOCOL", "ssl", "unknown securty.protocol, SECURITY_PROTOCOL"),
        ("NO_SUCH_THING_AT_ALL", "1", "unknown no.such.thing.at.all, nothing near"),
        ("CONSUME_CB", "1", "consume_cb"),
    ])
    func badValuesAreRefused(_ form: String, _ value: String, _ expected: String) throws {
        let reason = try #require(refusal(form, value))
        #expect(reason.contains(expected), "\(reason)")
    }

    @Test func scramWorksWithANewerLibrary() throws {
        #expect(refusal("SASL_MECHANISM", "SCRAM-SHA-512", version: 0x0206_01ff) == nil)
    }

    @Test func aSecretIsNotQuoted() throws {
        let name = "KAFKA_SASL_PASSWORD"
        let problems = #expect(throws: SettingsProblems.self) {
            try Settings(
                environment: [
                    "KAFKA_BOOTSTRAP_SERVERS": "h:1", "KAFKA_SSL_KEY_PEM": "hunter2", name: "hunter2",
                    "KAFKA_ACKS": "hunter2",
                ],
                flags: [])
        }
        #expect(try #require(problems).all.allSatisfy { !$0.contains("hunter2") })
    }

    @Test func aNearPropertyIsSuggestedAsItWasWritten() throws {
        let problems = #expect(throws: SettingsProblems.self) {
            try Settings(
                environment: ["KAFKA_BOOTSTRAP_SERVER": "h:1"],
                flags: [try #require(SettingFlag("--kafka-sasl-user-name", value: "x"))])
        }
        let all = try #require(problems).all
        #expect(all.contains { $0.hasSuffix("did you mean --kafka-sasl-username?") }, "\(all)")
        #expect(all.contains { $0.hasSuffix("did you mean KAFKA_BOOTSTRAP_SERVERS?") }, "\(all)")
    }
}
