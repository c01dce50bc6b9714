import Foundation
import Glibc
import Synchronization
import TestSupport

/// Sends recharges on a thread of its own, each at the moment intended for it, however late the others were.
final class Sending: Sendable {
    private let prefix: String
    private let producer: TestProducer
    private let records: [BenchEvents.Record]
    private let rate: Int
    private let begun = Atomic<Int64>(0)
    private let hasEnded = Atomic(false)
    private let failure = Mutex<(any Error)?>(nil)
    /// Commands that the events lead to.
    let expected: Int

    init(_ worker: BenchWorker, count: Int, rate: Int, subscribers: Int) throws {
        prefix = worker.prefix
        var source = BenchEvents(subscribers: subscribers)
        records = (0..<count).map { index in source.recharge(index % subscribers, at: index % 3600) }
        self.rate = rate
        producer = try TestProducer(
            bootstrapServers: worker.server.bootstrapServers,
            // Kafka's own producer waits as long, since 4.0.
            properties: ["linger.ms": "5", "compression.codec": "lz4", "max.in.flight": "5"])
        // A recharge below the lowest tier gets nothing.
        expected = records.count {
            !$0.value.contains("\"amountFen\":1000,") && !$0.value.contains("\"amountFen\":2000,")
        }
    }

    /// Starts the thread. The closure says whether it has sent all, or throws what stopped it.
    func start() -> () throws -> Bool {
        begun.store(nanoseconds() + 100_000_000, ordering: .releasing)
        Thread.detachNewThread { self.run() }
        return {
            if let failure = self.failure.withLock({ $0 }) { throw failure }
            return self.hasEnded.load(ordering: .acquiring)
        }
    }

    /// When an event was to be sent.
    func intended(_ index: Int) -> Int64 {
        begun.load(ordering: .acquiring) + Int64(index) * 1_000_000_000 / Int64(rate)
    }

    /// The event of a command: its cause is the event's id, `R7-0000000042`.
    static func index(of record: TestRecord) -> Int? {
        guard let value = record.value, let cause = value.firstRange(of: Self.cause) else { return nil }
        return Int(String(decoding: value[cause.upperBound...].prefix(10), as: UTF8.self))
    }

    private static let cause = Array("\"cause\":\"R7-".utf8)

    private func run() {
        do {
            for (index, record) in records.enumerated() {
                let wait = intended(index) - nanoseconds()
                if wait > 200_000 { usleep(UInt32(wait / 1000)) }
                try producer.produce(topic: prefix + record.topic, key: record.key, value: record.value)
            }
            try producer.flush()
            hasEnded.store(true, ordering: .releasing)
        } catch {
            failure.withLock { $0 = error }
        }
    }
}
