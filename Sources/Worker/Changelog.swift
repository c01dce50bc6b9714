package import Campaign
public import Kafka

/// The topic that keeps the state, read from its beginning to its end.
public struct Changelog: Sendable {
    /// Why it could not be read.
    public enum Failure: Error {
        /// A call failed.
        case kafka(KafkaFailure)
        /// The state can't go on.
        case stop(Stop)
    }

    /// How long all of it may take, in milliseconds: a transaction left open on it ends by its own timeout of 10 s.
    static let patienceMs: Int32 = 120_000

    private let topic: String
    private let kafka: ClientProperties
    private let log: KafkaLog

    /// The changelog on this topic, given by its full name.
    public init(topic: String, kafka: ClientProperties, log: @escaping KafkaLog) {
        self.topic = topic
        self.kafka = kafka
        self.log = log
    }

    /// The partition count that the campaign began with; nil when it has not begun.
    public func keptPartitionCount() throws(Failure) -> Int32? {
        try survey([0]).partitionCount
    }

    /// What the shards of these partitions say together.
    func survey(_ partitions: [Int32]) throws(Failure) -> StateSurvey {
        var survey = StateSurvey()
        try read(partitions) { (partition, key, value) throws(StateError) in
            try survey.note(partition: partition, key: key, value: value)
        }
        return survey
    }

    /// Calls `body` with partition, key and value of every committed record, in each partition's order. A value is nil for
    /// what is gone.
    package func read(
        _ partitions: [Int32], _ body: (Int32, Bytes, Bytes?) throws(StateError) -> Void
    ) throws(Failure) {
        let started = Clock.monotonicMilliseconds()
        var batch = RecordBatch()
        var reader = try open(partitions)
        while !reader.isFinished {
            do throws(KafkaFailure) {
                try reader.read(into: &batch, maximum: 2000, timeoutMs: 1000)
            } catch {
                throw .kafka(error)
            }
            try take(batch, body)
            batch.release()
            guard reader.isFinished || Clock.monotonicMilliseconds() - started < Int64(Self.patienceMs) else {
                throw .stop(
                    Stop(
                        .failed,
                        "\(topic) can't be read to its end within \(Self.patienceMs / 1000) s: is a transaction left "
                            + "open there, or a broker away? Look at it, then start again"))
            }
        }
    }

    private func open(_ partitions: [Int32]) throws(Failure) -> TopicReader {
        do throws(KafkaFailure) {
            return try TopicReader(
                kafka, topics: [topic],
                from: partitions.map { TopicOffset(topic: 0, partition: $0, offset: TopicOffset.beginning) },
                timeoutMs: Self.patienceMs, log: log)
        } catch {
            throw .kafka(error)
        }
    }

    private func take(
        _ batch: borrowing RecordBatch, _ body: (Int32, Bytes, Bytes?) throws(StateError) -> Void
    ) throws(Failure) {
        for index in 0..<batch.count {
            let record = batch[index]
            guard let key = record.key else { continue }
            do throws(StateError) {
                try body(record.partition, Bytes(key), record.value.map { Bytes($0) })
            } catch {
                throw .stop(Stop(error))
            }
        }
    }
}
