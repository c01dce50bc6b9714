import Testing
import Worker

@testable import Operations

@Suite struct TopicsFindingsTests {
    private static let topics = Topics(prefix: "may.", partitions: 12, replication: 3)

    /// All topics as they should be, then changed.
    private func findings(_ change: (inout [TopicRole: TopicsSurvey.Found]) -> Void = { _ in }) -> TopicsFindings {
        var found: [TopicRole: TopicsSurvey.Found] = [:]
        for role in TopicRole.allCases {
            let settings = Self.topics.settings(role, replicas: 3).map { ($0.name, $0.value) }
            found[role] = .init(partitions: 12, replicas: 3, settings: Dictionary(uniqueKeysWithValues: settings))
        }
        change(&found)
        return TopicsFindings(topics: Self.topics, bootstrapServers: "h:1", survey: TopicsSurvey(found: found))
    }

    @Test func allIsWell() {
        let outcome = judge(findings(), keptPartitions: 12)
        #expect(outcome == .answer(["all 11 topics are well, 12 partitions each"]))
    }

    @Test func aMissingTopicIsNamedWithTheVerb() {
        let outcome = judge(findings { $0[.campaignMail] = nil }, keptPartitions: nil)
        #expect(
            outcome
                == .answer(
                    [
                        "may.campaign-mail is missing: TOPICS_PREFIX=may. TOPICS_REPLICATION=3 recharge-worker topics create"
                    ], .foundProblems))
    }

    @Test func aSettingThatDiffersIsNamedWithTheCommand() {
        let outcome = judge(
            findings {
                $0[.deadLetters] = .init(
                    partitions: 12, replicas: 3,
                    settings: $0[.deadLetters]!.settings.merging(["retention.ms": "604800000"]) { $1 })
            },
            keptPartitions: nil)
        #expect(outcome.exitCode == .foundProblems)
        #expect(
            outcome.output == [
                "may.dead-letters has retention.ms=604800000 instead of -1: kafka-configs.sh --bootstrap-server h:1 --alter "
                    + "--entity-type topics --entity-name may.dead-letters --add-config retention.ms=-1"
            ])
    }

    @Test(arguments: [
        (6, "--alter --topic may.bonus-credits --partitions 12"), (24, "--delete --topic may.bonus-credits"),
    ])
    func anUnequalCountIsNamedWithTheCommand(_ count: Int, _ command: String) {
        let outcome = judge(
            findings {
                $0[.bonusCredits] = .init(partitions: count, replicas: 3, settings: $0[.bonusCredits]!.settings)
            },
            keptPartitions: nil)
        #expect(outcome.exitCode == .foundProblems)
        #expect(outcome.output.count == 1)
        #expect(outcome.output.first?.contains(command) == true, "\(outcome.output)")
    }

    /// Judged by the copies that a topic has, not by the setting.
    @Test(arguments: [(3, 3, "1", true), (3, 1, "1", true), (1, 3, "1", true), (1, 3, "2", false), (3, 1, "2", true)])
    func copiesAreJudgedByTheTopic(_ wanted: Int, _ replicas: Int, _ insync: String, _ isFinding: Bool) {
        let topics = Topics(prefix: "", partitions: 12, replication: wanted)
        var found: [TopicRole: TopicsSurvey.Found] = [:]
        for role in TopicRole.allCases {
            let copies = role == .bonusCredits ? replicas : wanted
            var settings = Dictionary(
                uniqueKeysWithValues: topics.settings(role, replicas: copies).map { ($0.name, $0.value) })
            if role == .bonusCredits { settings["min.insync.replicas"] = insync }
            found[role] = .init(partitions: 12, replicas: copies, settings: settings)
        }
        let findings = TopicsFindings(topics: topics, bootstrapServers: "h:1", survey: TopicsSurvey(found: found)).all
        #expect(findings.isEmpty != isFinding, "\(findings)")
        #expect(findings.allSatisfy { $0.hasPrefix("bonus-credits has") })
    }

    @Test func aCountThatIsNotTheStatesIsFinal() {
        let outcome = judge(findings(), keptPartitions: 6)
        #expect(outcome.exitCode == .badConfiguration)
        #expect(outcome.output.count == TopicRole.allCases.count)
    }

    @Test func nothingIsCreatedBesideTopicsOfAnotherCount() {
        let all = findings { found in
            found[.campaignState] = nil
            found[.assistEvents] = .init(partitions: 6, replicas: 3, settings: [:])
        }
        #expect(all.unlikeTheMissing.count == 1)
        #expect(
            findings { $0[.assistEvents] = .init(partitions: 6, replicas: 3, settings: [:]) }.unlikeTheMissing.isEmpty)
    }

    @Test(arguments: TopicRole.allCases)
    func settingsFollowTheContract(_ role: TopicRole) {
        let settings = Dictionary(
            uniqueKeysWithValues: Self.topics.settings(role, replicas: 3).map { ($0.name, $0.value) })
        #expect(
            settings["cleanup.policy"]
                == (["dead-letter-status", "campaign-state", "campaign-stats"].contains(role.rawValue)
                    ? "compact" : "delete"))
        #expect(settings["retention.ms"] == (role.rawValue == "sms-notifications" ? "259200000" : "-1"))
        #expect(settings["retention.bytes"] == "-1")
        #expect(settings["min.insync.replicas"] == "2")
        let inputs = ["recharge-events", "assist-events", "credit-receipts", "letter-requests"]
        #expect(settings["message.timestamp.type"] == (inputs.contains(role.rawValue) ? "LogAppendTime" : nil))
        let sizes = ["letter-requests": "3145728", "dead-letters": "2097152", "campaign-state": "8388608"]
        #expect(settings["max.message.bytes"] == sizes[role.rawValue])
    }
}
