import Kafka

/// What the brokers must allow the worker: `deploy/kafka/acls worker` gives it all. Names the ACL that a refused call
/// needs, in the words of Kafka's own tool.
struct WorkerRights: Sendable {
    private let topics: Topics
    private let group: String
    private let bootstrapServers: String
    /// As the brokers call us; from a certificate they make a name of their own.
    private let principal: String

    init(_ settings: Settings) {
        topics = settings.topics
        group = settings.group
        bootstrapServers = settings.bootstrapServers ?? ""
        principal = "User:\(settings.kafka["sasl.username"] ?? "NAME")"
    }

    /// The failure for the log; of a missing right with the ACL and the command that gives it.
    func words(_ failure: KafkaFailure) -> String {
        guard let missing = missing(in: failure) else { return failure.description }
        let options = missing.names.map { " --\(missing.resource) \($0)" }.joined()
        let pattern = missing.resource == "transactional-id" ? " --resource-pattern-type prefixed" : ""
        return
            "\(failure); the ACL \(missing.operation) on \(missing.resource) \(missing.names.joined(separator: ", ")) is "
            + "missing: kafka-acls --bootstrap-server \(bootstrapServers) --add --allow-principal \(principal) --operation "
            + "\(missing.operation)\(options)\(pattern)"
    }

    private func missing(in failure: KafkaFailure) -> (operation: String, resource: String, names: [String])? {
        switch failure.name {
        case "GROUP_AUTHORIZATION_FAILED": ("Read", "group", [group])
        case "TRANSACTIONAL_ID_AUTHORIZATION_FAILED": ("Write", "transactional-id", ["\(topics.prefix)\(group)_"])
        case "TOPIC_AUTHORIZATION_FAILED": missingOnTopics(failure)
        default: nil
        }
    }

    /// Which topic it is stands in the text. The transaction's coordinator names none: then it is one that we write.
    private func missingOnTopics(_ failure: KafkaFailure) -> (operation: String, resource: String, names: [String]) {
        let isWrite = ["produce", "commit"].contains(failure.call)
        let named = TopicRole.allCases.filter { failure.description.contains(topics.name($0)) }
        guard let role = named.first else {
            return ("Write", "topic", TopicRole.allCases.filter { !$0.isInput }.map(topics.name))
        }
        let isRead = role.isInput || (role.isWorkersOwn && !isWrite)
        return (isRead ? "Read" : "Write", "topic", [topics.name(role)])
    }
}

extension TopicRole {
    /// Written and read by the worker alone.
    fileprivate var isWorkersOwn: Bool { self == .campaignMail || self == .campaignState }
}
