import Campaign
import Kafka
import Synchronization
import Worker

/// A wish to stop, from a signal's thread to another.
final class StopWish: Sendable {
    private let wished = Atomic<Bool>(false)

    var isWished: Bool { wished.load(ordering: .relaxed) }

    func wish() { wished.store(true, ordering: .relaxed) }
}

/// Who executes commands: billing or the gateway.
protocol CommandTaker: ~Copyable {
    /// Takes a command as it stands in its topic.
    mutating func take(_ command: Record)
    /// Does what is due at a moment; returns when something is due next, nil when nothing is.
    mutating func act(_ now: Timestamp) throws(KafkaFailure) -> Timestamp?
}

/// Takes the commands of a topic, one after the other, until it is to end. Each is taken once: where it goes on is kept
/// by the brokers under its group's name.
struct SimulationRun {
    /// The longest single wait, so that a stop is seen soon, in milliseconds.
    private static let longestWaitMs: Int64 = 100
    /// With `--until-quiet`: so long nothing came, in milliseconds.
    private static let quietMs: Int64 = 3000

    let settings: Settings
    let role: TopicRole
    let group: String
    let partitions: Int32
    /// It ends after so many seconds; nil for never.
    let seconds: Int64?
    let endsWhenQuiet: Bool
    let stop: StopWish

    /// Hands over each command, and lets the taker act after those that came together.
    func run<Taker: CommandTaker & ~Copyable>(_ taker: inout Taker) throws(KafkaFailure) {
        let topic = settings.topics.name(role)
        let kept = try KeptPlaces(settings.kafka, group: group, topic: topic) { _, _ in }
        let places = try kept.read(partitions: partitions, timeoutMs: brokerTimeoutMs)
        var follower = try TopicFollower(settings.kafka, topics: [topic], from: places) { _, _ in }
        var batch = RecordBatch()
        let started = Clock.now()
        var lastCame = started
        var due: Timestamp?
        while !isOver(started: started, lastCame: lastCame, waits: due != nil) {
            let wait = due.map { max(0, min(Self.longestWaitMs, $0.milliseconds - Clock.now().milliseconds)) }
            try follower.read(into: &batch, maximum: 1000, timeoutMs: Int32(wait ?? Self.longestWaitMs))
            var reached: [Int32: Int64] = [:]
            for index in 0..<batch.count {
                taker.take(batch[index])
                reached[batch[index].partition] = batch[index].offset + 1
            }
            if !reached.isEmpty { lastCame = Clock.now() }
            batch.release()
            due = try taker.act(Clock.now())
            try kept.keep(reached.map { TopicOffset(topic: 0, partition: $0.key, offset: $0.value) })
        }
    }

    private func isOver(started: Timestamp, lastCame: Timestamp, waits: Bool) -> Bool {
        let now = Clock.now().milliseconds
        if stop.isWished { return true }
        if let seconds, now - started.milliseconds >= seconds * 1000 { return true }
        return endsWhenQuiet && !waits && now - lastCame.milliseconds >= Self.quietMs
    }
}
