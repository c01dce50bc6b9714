import Worker

/// What is wrong with the campaign's topics, each with the command that mends it.
struct TopicsFindings {
    let topics: Topics
    let bootstrapServers: String
    let survey: TopicsSurvey

    /// Everything that is wrong, in the order of the topics.
    var all: [String] {
        missing + TopicRole.allCases.flatMap { partitions(of: $0) + replicas(of: $0) + settings(of: $0) }
    }

    /// Topics that have another count than `count`, the one that the campaign's state was begun with.
    func others(than count: Int) -> [String] {
        TopicRole.allCases.compactMap { role in
            guard let found = survey.found[role], found.partitions != count else { return nil }
            return
                "\(topics.name(role)) has \(found.partitions) partitions, and the campaign's state was begun with \(count): "
                + "the count is for life; a campaign with another count needs topics of its own (TOPICS_PREFIX)"
        }
    }

    /// Existing topics whose count isn't the one to create the missing ones with.
    var unlikeTheMissing: [String] {
        guard !survey.missing.isEmpty else { return [] }
        return TopicRole.allCases.compactMap { role in
            guard let found = survey.found[role], found.partitions != topics.partitions else { return nil }
            return "\(topics.name(role)) has \(found.partitions) partitions: "
                + "set TOPICS_PARTITIONS to \(found.partitions) instead of \(topics.partitions), all topics need the same"
        }
    }

    private var missing: [String] {
        let command = topics.createCommand(partitions: survey.found[.rechargeEvents]?.partitions)
        return survey.missing.map { "\(topics.name($0)) is missing: \(command)" }
    }

    private func partitions(of role: TopicRole) -> [String] {
        guard let lead = survey.found[.rechargeEvents], let found = survey.found[role],
            found.partitions != lead.partitions
        else { return [] }
        let (name, leadName) = (topics.name(role), topics.name(.rechargeEvents))
        let difference = "\(name) has \(found.partitions) partitions, \(leadName) has \(lead.partitions)"
        guard found.partitions < lead.partitions else {
            return [
                "\(difference): before anything is published to it, "
                    + "kafka-topics.sh --bootstrap-server \(bootstrapServers) --delete --topic \(name); "
                    + "then \(topics.createCommand(partitions: lead.partitions))"
            ]
        }
        return [
            "\(difference): before anything is published to it, "
                + "kafka-topics.sh --bootstrap-server \(bootstrapServers) --alter --topic \(name) --partitions \(lead.partitions)"
        ]
    }

    private func replicas(of role: TopicRole) -> [String] {
        guard let found = survey.found[role], found.replicas < topics.replication else { return [] }
        let name = topics.name(role)
        return [
            "\(name) has \(found.replicas) copies of a partition instead of \(topics.replication): "
                + "kafka-reassign-partitions.sh --bootstrap-server \(bootstrapServers) --execute with a plan that names "
                + "\(topics.replication) brokers for each partition of \(name)"
        ]
    }

    private func settings(of role: TopicRole) -> [String] {
        guard let found = survey.found[role] else { return [] }
        let name = topics.name(role)
        return topics.settings(role, replicas: found.replicas).compactMap { wanted in
            let actual = found.settings[wanted.name]
            guard actual != wanted.value else { return nil }
            return "\(name) has \(wanted.name)=\(actual ?? "(unknown)") instead of \(wanted.value): "
                + "kafka-configs.sh --bootstrap-server \(bootstrapServers) --alter --entity-type topics "
                + "--entity-name \(name) --add-config \(wanted.name)=\(wanted.value)"
        }
    }
}
