package import Campaign
import Kafka

/// Makes shards from their changelog and holds them against the group's offsets.
struct Restore {
    /// Why shards could not be made.
    typealias Failure = Changelog.Failure

    let configuration: LaneConfiguration

    /// The shards of these partitions, each with its positions set.
    func shards(_ partitions: [Int32], _ session: borrowing Session) throws(Failure) -> [Shard] {
        try checkPartitionCount(partitions)
        let shards = partitions.map {
            Shard(partition: $0, partitionCount: configuration.partitionCount, campaign: configuration.campaign)
        }
        let committed = try kafka { () throws(KafkaFailure) in
            try session.committed(partitions, timeoutMs: Changelog.patienceMs)
        }
        try readChangelog(into: shards)
        for shard in shards {
            try state { () throws(StateError) in
                try shard.finishRestore(partitionCount: configuration.partitionCount)
            }
        }
        if shards.contains(where: { !$0.hasRunWithThisFile }) { try checkWholeState() }
        do throws(Failure) {
            try place(shards, committed)
        } catch {
            // Where another commits by now, its offsets ran ahead of what we read: no disagreement.
            try kafka { () throws(KafkaFailure) in
                try session.checkStill(committed, partitions, timeoutMs: Changelog.patienceMs)
            }
            throw error
        }
        return shards
    }

    /// Topics that grew while we run give partitions whose subscribers belong elsewhere.
    private func checkPartitionCount(_ partitions: [Int32]) throws(Failure) {
        guard let beyond = partitions.first(where: { $0 >= configuration.partitionCount }) else { return }
        throw .stop(Stop(StateError.otherPartitionCount(kept: configuration.partitionCount, found: beyond + 1)))
    }

    private func readChangelog(into shards: [Shard]) throws(Failure) {
        let byPartition = Dictionary(uniqueKeysWithValues: shards.map { ($0.partition, $0) })
        try changelog.read(shards.map(\.partition)) { (partition, key, value) throws(StateError) in
            try byPartition[partition]?.restore(key: key, value: value)
            crashPoint("restoring")
        }
    }

    /// A shard that is new, or last ran with another file, may go on only if the whole campaign may: a refused file pays
    /// nothing anywhere, and topics that grew make no new shards.
    private func checkWholeState() throws(Failure) {
        let survey = try changelog.survey(Array(0..<configuration.partitionCount))
        try state { () throws(StateError) in
            try survey.check(configuration.campaign, partitionCount: configuration.partitionCount)
        }
    }

    private var changelog: Changelog {
        Changelog(
            topic: configuration.topics.name(.campaignState), kafka: configuration.kafka, log: configuration.kafkaLog)
    }

    /// Sets where each shard reads on: where its own record says, which must be where the group's offsets say.
    private func place(_ shards: [Shard], _ committed: [CommittedOffset]) throws(Failure) {
        let watermarks = try kafka { () throws(KafkaFailure) in
            try WatermarkReader(configuration.kafka, topics: configuration.inputNames, log: configuration.kafkaLog)
        }
        for shard in shards {
            for topic in InputTopic.allCases {
                let group = committed.first { $0.topic == Int(topic.rawValue) && $0.partition == shard.partition }?
                    .offset
                let own = shard.position(of: topic)
                if let group, group != own { throw .stop(disagreement(shard, topic, group: group, own: own)) }
                if own != nil { continue }
                let beginning = try kafka { () throws(KafkaFailure) in
                    try watermarks.read(topic: Int(topic.rawValue), partition: shard.partition, timeoutMs: 10_000).low
                }
                shard.begin(topic, at: beginning)
            }
        }
    }

    private func disagreement(_ shard: Shard, _ topic: InputTopic, group: Int64, own: Int64?) -> Stop {
        let name = configuration.topics.name(topic.role)
        let kept = own.map { "the state stands at \($0)" } ?? "there is no state"
        return Stop(
            .badData,
            "offsets and state disagree on \(name) partition \(shard.partition): the group \(configuration.group) is at "
                + "\(group) and \(kept). Nothing was paid. If somebody moved the group's offsets, delete the group's offsets: "
                + "the state knows its place. If \(configuration.topics.name(.campaignState)) lost records, bring them back first"
        )
    }

    private func kafka<Value: ~Copyable>(_ call: () throws(KafkaFailure) -> Value) throws(Failure) -> Value {
        do throws(KafkaFailure) { return try call() } catch { throw .kafka(error) }
    }

    private func state(_ call: () throws(StateError) -> Void) throws(Failure) {
        do throws(StateError) { try call() } catch { throw .stop(Stop(error)) }
    }
}

extension Stop {
    /// The end that a state's error asks for.
    package init(_ error: StateError) {
        switch error {
        case .unreadable, .refusedCampaign: self.init(.badData, error.description)
        case .otherPartitionCount: self.init(.badConfiguration, error.description)
        }
    }
}
