import Campaign
import Kafka

/// The settings `KAFKA_<PROPERTY>`: librdkafka's properties, but for the few that would break exactly-once.
struct KafkaSettings {
    /// Why a property can't be had.
    enum Refusal: Error, Equatable {
        /// librdkafka has no such property; a near one's form, if there is one.
        case unknown(String, nearest: String?)
        /// The reason in words.
        case refused(String)
    }

    /// librdkafka's names by their form as a setting: `SECURITY_PROTOCOL` is `security.protocol`, `LOG_LEVEL` is `log_level`.
    private let names: [String: String]
    private let version: Int

    init(names: [String] = PropertyCatalogue.names(), version: Int = PropertyCatalogue.version) {
        self.names = Dictionary(names.map { (KafkaSettings.form(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
        self.version = version
    }

    /// A property's name as it stands in a setting, behind `KAFKA_`.
    static func form(of property: String) -> String {
        property.uppercased().replacing(".", with: "_").replacing("-", with: "_")
    }

    /// The property that a setting stands for; `form` is what follows `KAFKA_`.
    func property(form: String, value: String) throws(Refusal) -> (name: String, value: String) {
        let name = name(form: form)
        if let reason = refusalOfName(name) ?? refusalOfValue(name, value) { throw .refused(reason) }
        switch PropertyCatalogue.check(name, value) {
        case .accepted: return (name, value)
        case .unknown: throw .unknown(name, nearest: nearest(to: form, among: names.keys.sorted()))
        case .refused(let text):
            throw .refused(KafkaSettings.isSecret(name) ? "librdkafka does not take this value" : text)
        }
    }

    private func refusalOfName(_ name: String) -> String? {
        // librdkafka drops one leading "topic." of a topic's property.
        let plain = name.hasPrefix("topic.") ? String(name.dropFirst(6)) : name
        guard let row = KafkaSettings.refused.first(where: { $0.names.contains(name) || $0.names.contains(plain) })
        else {
            return name.hasPrefix("test.") ? "\(name) can't be set: it is made for librdkafka's own tests" : nil
        }
        return "\(name) can't be set: \(row.reason)"
    }

    private func refusalOfValue(_ name: String, _ value: String) -> String? {
        switch name {
        case "sasl.mechanism", "sasl.mechanisms":
            guard value.uppercased().hasPrefix("SCRAM"), version < 0x0206_0100 else { return nil }
            return "SCRAM does not work between librdkafka below 2.6.1 and Kafka 4: use mTLS, or PLAIN over SASL_SSL"
        case "max.in.flight", "max.in.flight.requests.per.connection":
            guard let number = Int(value), number > 5 else { return nil }
            return "\(name) must be at most 5, or a retry could change the order"
        case "message.max.bytes":
            guard let number = Int(value), number < 10 << 20 else { return nil }
            return "\(name) must be at least \(10 << 20), or a letter or a state might not fit"
        default:
            return nil
        }
    }

    /// librdkafka's name for what follows `KAFKA_`; a guess where it has none.
    func name(form: String) -> String { names[form] ?? form.lowercased().replacing("_", with: ".") }

    /// Whether nobody may see the property's value. A place where a secret lies, such as `ssl.key.location`, is none.
    static func isSecret(_ name: String) -> Bool {
        let words = name.split { $0 == "." || $0 == "_" }
        guard words.last != "location" else { return false }
        return words.contains("key")
            || ["password", "secret", "pem", "jaas", "oauthbearer.config", "oauthbearer.extensions"].contains {
                name.contains($0)
            }
    }
}

extension KafkaSettings {
    /// What can't be set, with the reason.
    static let refused: [(names: [String], reason: String)] = [
        (["metadata.broker.list"], "it is KAFKA_BOOTSTRAP_SERVERS"),
        (["group.id"], "it is WORKER_GROUP"),
        (
            ["group.instance.id", "transactional.id"],
            "it is made of TOPICS_PREFIX, WORKER_GROUP, WORKER_ID and the lane"
        ),
        (
            [
                "enable.auto.commit", "auto.commit.enable", "auto.commit.interval.ms", "enable.auto.offset.store",
                "offset.store.method", "offset.store.path", "offset.store.sync.interval.ms",
            ], "offsets are committed only by the transaction that holds what they caused"
        ),
        (["isolation.level"], "the worker would act on records of aborted transactions, or lose its place behind them"),
        (
            ["enable.idempotence", "acks", "request.required.acks", "enable.gapless.guarantee", "queuing.strategy"],
            "a transaction needs an idempotent producer that waits for all replicas and keeps the order"
        ),
        (
            ["partition.assignment.strategy", "group.protocol", "group.protocol.type", "group.remote.assignor"],
            "a shard's partitions must move together, with the cooperative-sticky assignor"
        ),
        (["auto.offset.reset"], "a lost position must stop the worker, not skip or repeat events"),
        (
            ["partitioner", "partitioner_cb"],
            "a record belongs to its subscriber's partition, as Java's murmur2 has it"
        ),
        (["enable.partition.eof", "consume.callback.max.messages"], "the worker finds a topic's end itself"),
        (["enabled_events", "log.queue"], "nobody would read that queue, and it would grow without bound"),
        (["allow.auto.create.topics"], "topics are made by 'topics create', with the settings that they need"),
        (["topic.blacklist"], "the worker needs all its topics"),
    ]

    /// Variables that begin with `KAFKA_` and belong to others: Kubernetes service links and Kafka's own Java tools.
    static func isForeign(_ name: String) -> Bool {
        let form = name.dropFirst("KAFKA_".count)
        if ["HOME", "OPTS", "HEAP_OPTS"].contains(form) { return true }
        if ["PORT", "SERVICE_", "JVM_", "LOG4J_", "JMX_"].contains(where: { form.hasPrefix($0) }) { return true }
        // A service that is called kafka-something.
        return form.hasSuffix("_PORT") || form.contains("_SERVICE_PORT") || form.contains("_SERVICE_HOST")
            || form.contains("_PORT_")
    }
}
