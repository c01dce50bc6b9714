import Campaign
import Glibc
import Kafka

/// A lane without a broker: what it does with a batch between the poll and the transaction, and with the same calls.
struct OfflineLane: ~Copyable {
    static let partitions: Int32 = 12

    /// An input record and where it stands.
    struct Input {
        let topic: InputTopic
        let partition: Int32
        let key: [UInt8]
        let value: [UInt8]
    }

    /// Nanoseconds by stage, all batches together.
    struct Stages {
        var decode: Int64 = 0
        var decide: Int64 = 0
        var encode: Int64 = 0
        var changelog: Int64 = 0
        var commit: Int64 = 0
    }

    private let shards: [Shard]
    private var decoder = EventDecoder()
    private var encoder: EffectEncoder
    private var effects: [Effect] = []
    private var sent = Sent()
    private var received = Sent()
    private var offsets = [Int64](repeating: 0, count: InputTopic.allCases.count * Int(partitions))
    private(set) var stages = Stages()

    init(_ campaign: CampaignFile) {
        shards = (0..<Self.partitions).map { partition in
            let shard = Shard(partition: partition, partitionCount: Self.partitions, campaign: campaign)
            for topic in InputTopic.allCases { shard.begin(topic, at: 0) }
            return shard
        }
        encoder = EffectEncoder(
            campaign: campaign, partitionCount: Self.partitions,
            inputNames: InputTopic.allCases.map { "\($0)" }, creditsName: "bonus-credits", group: "bench")
    }

    /// Records out so far, by topic.
    var produced: [Int] { sent.produced }

    /// Forgets what was measured so far.
    mutating func restartClock() {
        stages = Stages()
        sent.produced = Sent().produced
    }

    /// Decides a batch, and the mail of the one before.
    mutating func run(_ batch: ArraySlice<Input>, now: Timestamp) throws(StateError) {
        swap(&sent.mail, &received.mail)
        sent.mail.removeAll()
        for input in batch { try decide(input, now) }
        for index in received.mail.records.indices { try decideMail(index, now) }
        let started = nanoseconds()
        for shard in shards {
            shard.forEachChange { topic, key, value in
                sent.append(topic, shard.partition, key, value, isCloudEvent: false)
            }
        }
        let closed = nanoseconds()
        for shard in shards { shard.commit() }
        sent.outbox.removeAll()
        stages.changelog += closed - started
        stages.commit += nanoseconds() - closed
    }

    private mutating func decide(_ input: Input, _ now: Timestamp) throws(StateError) {
        let started = nanoseconds()
        let offset = advance(input.topic, input.partition)
        // The arrays outlive the call, and so do views into them.
        let source = SourceRecord(
            topic: input.topic, partition: input.partition, offset: offset, timestamp: now,
            key: input.key.withUnsafeBytes { Bytes($0) }, value: input.value.withUnsafeBytes { Bytes($0) },
            headers: .none)
        let decoded = decoder.decode(source)
        let read = nanoseconds()
        _ = try shards[Int(input.partition)].apply(source, decoded, cameByMail: false, now: now, into: &effects)
        stages.decode += read - started
        encodeEffects(of: input.partition, since: read)
    }

    private mutating func decideMail(_ index: Int, _ now: Timestamp) throws(StateError) {
        let started = nanoseconds()
        let (partition, range) = received.mail.records[index]
        _ = advance(.mail, partition)
        let value = received.mail.bytes.withUnsafeBytes { Bytes(UnsafeRawBufferPointer(rebasing: $0[range])) }
        guard case .claim(let claim) = try Mail(value) else { return }
        _ = try shards[Int(partition)].apply(claim, now: now, into: &effects)
        encodeEffects(of: partition, since: started)
    }

    private mutating func encodeEffects(of partition: Int32, since started: Int64) {
        let decided = nanoseconds()
        Self.encode(effects, of: partition, with: &encoder, into: &sent)
        effects.removeAll(keepingCapacity: true)
        stages.decide += decided - started
        stages.encode += nanoseconds() - decided
    }

    private static func encode(
        _ effects: [Effect], of partition: Int32, with encoder: inout EffectEncoder, into sent: inout Sent
    ) {
        let effects = effects.span
        for index in effects.indices {
            encoder.encode(effects[index], of: partition) { record in
                var isCloudEvent = false
                if case .cloudEvent = record.headers { isCloudEvent = true }
                sent.append(
                    record.topic, record.partition, record.key, record.value, isCloudEvent: isCloudEvent)
            }
        }
    }

    private mutating func advance(_ topic: InputTopic, _ partition: Int32) -> Int64 {
        let index = Int(topic.rawValue) * Int(Self.partitions) + Int(partition)
        offsets[index] += 1
        shards[Int(partition)].advance(topic, to: offsets[index])
        return offsets[index] - 1
    }
}

/// What a batch put out.
private struct Sent: ~Copyable {
    /// Mail, which the next batch reads: one run of bytes, so that none is allocated for itself.
    struct MailBag {
        var bytes: [UInt8] = []
        var records: [(partition: Int32, range: Range<Int>)] = []

        mutating func removeAll() {
            bytes.removeAll(keepingCapacity: true)
            records.removeAll(keepingCapacity: true)
        }
    }

    var outbox = Outbox()
    var mail = MailBag()
    var produced = [Int](repeating: 0, count: OutputTopic.allCases.count)
    private let cloudEvent = HeaderBlock()

    init() { cloudEvent.add("content-type", "application/cloudevents+json") }

    mutating func append(
        _ topic: OutputTopic, _ partition: Int32, _ key: Bytes?, _ value: Bytes?, isCloudEvent: Bool
    ) {
        produced[topic.rawValue] += 1
        outbox.append(
            topic: topic.rawValue, partition: partition, key: key?.buffer, value: value?.buffer,
            headers: isCloudEvent ? cloudEvent : nil)
        guard topic == .mail, let value else { return }
        let start = mail.bytes.count
        mail.bytes.append(contentsOf: value.buffer)
        mail.records.append((partition, start..<mail.bytes.count))
    }
}

/// Nanoseconds of a clock that only rises.
func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
