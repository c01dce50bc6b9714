import Kafka
import Testing

@testable import Worker

@Suite struct SettingsTests {
    private static let brokers = ["KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092"]

    private static func settings(_ environment: [String: String], _ flags: [(String, String)] = []) throws -> Settings {
        let flags = try flags.map { try #require(SettingFlag($0.0, value: $0.1)) }
        return try Settings(environment: environment.merging(brokers) { given, _ in given }, flags: flags)
    }

    private static func problems(_ environment: [String: String], _ flags: [(String, String)] = []) throws
        -> SettingsProblems
    {
        do {
            _ = try settings(environment, flags)
            return SettingsProblems()
        } catch let problems as SettingsProblems {
            return problems
        }
    }

    @Test func defaultsHold() throws {
        let settings = try Self.settings([:])
        #expect(settings.bootstrapServers == "127.0.0.1:9092")
        #expect(settings.kafka == ["bootstrap.servers": "127.0.0.1:9092"])
        #expect(settings.campaignFile == "campaign.yaml")
        #expect(!settings.workerID.isEmpty)
        #expect(settings.group == "recharge-worker")
        #expect(settings.lanes == 1)
        #expect(settings.topics == Topics(prefix: "", partitions: 12, replication: 1))
        #expect(settings.commitIntervalMilliseconds == 50)
        #expect(settings.commitRecords == 20_000)
        #expect(settings.httpAddress == HTTPAddress("127.0.0.1:8080"))
        #expect(settings.log.level == .info)
        #expect(settings.instanceName(lane: 3) == "recharge-worker_\(settings.workerID)_3")
    }

    @Test func aFlagGoesBeforeTheEnvironment() throws {
        let settings = try Self.settings(
            [
                "WORKER_LANES": "2", "TOPICS_PREFIX": "may.", "WORKER_ID": "w-1", "LOG_LEVEL": "debug",
                "HTTP_ADDRESS": "off",
            ],
            [("--worker-lanes", "64"), ("--log-level", "warn"), ("--campaign-file", "a.yaml")])
        #expect(settings.lanes == 64)
        #expect(settings.log.level == .warn)
        #expect(settings.campaignFile == "a.yaml")
        #expect(settings.httpAddress == nil)
        #expect(settings.topics.name(.campaignState) == "may.campaign-state")
        #expect(settings.instanceName(lane: 0) == "may.recharge-worker_w-1_0")
    }

    @Test func anEmptyValueIsNoValue() throws {
        let settings = try Self.settings(["WORKER_LANES": "", "TOPICS_PREFIX": ""], [("--worker-group", "")])
        #expect(settings.lanes == 1)
        #expect(settings.group == "recharge-worker")
    }

    @Test(arguments: [
        ("WORKER_LANES", "abc", "WORKER_LANES is \"abc\": a whole number from 1 to 64"),
        ("WORKER_LANES", "0", "from 1 to 64"), ("WORKER_LANES", "65", "from 1 to 64"),
        ("WORKER_LANES", "99999999999999999999", "from 1 to 64"),
        ("TOPICS_PARTITIONS", "10001", "from 1 to 10000"), ("TOPICS_REPLICATION", "1.5", "a whole number"),
        ("COMMIT_INTERVAL_MS", "5001", "from 1 to 5000"), ("COMMIT_MAX_RECORDS", "1000001", "from 1 to 1000000"),
        ("WORKER_ID", "a b", "letters, digits"), ("TOPICS_PREFIX", "zs/", "letters, digits"),
        ("WORKER_GROUP", String(repeating: "g", count: 65), "at most 64"),
        ("HTTP_ADDRESS", "8080", "host:port"), ("HTTP_ADDRESS", "h:70000", "host:port"),
        ("LOG_LEVEL", "inof", "error, warn, info, debug is needed; did you mean info?"),
        ("LOG_FORMAT", "xml", "json, text"), ("WORKER_ID", "13812345678 ", "138****5678"),
    ])
    func aBadValueSaysWhatIsNeeded(_ name: String, _ value: String, _ expected: String) throws {
        let inEnvironment = try Self.problems([name: value])
        #expect(inEnvironment.all.count == 1)
        #expect(inEnvironment.all.first?.contains(expected) == true, "\(inEnvironment.all)")
        #expect(inEnvironment.exitCode == .badConfiguration)

        let flag = "--" + name.lowercased().replacing("_", with: "-")
        let onCommandLine = try Self.problems([:], [(flag, value)])
        #expect(onCommandLine.all.first?.hasPrefix(flag) == true)
        #expect(onCommandLine.exitCode == .usage)
    }

    @Test func everythingWrongIsSaidAtOnce() throws {
        let problems = try Self.problems(
            ["WORKER_LANES": "x", "COMMIT_INTERVALL_MS": "5", "KAFKA_ACKS": "1"], [("--log-level", "loud")])
        #expect(problems.environment.count == 3)
        #expect(problems.usage.count == 1)
        #expect(problems.exitCode == .usage)
    }

    @Test func theBrokersAreRequiredButForSome() throws {
        #expect(throws: SettingsProblems.self) { try Settings(environment: [:], flags: []) }
        #expect(throws: Never.self) { try Settings(environment: [:], flags: [], needsBrokers: false) }
    }

    @Test(arguments: [
        ("WORKER_LANE", "WORKER_LANES"), ("COMMIT_INTERVALL_MS", "COMMIT_INTERVAL_MS"),
        ("COMMIT_INTERVAL", "COMMIT_INTERVAL_MS"), ("HTTP_ADDR", "HTTP_ADDRESS"), ("LOG_LEVLE", "LOG_LEVEL"),
        ("WORKERLANES", "WORKER_LANES"), ("TOPIC_PREFIX", "TOPICS_PREFIX"), ("CAMPAIN_FILE", "CAMPAIGN_FILE"),
    ])
    func aMistypedVariableIsNoticed(_ name: String, _ meant: String) throws {
        #expect(try Self.problems([name: "1"]).environment == ["\(name) is no setting; did you mean \(meant)?"])
    }

    @Test(arguments: [
        "LOG_DIR", "HTTP_PROXY", "WORKER_NODE", "WORKER_PID", "WORKER_IP", "LOG_LEVEL_ROOT", "COMMIT_SHA", "TOPICS",
        "CAMPAIGN_ID", "HTTP_PORT", "PATH", "KAFKA_HOME", "KAFKA_PORT", "KAFKA_PORT_9092_TCP_ADDR",
        "KAFKA_SERVICE_HOST", "KAFKA_HEAP_OPTS", "KAFKA_JMX_PORT", "KAFKA_UI_SERVICE_PORT", "KAFKA_LOG4J_OPTS",
    ])
    func othersVariablesAreLeftAlone(_ name: String) throws {
        #expect(try Self.settings([name: "1"]).kafka == ["bootstrap.servers": "127.0.0.1:9092"])
    }

    @Test(arguments: ["127.0.0.1:1", "[::1]:8080", "localhost:0"])
    func addressesAreRead(_ text: String) { #expect(HTTPAddress(text) != nil) }

    @Test(arguments: ["", ":1", "h", "h:", "::1:8080", "h:65536", "a b:1"])
    func badAddressesAreNot(_ text: String) { #expect(HTTPAddress(text) == nil) }

    @Test func namesFitKafkasLimit() throws {
        let longest = try Self.settings([
            "TOPICS_PREFIX": String(repeating: "p", count: 64), "WORKER_GROUP": String(repeating: "g", count: 64),
            "WORKER_ID": String(repeating: "i", count: 100),
        ])
        #expect(longest.instanceName(lane: 63).utf8.count <= 249)
        for role in TopicRole.allCases { #expect(longest.topics.name(role).utf8.count <= 249) }
    }
}
