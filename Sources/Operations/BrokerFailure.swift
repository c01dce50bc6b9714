import Kafka
import Synchronization
import Worker

extension Invocation {
    /// Hands settings and a connection to the cluster to `body`, and turns a failure into words.
    func withTopics(_ body: (Settings, borrowing Admin) throws(KafkaFailure) -> Outcome) -> Outcome {
        withSettings { settings in
            let lastError = LastError()
            do throws(KafkaFailure) {
                let admin = try Admin(settings.kafka) { level, text in lastError.note(level, text) }
                return try body(settings, admin)
            } catch {
                return refusal(error, settings: settings, lastError: lastError.text)
            }
        }
    }
}

/// The last error that librdkafka logged: an answer that never came does not say why.
private final class LastError: Sendable {
    private let noted = Mutex<String?>(nil)

    var text: String? { noted.withLock { $0 } }

    /// Keeps lines of syslog's level error and above, without the thread's name.
    func note(_ level: Int32, _ text: String) {
        guard level <= 3 else { return }
        noted.withLock { $0 = text.split(separator: "]: ", maxSplits: 1).last.map(String.init) ?? text }
    }
}

private func refusal(_ failure: KafkaFailure, settings: Settings, lastError: String?) -> Outcome {
    let servers = settings.bootstrapServers ?? ""
    switch failure.reaction {
    case .unreachable, .retry:
        let why = lastError.map { ": \($0)" } ?? " (\(failure))"
        // A broker that does not know us closes the connection, so the call itself only times out.
        let isStranger = lastError?.contains("authentication error") == true
        return .refusal(["no answer from the brokers at \(servers)\(why)"], isStranger ? .notAllowed : .unreachable)
    case .unauthorised:
        return .refusal(["\(failure)"] + missingRight(failure.name, call: failure.call, settings), .notAllowed)
    case .misconfigured:
        return .refusal(["\(failure.text)"], .badConfiguration)
    default:
        return .refusal(["\(failure)"], .failed)
    }
}

/// The ACL that would allow a call, as the command that adds it; nothing when it isn't for want of one.
private func missingRight(_ error: String, call: String, _ settings: Settings) -> [String] {
    guard error.hasSuffix("_AUTHORIZATION_FAILED") else { return [] }
    let user = settings.kafka["sasl.username"] ?? "NAME"
    let operation =
        call.hasPrefix("create") ? "Create" : call.hasPrefix("read settings") ? "DescribeConfigs" : "Describe"
    let pattern = settings.topics.prefix
    let topic = pattern.isEmpty ? "'*'" : "\(pattern) --resource-pattern-type prefixed"
    return [
        "it needs an ACL: kafka-acls.sh --bootstrap-server \(settings.bootstrapServers ?? "") --add "
            + "--allow-principal User:\(user) --operation \(operation) --topic \(topic)"
    ]
}
