package import Campaign
import Kafka

/// Makes shards from their changelog and holds them against the group's offsets.
struct Restore {
    /// Why shards could not be made.
    typealias Failure = Changelog.Failure

    /// How long the group's offsets may take, in milliseconds, until a line says so; they are asked for again. A
    /// transaction left open ends by its own timeout of 10 s, and a broker looks for such every 10 s.
    private static let offsetsMs: Int32 = 30_000

    let configuration: LaneConfiguration

    /// The shards of these partitions, each with its positions set.
    func shards(_ partitions: [Int32], _ session: borrowing Session) throws(Failure) -> [Shard] {
        try checkPartitionCount(partitions)
        let shards = partitions.map {
            Shard(partition: $0, partitionCount: configuration.partitionCount, campaign: configuration.campaign)
        }
        let committed = try kafka { () throws(KafkaFailure) in
            try session.committed(partitions, timeoutMs: Self.offsetsMs)
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
                try session.checkStill(committed, partitions, timeoutMs: Self.offsetsMs)
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
        let topics = [configuration.topics.name(.campaignState), configuration.topics.name(.bonusCredits)]
        let watermarks = try kafka { () throws(KafkaFailure) in
            try WatermarkReader(
                configuration.kafka, topics: configuration.inputNames + topics, log: configuration.kafkaLog)
        }
        for shard in shards {
            try checkAgreement(shard, committed)
            try checkNothingIsLost(shard, watermarks)
            for topic in InputTopic.allCases where shard.position(of: topic) == nil {
                shard.begin(topic, at: try ends(of: Int(topic.rawValue), shard, watermarks).low)
            }
        }
    }

    private func checkAgreement(_ shard: Shard, _ committed: [CommittedOffset]) throws(Failure) {
        for topic in InputTopic.allCases {
            let group = committed.first { $0.topic == Int(topic.rawValue) && $0.partition == shard.partition }?.offset
            let own = shard.position(of: topic)
            guard let group, group != own else { continue }
            guard let own else {
                throw .stop(lost(shard, "has no state, but the group has offsets: the state is lost"))
            }
            throw .stop(disagreement(shard, topic, group: group, own: own))
        }
    }

    /// A state that lost records pays some gifts again, under ids that billing does not know: an assist that was a line
    /// of a recharge's gift may get a gift of its own, and what caps have counted is forgotten.
    private func checkNothingIsLost(_ shard: Shard, _ watermarks: borrowing WatermarkReader) throws(Failure) {
        let (state, credits) = (configuration.inputNames.count, configuration.inputNames.count + 1)
        let beginning = try ends(of: state, shard, watermarks).low
        // Compaction leaves the beginning where it is.
        guard beginning == 0 else {
            throw .stop(lost(shard, "begins at offset \(beginning): records were deleted"))
        }
        guard shard.isNew, try ends(of: credits, shard, watermarks).high > 0 else { return }
        throw .stop(lost(shard, "has no state, but commands went out: the state is lost"))
    }

    private func lost(_ shard: Shard, _ what: String) -> Stop {
        Stop(
            .badData,
            "\(configuration.topics.name(.campaignState)) partition \(shard.partition) \(what). Nothing was paid. To decide "
                + "the events anew would pay some of them twice. Bring the topic back from a copy; if there is none, "
                + "docs/OPERATIONS.md says under \"When something is lost\" what is left to do")
    }

    private func ends(
        of topic: Int, _ shard: Shard, _ watermarks: borrowing WatermarkReader
    ) throws(Failure) -> Watermarks {
        do throws(KafkaFailure) {
            return try watermarks.read(topic: topic, partition: shard.partition, timeoutMs: 10_000)
        } catch {
            throw .kafka(error)
        }
    }

    private func disagreement(_ shard: Shard, _ topic: InputTopic, group: Int64, own: Int64) -> Stop {
        let name = configuration.topics.name(topic.role)
        return Stop(
            .badData,
            "offsets and state disagree on \(name) partition \(shard.partition): the group \(configuration.group) is at "
                + "\(group) and the state stands at \(own). Nothing was paid. If somebody moved the group's offsets, delete "
                + "them: the state knows its place. If \(configuration.topics.name(.campaignState)) lost records, bring them "
                + "back first"
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
