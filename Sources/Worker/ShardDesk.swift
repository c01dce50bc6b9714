import Campaign
import Kafka

/// A lane's shards and what their running transaction holds: records go in, shards change, the outbox fills.
struct ShardDesk: ~Copyable {
    private let configuration: LaneConfiguration
    private(set) var outbox = Outbox()
    /// What the running transaction decided.
    private(set) var tally = Tally()
    /// When its records were published.
    private(set) var arrivals = Arrivals()
    private var byPartition: [Shard?]
    /// Shards that the running transaction concerns: each sends its own record and its offsets.
    private var touched: [Shard] = []
    private var decoder = EventDecoder()
    private var encoder: EffectEncoder
    private var effects: [Effect] = []
    private var headers = Writer()
    /// By partition.
    private var storms: [StormWatch]
    private let cloudEvent = HeaderBlock()

    init(_ configuration: LaneConfiguration) {
        self.configuration = configuration
        byPartition = Array(repeating: nil, count: Int(configuration.partitionCount))
        storms = Array(repeating: StormWatch(), count: Int(configuration.partitionCount))
        encoder = EffectEncoder(
            campaign: configuration.campaign, partitionCount: configuration.partitionCount,
            inputNames: configuration.inputNames, creditsName: configuration.topics.name(.bonusCredits),
            group: configuration.group)
        cloudEvent.add("content-type", "application/cloudevents+json")
    }

    /// All shards, by partition.
    var shards: [Shard] { byPartition.compactMap { $0 } }

    /// Takes shards in; one that was there under the same partition is dropped with all that was staged.
    mutating func replace(_ shards: [Shard]) {
        rollback()
        for shard in shards { byPartition[Int(shard.partition)] = shard }
    }

    /// Drops shards.
    mutating func remove(_ partitions: [Int32]) {
        for partition in partitions where partition < byPartition.count { byPartition[Int(partition)] = nil }
    }

    /// Where these partitions are to be read on, on every followed topic.
    func places(of partitions: [Int32]) -> [TopicOffset] {
        partitions.flatMap { partition in
            byPartition[Int(partition)].map { offsets(of: $0) } ?? []
        }
    }

    /// The offsets that the running transaction must carry.
    func offsets() -> [TopicOffset] { touched.flatMap { offsets(of: $0) } }

    private func offsets(of shard: Shard) -> [TopicOffset] {
        InputTopic.allCases.map {
            TopicOffset(topic: Int($0.rawValue), partition: shard.partition, offset: shard.stagedPosition(of: $0) ?? 0)
        }
    }

    /// Makes a shard part of the running transaction.
    mutating func touch(_ shard: Shard) {
        if !touched.contains(where: { $0 === shard }) { touched.append(shard) }
    }

    /// Applies a batch's records, in order. Records of partitions without a shard, or before its position, are none of ours.
    mutating func apply(_ batch: borrowing RecordBatch) throws(StateError) {
        let now = Clock.now()
        for index in 0..<batch.count {
            let record = batch[index]
            guard let topic = InputTopic(rawValue: UInt8(record.topic)), Int(record.partition) < byPartition.count,
                let shard = byPartition[Int(record.partition)], record.offset >= shard.stagedPosition(of: topic) ?? 0
            else { continue }
            touch(shard)
            arrivals.note(topic, record.partition, publishedMs: record.timestampMs)
            try apply(record, topic, to: shard, now: now)
            shard.advance(topic, to: record.offset + 1)
        }
    }

    private mutating func apply(_ record: Record, _ topic: InputTopic, to shard: Shard, now: Timestamp)
        throws(StateError)
    {
        switch topic {
        case .mail: try applyMail(record, to: shard, now: now)
        case .requests: try applyRequest(record, to: shard, now: now)
        case .recharges, .assists, .receipts:
            let source = SourceRecord(
                topic: topic, partition: record.partition, offset: record.offset,
                timestamp: Timestamp(milliseconds: record.timestampMs), key: record.key.map { Bytes($0) },
                value: record.value.map { Bytes($0) }, headers: headers(of: record))
            let decision = try apply(source, to: shard, cameByMail: false, now: now)
            warn(storms[Int(shard.partition)].note(decision, effects, nowMs: Clock.monotonicMilliseconds()), of: shard)
        }
        encodeEffects(of: shard)
    }

    @discardableResult
    private mutating func apply(_ source: SourceRecord, to shard: Shard, cameByMail: Bool, now: Timestamp)
        throws(StateError) -> Decision
    {
        let decoded = decoder.decode(source)
        let decision = try shard.apply(source, decoded, cameByMail: cameByMail, now: now, into: &effects)
        tally.count(Tally.Input(decoded.result), decision)
        return decision
    }

    private mutating func applyMail(_ record: Record, to shard: Shard, now: Timestamp) throws(StateError) {
        switch try Mail(record.value.map { Bytes($0) } ?? .none) {
        case .claim(let claim):
            tally.count(.claim, try shard.apply(claim, now: now, into: &effects))
        case .forwarded(let source):
            try apply(source, to: shard, cameByMail: true, now: now)
        }
    }

    private mutating func applyRequest(_ record: Record, to shard: Shard, now: Timestamp) throws(StateError) {
        let headers = headers(of: record)
        let request: LetterRequest
        do throws(LetterRequest.Refusal) {
            request = try LetterRequest(
                key: record.key.map { Bytes($0) }, value: record.value.map { Bytes($0) }, headers: headers,
                inputNames: configuration.inputNames)
        } catch {
            tally.countRequest(isIgnored: true)
            return log(error, headers)
        }
        let refusal = try shard.apply(request, &decoder, now: now, into: &effects)
        tally.countRequest(isIgnored: refusal != nil)
        if let refusal { log(refusal, headers) }
    }

    private func log(_ refusal: LetterRequest.Refusal, _ headers: Headers) {
        configuration.log.write(
            .warn, "request-ignored", refusal.rawValue,
            [
                "letter": "\(headers.text("recharge.letter.id").prefix(200))",
                "by": "\(headers.text("recharge.request.by").prefix(200))",
                "request": "\(headers.text("recharge.request.id").prefix(200))",
            ])
    }

    private mutating func headers(of record: Record) -> Headers {
        guard record.hasHeaders else { return .none }
        headers.removeAll()
        record.forEachHeader { name, value in headers.putHeader(Bytes(name), value.map { Bytes($0) }) }
        return Headers(bytes: headers.bytes)
    }

    private func warn(_ storm: Storm?, of shard: Shard) {
        guard let storm else { return }
        configuration.log.write(
            .error, "storm", storm.description,
            [
                "partition": .integer(Int64(shard.partition)), "reason": "\(storm.reason.name)",
                "count": .integer(Int64(storm.count)),
            ])
    }

    /// Fires a shard's deadlines up to the horizons of gifts and of the grace.
    mutating func fireDeadlines(
        of shard: Shard, gifts: Timestamp?, grace: Timestamp?, limit: Int
    ) throws(StateError) {
        let now = Clock.now()
        let expired = try shard.fireDeadlines(gifts: gifts, grace: grace, now: now, limit: limit, into: &effects)
        tally.count(.assistExpired, times: expired)
        warn(
            storms[Int(shard.partition)].noteDelayedGifts(effects, nowMs: Clock.monotonicMilliseconds()), of: shard)
        if shard.hasChanges { touch(shard) }
        encodeEffects(of: shard)
    }

    /// Encodes at once: the effects' texts live until the next record is decoded.
    private mutating func encodeEffects(of shard: Shard) {
        Self.encode(effects, of: shard.partition, with: &encoder, into: &outbox, &tally, cloudEvent)
        effects.removeAll(keepingCapacity: true)
    }

    private static func encode(
        _ effects: [Effect], of partition: Int32, with encoder: inout EffectEncoder, into outbox: inout Outbox,
        _ tally: inout Tally, _ cloudEvent: HeaderBlock
    ) {
        // Effects are large to copy.
        let effects = effects.span
        for index in effects.indices {
            tally.count(effects[index])
            encoder.encode(effects[index], of: partition) { record in
                outbox.append(
                    topic: record.topic.rawValue, partition: record.partition, key: record.key?.buffer,
                    value: record.value?.buffer, headers: block(record.headers, cloudEvent),
                    timestampMs: record.timestamp?.milliseconds)
                if record.topic == .smsNotifications { tally.countMessage(segments: record.segments) }
            }
        }
    }

    private static func block(_ headers: OutgoingHeaders, _ cloudEvent: HeaderBlock) -> HeaderBlock? {
        switch headers {
        case .none: return nil
        case .cloudEvent: return cloudEvent
        case .list(let headers):
            let block = HeaderBlock()
            headers.forEach { name, value in block.add(name.buffer, value?.buffer) }
            return block
        }
    }

    /// Adds the touched shards' changed state to the outbox; false when nothing is touched.
    mutating func closeOutbox() -> Bool {
        for shard in touched {
            shard.forEachChange { topic, key, value in
                outbox.append(
                    topic: topic.rawValue, partition: shard.partition, key: key.buffer, value: value?.buffer)
            }
        }
        return !touched.isEmpty
    }

    /// Adopts what the transaction changed.
    mutating func commit() {
        for shard in touched { shard.commit() }
        closeTransaction()
    }

    /// Forgets what the transaction would have changed.
    mutating func rollback() {
        for shard in touched { shard.rollback() }
        closeTransaction()
    }

    private mutating func closeTransaction() {
        touched.removeAll(keepingCapacity: true)
        outbox.removeAll()
        tally.removeAll()
        arrivals.removeAll()
    }
}
