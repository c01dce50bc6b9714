import Oracle
import TestSupport
import Testing

/// Strimzi's user for the worker may do all that the worker does.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct KafkaUserTests {
    private static func rules() throws -> [(type: String, name: String, operations: [String])] {
        let rule = /type: (topic|group|transactionalId), name: ([\w.-]+).*operations: \[([\w, ]+)\]/
        return try AccessBed.strimzisUser("worker").matches(of: rule).map { match in
            (String(match.1), String(match.2), match.3.split(separator: ", ").map(String.init))
        }
    }

    /// Rules in the words of Kafka's own tool, topics with the same operations at once.
    private static func words(for run: CampaignRun) throws -> [[String]] {
        var words: [[String]] = []
        for (operations, rules) in Dictionary(grouping: try rules().filter { $0.type == "topic" }, by: \.operations) {
            words.append(options("--operation", operations) + options("--topic", rules.map { run.prefix + $0.name }))
        }
        for rule in try rules() {
            switch rule.type {
            case "group": words.append(options("--operation", rule.operations) + ["--group", run.group])
            case "transactionalId":
                let name = rule.name.replacing("recharge-worker", with: run.prefix + run.group)
                words.append(
                    options("--operation", rule.operations)
                        + ["--transactional-id", name, "--resource-pattern-type", "prefixed"])
            default: break
            }
        }
        return words
    }

    private static func options(_ flag: String, _ values: [String]) -> [String] { values.flatMap { [flag, $0] } }

    @Test func itMayDoAllThatTheWorkerDoes() throws {
        let server = try KafkaServer(users: ["recharge-worker": "of-the-worker"])
        let run = try CampaignRun(CampaignRun.openCampaign(), on: server)
        for words in try Self.words(for: run) {
            try server.changeAccess(["--add", "--allow-principal", "User:recharge-worker"] + words)
        }
        let history = run.history(events: 300, seed: 1)
        try run.adopt(history)
        try run.publish(history.records)
        let worker = try run.start(
            "a",
            [
                "KAFKA_BOOTSTRAP_SERVERS": server.userServers, "KAFKA_SECURITY_PROTOCOL": "sasl_plaintext",
                "KAFKA_SASL_MECHANISM": "PLAIN", "KAFKA_SASL_USERNAME": "recharge-worker",
                "KAFKA_SASL_PASSWORD": "of-the-worker",
            ])
        try run.waitUntilIdle()
        try run.stop(worker)
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.prefix(5))")
    }
}
