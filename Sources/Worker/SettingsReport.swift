/// Every setting as it holds and who said so, for people who ask what a worker would run with. No secret is in it.
public struct SettingsReport: Sendable {
    /// One setting.
    public struct Entry: Equatable, Sendable {
        /// Who said what holds.
        public enum Source: String, Sendable {
            /// The command line.
            case flag
            /// The environment.
            case environment
            /// Nobody.
            case unset = "default"
        }

        /// As the environment has it, `KAFKA_SSL_KEY_PASSWORD`.
        public let name: String
        /// librdkafka's property; nil for a setting of our own.
        public let property: String?
        /// What holds, empty where nothing does; nil for a secret.
        public let value: String?
        /// Who said so.
        public let source: Source
    }

    /// Our own settings in the order of the help, then the properties of librdkafka that were set.
    public let entries: [Entry]
    /// All that `run` would refuse them for.
    public let problems: SettingsProblems

    /// Reads the settings as `run` does.
    public init(environment: [String: String], flags: [SettingFlag]) {
        let reading = SettingsReading(environment: environment, flags: flags, needsBrokers: true)
        entries = Setting.all.map { Entry($0, in: reading) } + Self.properties(of: reading)
        problems = reading.problems
    }

    private static func properties(of reading: SettingsReading) -> [Entry] {
        let kafka = KafkaSettings()
        return reading.given.sorted { $0.key < $1.key }.compactMap { name, given in
            guard name.hasPrefix("KAFKA_"), name != Setting.bootstrapServers.name,
                given.isFlag || !KafkaSettings.isForeign(name)
            else { return nil }
            let property = kafka.name(form: String(name.dropFirst("KAFKA_".count)))
            return Entry(
                name: name, property: property, value: KafkaSettings.isSecret(property) ? nil : given.value,
                source: given.isFlag ? .flag : .environment)
        }
    }
}

extension SettingsReport.Entry {
    fileprivate init(_ setting: Setting, in reading: SettingsReading) {
        name = setting.name
        property = nil
        value = reading.text(setting)
        source = reading.given[setting.name].map { $0.isFlag ? .flag : .environment } ?? .unset
    }
}
