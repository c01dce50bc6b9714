import Kafka
import Worker

/// What the cluster says about the campaign's topics.
struct TopicsSurvey: Equatable {
    /// A topic that is there.
    struct Found: Equatable {
        let partitions: Int
        let replicas: Int
        let settings: [String: String]
    }

    /// Missing topics are absent.
    var found: [TopicRole: Found] = [:]

    init(found: [TopicRole: Found]) { self.found = found }

    /// Asks the cluster; ends with the first question that fails.
    init(of topics: Topics, from admin: borrowing Admin) throws(KafkaFailure) {
        for role in TopicRole.allCases {
            let name = topics.name(role)
            guard let layout = try admin.layout(of: name, timeoutMs: brokerTimeoutMs) else { continue }
            found[role] = Found(
                partitions: Int(layout.partitions), replicas: Int(layout.replicas),
                settings: try admin.settings(of: name, timeoutMs: brokerTimeoutMs))
        }
    }

    var missing: [TopicRole] { TopicRole.allCases.filter { found[$0] == nil } }
}

/// How long the broker may take for an answer that a person waits for.
let brokerTimeoutMs: Int32 = 9_000
