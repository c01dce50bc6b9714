import Campaign
import Testing

@testable import Worker

@Suite struct LagTests {
    private static let place = Lag.Place(topic: .recharges, partition: 3)
    private static let other = Lag.Place(topic: .recharges, partition: 4)

    private func at(_ offset: Int64, decidedMs: Int64? = nil, _ place: Lag.Place = place) -> Lag.Progress {
        Lag.Progress(place: place, offset: offset, decidedMs: decidedMs)
    }

    private func behind(_ lag: Lag, _ progress: [Lag.Progress], nowMs: Int64) -> [Double] {
        let found = lag.behind(.recharges, progress, nowMs: nowMs)
        return [Double(found.records), found.seconds]
    }

    @Test func nothingIsKnownBeforeTheFirstLook() {
        #expect(behind(Lag(), [at(5)], nowMs: 1000) == [0, 0])
    }

    @Test func whoHasReadToTheEndIsNotBehind() {
        var lag = Lag()
        lag.note([Self.place: 10], [at(10)], nowMs: 1000)
        #expect(behind(lag, [at(10)], nowMs: 90_000) == [0, 0])
        #expect(behind(lag, [at(12)], nowMs: 90_000) == [0, 0])
    }

    /// The last decided record says how old those behind it are at most.
    @Test func aBacklogIsAsOldAsItsRecords() {
        var lag = Lag()
        lag.note([Self.place: 10], [at(2, decidedMs: 100_000)], nowMs: 400_000)
        #expect(behind(lag, [at(2, decidedMs: 100_000)], nowMs: 400_000) == [8, 300])
        #expect(behind(lag, [at(7, decidedMs: 250_000)], nowMs: 400_000) == [3, 150])
    }

    /// After a quiet night the first event is not a night old.
    @Test func aQuietTimeIsNoLag() {
        var lag = Lag()
        lag.note([Self.place: 10], [at(10, decidedMs: 1000)], nowMs: 50_000_000)
        lag.note([Self.place: 11], [at(10, decidedMs: 1000)], nowMs: 50_003_000)
        #expect(behind(lag, [at(10, decidedMs: 1000)], nowMs: 50_004_000) == [1, 4])
    }

    @Test func whoDecidedNothingYetIsBehindSinceTheFirstLook() {
        var lag = Lag()
        lag.note([Self.place: 10], [at(2)], nowMs: 1000)
        lag.note([Self.place: 20], [at(2)], nowMs: 4000)
        #expect(behind(lag, [at(2)], nowMs: 6000) == [18, 5])
    }

    @Test func partitionsAddUpAndTheOldestCounts() {
        var lag = Lag()
        lag.note([Self.place: 10, Self.other: 10], [], nowMs: 0)
        let progress = [at(2, decidedMs: 7000), at(9, decidedMs: 3000, Self.other)]
        #expect(behind(lag, progress, nowMs: 10_000) == [9, 7])
        #expect(lag.behind(.mail, progress, nowMs: 10_000) == (0, 0))
        // Another worker's partitions do not count.
        #expect(behind(lag, [progress[0]], nowMs: 10_000) == [8, 3])
    }
}
