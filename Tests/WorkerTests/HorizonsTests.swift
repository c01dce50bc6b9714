import Campaign
import Foundation
import Kafka
import TestSupport
import Testing

@testable import Worker

/// Up to when a shard has read all, when the clock is set back.
@Suite struct HorizonsTests {
    @Test func `a clock that was wrong vouches for nothing when it is right again`() throws {
        let cluster = try MockCluster(log: { _, _ in })
        let topics = InputTopic.allCases.map { "input-\($0)" }
        for topic in topics { try cluster.createTopic(topic, partitions: 1) }
        let watcher = try EndsWatcher(
            ["bootstrap.servers": cluster.bootstrapServers], topics: topics, log: { _, _ in })
        var horizons = Horizons(watcher)
        let noon = Timestamp(milliseconds: 1_777_780_800_000)
        let wrong = noon + .seconds(3600)
        let patience = Deadline(after: .seconds(30))
        while !horizons.advance(0, .receipts, to: noon, now: wrong, position: { _ in 0 }), !patience.isOver {
            Thread.sleep(forTimeInterval: 0.01)
            horizons.takeAnswers(now: wrong)
        }
        #expect(horizons.horizon(of: 0, .receipts) == wrong + .seconds(-2))

        // The clock is right again, and a gift of now is due in ten seconds.
        horizons.takeAnswers(now: noon)
        #expect(horizons.horizon(of: 0, .receipts) == nil)
        let deadline = noon + .seconds(10)
        #expect(!horizons.advance(0, .receipts, to: deadline, now: noon) { _ in 0 })
        #expect(!horizons.advance(0, .receipts, to: deadline, now: deadline) { _ in 0 })
    }
}
