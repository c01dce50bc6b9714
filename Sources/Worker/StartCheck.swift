import Kafka

/// What `run` looks at before it starts: the topics must be there, with one partition count. It creates nothing.
struct StartCheck {
    private static let timeoutMs: Int32 = 10_000

    let settings: Settings

    /// The topics' partition count.
    func partitionCount() throws(StartFailure) -> Int32 {
        var counts: [(name: String, partitions: Int32?)] = []
        do throws(KafkaFailure) {
            let log = settings.log
            // Why nobody answers is in the failure.
            let admin = try Admin(settings.kafka) { _, text in log.write(.debug, "kafka", text) }
            for role in TopicRole.allCases {
                let name = settings.topics.name(role)
                counts.append((name, try admin.partitions(of: name, timeoutMs: Self.timeoutMs)))
            }
        } catch {
            throw StartFailure(stop: Stop(error, settings))
        }
        let known = counts.compactMap(\.partitions).first.map { Int($0) }
        let command = settings.topics.createCommand(partitions: known)
        let missing = counts.filter { $0.partitions == nil }.map(\.name)
        guard missing.isEmpty else {
            throw StartFailure(
                stop: Stop(
                    .badConfiguration,
                    "topics are missing: \(missing.joined(separator: ", ")); make them with: \(command)"))
        }
        let found = Set(counts.compactMap(\.partitions))
        guard found.count == 1, let count = found.first else {
            let list = counts.map { "\($0.name) \($0.partitions ?? 0)" }.joined(separator: ", ")
            throw StartFailure(
                stop: Stop(
                    .badConfiguration,
                    "all topics must have the same number of partitions, found: \(list); "
                        + "see what to change with: \(settings.topics.checkCommand)"
                ))
        }
        return count
    }
}

/// The worker can't start.
struct StartFailure: Error {
    let stop: Stop
}

extension Stop {
    /// The end that a failed call asks for, outside of lanes.
    init(_ failure: KafkaFailure, _ settings: Settings) {
        switch failure.reaction {
        case .retry, .unreachable, .abort, .renew, .rejoin:
            self.init(.unreachable, "no answer from the brokers at \(settings.bootstrapServers ?? ""): \(failure)")
        case .unauthorised: self.init(.notAllowed, WorkerRights(settings).words(failure))
        case .misconfigured: self.init(.badConfiguration, failure.text)
        case .fencedInstance: self.init(.badConfiguration, failure.description)
        case .lostPlace: self.init(.badData, failure.description)
        case .other: self.init(.failed, failure.description)
        }
    }
}
