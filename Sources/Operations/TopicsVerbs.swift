import Kafka
import Worker

extension Verb {
    private static let settings: [Setting] = [
        .bootstrapServers, .topicsPrefix, .topicsPartitions, .topicsReplication,
    ]

    static let topicsCreate = Verb(
        words: ["topics", "create"], settings: settings,
        summary: "make the campaign's topics that are missing, then check all",
        details: [
            "Makes what is missing, with the settings that the worker needs, and changes nothing that is there: what",
            "differs is reported with the command that mends it (exit code 2). It may be run again at any time.",
        ],
        perform: { $0.withTopics { settings, admin throws(KafkaFailure) in try createTopics(settings, admin) } })

    static let topicsCheck = Verb(
        words: ["topics", "check"], settings: settings,
        summary: "compare the campaign's topics with what the worker needs",
        details: [
            "Reports missing topics, settings that differ and unequal partition counts, each with the command that",
            "mends it (exit code 2); a count that isn't the one that the campaign was begun with is final (78).",
        ],
        perform: { $0.withTopics { settings, admin throws(KafkaFailure) in try checkTopics(settings, admin) } })
}

private func createTopics(_ settings: Settings, _ admin: borrowing Admin) throws(KafkaFailure) -> Outcome {
    let survey = try TopicsSurvey(of: settings.topics, from: admin)
    let unlike = findings(survey, settings).unlikeTheMissing
    guard unlike.isEmpty else { return .answer(unlike + ["nothing was created"], .foundProblems) }

    let topics = settings.topics
    let missing = survey.missing
    let creations = try admin.create(
        missing.map { role in
            Admin.NewTopic(
                name: topics.name(role), partitions: Int32(topics.partitions),
                replicationFactor: Int32(topics.replication),
                settings: topics.settings(role, replicas: topics.replication).map { ($0.name, $0.value) })
        }, timeoutMs: brokerTimeoutMs)
    var created: [String] = []
    for (role, creation) in zip(missing, creations) {
        switch creation {
        case .created: created.append("created \(topics.name(role)), \(topics.partitions) partitions")
        case .existed: break
        case .failed(let failure): throw failure
        }
    }
    try waitUntilKnown(missing.map(topics.name), admin)
    var outcome = try checkTopics(settings, admin)
    outcome.output = created + outcome.output
    return outcome
}

/// Brokers learn of a new topic a moment after its creation was confirmed, and nothing tells when: so they are asked again,
/// for some seconds. What they don't know then is reported as missing.
private func waitUntilKnown(_ names: [String], _ admin: borrowing Admin) throws(KafkaFailure) {
    let timer = Wakeup()
    var unknown = names[...]
    for _ in 0..<100 {
        while let name = unknown.first, try admin.partitions(of: name, timeoutMs: brokerTimeoutMs) != nil {
            unknown.removeFirst()
        }
        guard !unknown.isEmpty else { return }
        timer.wait(atMostMs: 50)
    }
}

private func checkTopics(_ settings: Settings, _ admin: borrowing Admin) throws(KafkaFailure) -> Outcome {
    let findings = findings(try TopicsSurvey(of: settings.topics, from: admin), settings)
    guard findings.survey.found[.campaignState] != nil else { return judge(findings, keptPartitions: nil) }
    let changelog = Changelog(topic: settings.topics.name(.campaignState), kafka: settings.kafka) { _, _ in }
    do throws(Changelog.Failure) {
        return judge(findings, keptPartitions: try changelog.keptPartitionCount().map { Int($0) })
    } catch {
        switch error {
        case .kafka(let failure): throw failure
        case .stop(let stop): return .refusal([stop.message], stop.exitCode)
        }
    }
}

/// What the findings come to. `keptPartitions` is the count that the campaign's state keeps; nil where there is no state.
func judge(_ findings: TopicsFindings, keptPartitions: Int?) -> Outcome {
    if let keptPartitions {
        let others = findings.others(than: keptPartitions)
        guard others.isEmpty else { return .answer(others, .badConfiguration) }
    }
    let all = findings.all
    guard all.isEmpty else { return .answer(all, .foundProblems) }
    let count = findings.survey.found[.rechargeEvents]?.partitions ?? 0
    return .answer(["all \(findings.survey.found.count) topics are well, \(count) partitions each"])
}

private func findings(_ survey: TopicsSurvey, _ settings: Settings) -> TopicsFindings {
    TopicsFindings(topics: settings.topics, bootstrapServers: settings.bootstrapServers ?? "", survey: survey)
}
