internal import CRdKafka

/// Reads partitions from given places to a stable end, without a group: the committed records below the high watermark
/// that stood when it was made. An open transaction is waited for, since what follows it may be committed already.
public struct TopicReader: ~Copyable {
    private let client: Client
    private let queue: ConsumerQueue
    /// The ends of the partitions that are not read to them.
    private var ends: [Place: Int64] = [:]

    private struct Place: Hashable {
        let topic: Int
        let partition: Int32
    }

    /// Asks for the ends and starts fetching. `places` may begin at `TopicOffset.beginning`.
    public init(
        _ properties: ClientProperties, topics: [String], from places: [TopicOffset], timeoutMs: Int32,
        log: @escaping KafkaLog
    ) throws(KafkaFailure) {
        let deadline = Deadline(afterMs: timeoutMs)
        let watermarks = try WatermarkReader(properties, topics: topics, log: log)
        var ends: [Place: Int64] = [:]
        var starts: [TopicOffset] = []
        for place in places {
            let range = try watermarks.read(
                topic: place.topic, partition: place.partition, timeoutMs: max(deadline.remainingMs, 1))
            // Left to find a beginning by itself, librdkafka waits half a second.
            let start = max(place.offset, range.low)
            guard range.high > start else { continue }
            ends[Place(topic: place.topic, partition: place.partition)] = range.high
            starts.append(TopicOffset(topic: place.topic, partition: place.partition, offset: start))
        }
        let client = try Client(
            RD_KAFKA_CONSUMER, ReaderProperties.make(properties, isolation: "read_committed"), topics: topics,
            log: log)
        let queue = ConsumerQueue(newFor: client)
        for start in starts { try queue.startFetching(start) }
        self.client = client
        self.queue = queue
        self.ends = ends
    }

    /// Whether every partition is read to its end.
    public var isFinished: Bool { ends.isEmpty }

    /// The ends that are not reached, for a message about what is waited for.
    public var unfinished: [TopicOffset] {
        ends.map { TopicOffset(topic: $0.key.topic, partition: $0.key.partition, offset: $0.value) }
    }

    /// Adds at most `maximum` records to the batch: waits for the first and takes what is there with it. Returns when
    /// the time is over, too. How long to wait in all is the caller's decision.
    public mutating func read(into batch: inout RecordBatch, maximum: Int, timeoutMs: Int32) throws(KafkaFailure) {
        guard !isFinished else { return }
        client.serve(waitingMs: 0)
        // A call for many waits out its time when fewer come: at the end of the last partition that is all of it.
        try consume(into: &batch, maximum: 1, timeoutMs: timeoutMs)
        guard !isFinished, maximum > 1 else { return }
        try consume(into: &batch, maximum: maximum - 1, timeoutMs: 0)
        client.wakeFetching(
            ends.keys.map {
                TopicOffset(topic: $0.topic, partition: $0.partition, offset: Int64(RD_KAFKA_OFFSET_END))
            })
    }

    private mutating func consume(into batch: inout RecordBatch, maximum: Int, timeoutMs: Int32) throws(KafkaFailure) {
        var failure: KafkaFailure?
        var reached: [(Place, Int64)] = []
        let first = batch.count
        batch.consume(from: queue.pointer, of: client, maximum: maximum, timeoutMs: timeoutMs) { message in
            let fields = message.pointee
            if fields.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
                reached.append((Place(topic: client.index(of: fields.rkt), partition: fields.partition), fields.offset))
                return
            }
            let found = client.failure(fields.err, client.placedText(of: message), call: "read")
            if Reaction.passesByItself(fields.err) {
                client.events.log(4, found.description)
            } else {
                failure = failure ?? found
            }
        }
        dropBehindEnds(&batch, from: first)
        for (place, offset) in reached { finish(place, at: offset) }
        if let failure { throw failure }
    }

    /// Drops the records behind their partition's end, and finishes partitions whose last record is here.
    private mutating func dropBehindEnds(_ batch: inout RecordBatch, from first: Int) {
        let ends = ends
        var reached: [Place: Int64] = [:]
        batch.remove(from: first) { message in
            let fields = message.pointee
            let place = Place(topic: client.index(of: fields.rkt), partition: fields.partition)
            reached[place] = fields.offset + 1
            guard let end = ends[place] else { return true }
            return fields.offset >= end
        }
        for (place, offset) in reached { finish(place, at: offset) }
    }

    private mutating func finish(_ place: Place, at offset: Int64) {
        guard let end = ends[place], offset >= end else { return }
        ends[place] = nil
        rd_kafka_consume_stop(client.topics[place.topic], place.partition)
    }
}
