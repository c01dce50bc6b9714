import Campaign
import Kafka

/// A setting on the command line: `--worker-lanes 4`, `--kafka-security-protocol ssl`.
public struct SettingFlag: Equatable, Sendable {
    /// The setting's name as the environment has it.
    public let name: String
    /// As a person wrote it.
    public let flag: String
    /// Its value.
    public let value: String

    /// Nil when `flag`, `--` included, is neither a setting nor begins with `--kafka-`.
    public init?(_ flag: String, value: String) {
        guard flag.hasPrefix("--") else { return nil }
        let name = KafkaSettings.form(of: String(flag.dropFirst(2)))
        guard name.hasPrefix("KAFKA_") || Setting.all.contains(where: { $0.name == name }) else { return nil }
        self.name = name
        self.flag = flag
        self.value = value
    }
}

/// All that is wrong with the settings, each with what to change.
public struct SettingsProblems: Error, Equatable, Sendable {
    /// What is wrong on the command line.
    public internal(set) var usage: [String] = []
    /// What is wrong in the environment, or missing.
    public internal(set) var environment: [String] = []

    /// Everything that is wrong.
    public var all: [String] { usage + environment }

    /// How the process ends.
    public var exitCode: ExitCode { usage.isEmpty ? .badConfiguration : .usage }
}

extension Settings {
    /// Reads the settings: flag, then environment, then default. An empty value counts as not set.
    ///
    /// Throws everything that is wrong at once.
    public init(
        environment: [String: String], flags: [SettingFlag], needsBrokers: Bool = true
    ) throws(SettingsProblems) {
        let reading = SettingsReading(environment: environment, flags: flags, needsBrokers: needsBrokers)
        guard reading.problems.all.isEmpty else { throw reading.problems }
        kafka = reading.properties
        bootstrapServers = reading.value(.bootstrapServers)
        campaignFile = reading.text(.campaignFile)
        workerID = reading.text(.workerID)
        group = reading.text(.workerGroup)
        lanes = reading.integer(.workerLanes)
        topics = Topics(
            prefix: reading.text(.topicsPrefix), partitions: reading.integer(.topicsPartitions),
            replication: reading.integer(.topicsReplication))
        commitIntervalMilliseconds = reading.integer(.commitInterval)
        commitRecords = reading.integer(.commitRecords)
        httpAddress = HTTPAddress(reading.text(.httpAddress))
        log = Log(
            level: Log.Level(rawValue: reading.text(.logLevel)) ?? .info,
            format: Log.Format(rawValue: reading.text(.logFormat)) ?? .json)
    }
}

/// What flags and environment say of each setting, and what is wrong with it.
struct SettingsReading {
    /// What a person set.
    struct Given {
        let value: String
        /// As a person wrote it, `--worker-lanes` or `WORKER_LANES`.
        let source: String
        let isFlag: Bool
    }

    /// By the setting's name; what is empty is absent.
    private(set) var given: [String: Given] = [:]
    private(set) var properties: ClientProperties = [:]
    private(set) var problems = SettingsProblems()

    init(environment: [String: String], flags: [SettingFlag], needsBrokers: Bool) {
        for (name, value) in environment where !value.isEmpty {
            given[name] = Given(value: value, source: name, isFlag: false)
        }
        for flag in flags {
            given[flag.name] = flag.value.isEmpty ? nil : Given(value: flag.value, source: flag.flag, isFlag: true)
        }
        for setting in Setting.all { check(setting) }
        readProperties()
        reportTypingMistakes()
        if needsBrokers, value(.bootstrapServers) == nil {
            problems.environment.append(
                "\(Setting.bootstrapServers.name) is not set: name the brokers, as host:port,host:port")
        }
        if value(.workerID) == nil, Setting.workerID.need(for: hostName()) != nil || hostName().isEmpty {
            problems.environment.append(
                "\(Setting.workerID.name) is not set and the host name can't stand for it: set it")
        }
    }

    /// What was given for a setting; nil when nothing was.
    func value(_ setting: Setting) -> String? { given[setting.name]?.value }

    /// What was given for a setting, else its default.
    func text(_ setting: Setting) -> String { value(setting) ?? setting.unsetValue }

    /// A checked whole number.
    func integer(_ setting: Setting) -> Int { Int(text(setting)) ?? 0 }

    private mutating func check(_ setting: Setting) {
        guard let entry = given[setting.name], let need = setting.need(for: entry.value) else { return }
        report("\(entry.source) is \(quoted(entry.value)): \(need)", of: entry)
    }

    private mutating func readProperties() {
        let kafka = KafkaSettings()
        for (name, entry) in given.sorted(by: { $0.key < $1.key }) where name.hasPrefix("KAFKA_") {
            if !entry.isFlag, KafkaSettings.isForeign(name) { continue }
            do throws(KafkaSettings.Refusal) {
                let property = try kafka.property(form: String(name.dropFirst(6)), value: entry.value)
                properties[property.name] = property.value
            } catch {
                report("\(entry.source): \(describe(error, of: entry))", of: entry)
            }
        }
    }

    private func describe(_ refusal: KafkaSettings.Refusal, of entry: Given) -> String {
        switch refusal {
        case .unknown(let property, nil):
            "librdkafka has no property \(property)"
        case .unknown(let property, let nearest?):
            "librdkafka has no property \(property); did you mean \(spelled("KAFKA_" + nearest, like: entry))?"
        case .refused(let reason):
            reason
        }
    }

    private mutating func reportTypingMistakes() {
        for (name, entry) in given.sorted(by: { $0.key < $1.key }) where !entry.isFlag && !name.hasPrefix("KAFKA_") {
            guard !Setting.all.contains(where: { $0.name == name }) else { continue }
            guard let meant = Setting.all.first(where: { looksMistyped(name, for: $0.name) }) else { continue }
            report("\(name) is no setting; did you mean \(meant.name)?", of: entry)
        }
    }

    private func spelled(_ name: String, like entry: Given) -> String {
        entry.isFlag ? "--" + name.lowercased().replacing("_", with: "-") : name
    }

    private mutating func report(_ problem: String, of entry: Given) {
        if entry.isFlag {
            problems.usage.append(problem)
        } else {
            problems.environment.append(problem)
        }
    }
}

/// A value for a message: not longer than a line, numbers masked.
private func quoted(_ value: String) -> String {
    let short = value.count > 60 ? value.prefix(60) + "…" : value[...]
    return "\"\(masked(String(short)))\""
}
