import Foundation
import Oracle
import Synchronization
import TestSupport

/// Billing and ops beside a run: they read what the worker commits, and answer it with all their faults.
final class BillingAndOps: Sendable {
    /// What they did so far.
    struct Activity {
        /// Commands and letters that they read, and what they published.
        var records = 0
        /// What they will still publish.
        var coming = 0
        /// Since when they had nothing to read and to publish.
        var quietSince = ContinuousClock.now
    }

    private let bootstrapServers: String
    private let isEnding = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)
    private let state = Mutex<Result<Activity, any Error>>(.success(Activity()))

    /// They begin to work, on a thread of their own.
    init(_ run: CampaignRun, seed: UInt64) {
        bootstrapServers = run.server.bootstrapServers
        let (campaign, prefix, group) = (run.campaign, run.prefix, run.group)
        Thread.detachNewThread { [self] in
            var desk = Desk(
                billing: Billing(campaign, partitions: CampaignRun.partitions, topicsPrefix: prefix, seed: seed),
                ops: Ops(
                    partitions: CampaignRun.partitions, topicsPrefix: prefix, patience: campaign.confirmWithin,
                    isConfluent: true,
                    seed: seed))
            do { try work(&desk, prefix, group) } catch { state.withLock { $0 = .failure(error) } }
            hasEnded.signal()
        }
    }

    /// What they did so far.
    func activity() throws -> Activity { try state.withLock { try $0.get() } }

    /// They stop at once.
    func end() throws {
        isEnding.store(true, ordering: .relaxed)
        guard hasEnded.wait(timeout: .now() + 90) == .success else {
            throw TestFailure("billing and ops did not end within 90 s")
        }
        _ = try activity()
    }

    private struct Desk {
        var billing: Billing
        var ops: Ops
        var coming: [Coming] = []

        mutating func read(_ record: TestRecord, _ prefix: String, at now: Int64) {
            coming +=
                record.topic == prefix + "bonus-credits"
                ? billing.answers(to: record, at: now) : ops.requests(about: record, at: now)
        }

        mutating func takeDue(at now: Int64) -> [TestRecord] {
            let due = coming.filter { $0.due <= now }.sorted { $0.due < $1.due }
            coming.removeAll { $0.due <= now }
            return due.map(\.record)
        }
    }

    private func work(_ desk: inout Desk, _ prefix: String, _ group: String) throws {
        let offsets = try GroupOffsets(bootstrapServers: bootstrapServers, group: group)
        let producer = try TestProducer(bootstrapServers: bootstrapServers)
        let readers = try ["bonus-credits", "dead-letters"].map {
            try TestReader(bootstrapServers: bootstrapServers, topic: prefix + $0)
        }
        var read = readers.map { _ in 0 }
        while !isEnding.load(ordering: .relaxed) {
            var count = 0
            for (index, reader) in readers.enumerated() {
                try reader.readToEnd()
                for record in reader.records[read[index]...] {
                    desk.read(record, prefix, at: CampaignRun.milliseconds(Date()))
                }
                count += reader.records.count - read[index]
                read[index] = reader.records.count
            }
            let due = desk.takeDue(at: CampaignRun.milliseconds(Date()))
            for record in due {
                try producer.produce(
                    topic: record.topic, partition: record.partition, key: record.key, value: record.value,
                    headers: record.headers)
            }
            try producer.flush()
            count += due.count
            state.withLock { state in
                guard case .success(let before) = state else { return }
                let isQuiet = count == 0 && desk.coming.isEmpty
                state = .success(
                    Activity(
                        records: before.records + count, coming: desk.coming.count,
                        quietSince: isQuiet ? before.quietSince : .now))
            }
            offsets.pause()
        }
    }
}
