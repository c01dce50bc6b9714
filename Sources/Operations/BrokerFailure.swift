import Kafka
import Worker

extension Invocation {
    /// Hands settings and a connection to the cluster to `body`, and turns a failure into words.
    func withTopics(_ body: (Settings, borrowing Admin) throws(KafkaFailure) -> Outcome) -> Outcome {
        withSettings { settings in
            do throws(KafkaFailure) {
                // Why nobody answers is in the failure.
                let admin = try Admin(settings.kafka) { _, _ in }
                return try body(settings, admin)
            } catch {
                return refusal(error, verb, settings)
            }
        }
    }
}

private func refusal(_ failure: KafkaFailure, _ verb: Verb, _ settings: Settings) -> Outcome {
    let servers = settings.bootstrapServers ?? ""
    switch failure.reaction {
    case .unreachable, .retry:
        return .refusal(["no answer from the brokers at \(servers): \(failure)"], .unreachable)
    case .unauthorised:
        return .refusal(["\(failure)"] + missingRights(failure, verb, settings), .notAllowed)
    case .misconfigured:
        return .refusal(["\(failure.text)"], .badConfiguration)
    default:
        return .refusal(["\(failure)"], .failed)
    }
}

/// The command that gives the ACLs of a verb; nothing where the refusal is about something else.
private func missingRights(_ failure: KafkaFailure, _ verb: Verb, _ settings: Settings) -> [String] {
    guard failure.name.hasSuffix("_AUTHORIZATION_FAILED") else { return [] }
    let role =
        switch verb.words.first {
        case "letters": "ops"
        case "simulate": verb.words.last ?? ""
        default: "admin"
        }
    let prefix = settings.topics.prefix.isEmpty ? "" : "TOPICS_PREFIX=\(settings.topics.prefix) "
    let principal = "User:\(settings.kafka["sasl.username"] ?? "NAME")"
    return ["an ACL is missing; this gives all that it needs: \(prefix)deploy/kafka/acls \(role)=\(principal)"]
}
