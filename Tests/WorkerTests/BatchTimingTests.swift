import Testing

@testable import Worker

/// When a batch closes whose interval is 50 ms, and whose last one closed at 1000.
@Suite struct BatchTimingTests {
    @Test(arguments: [
        // Its first record came soon after: more may come until 1050.
        (opened: 1010, now: 1010, nothingWaits: true, isOver: false, wait: 40),
        (opened: 1010, now: 1049, nothingWaits: true, isOver: false, wait: 1),
        (opened: 1010, now: 1050, nothingWaits: true, isOver: true, wait: 0),
        // What waits already is taken along, for an interval at most.
        (opened: 1010, now: 1050, nothingWaits: false, isOver: false, wait: 0),
        (opened: 1010, now: 1059, nothingWaits: false, isOver: false, wait: 0),
        (opened: 1010, now: 1060, nothingWaits: false, isOver: true, wait: 0),
        // It came late: it goes with what waits beside it.
        (opened: 1051, now: 1051, nothingWaits: false, isOver: false, wait: 0),
        (opened: 1051, now: 1051, nothingWaits: true, isOver: true, wait: 0),
        (opened: 1051, now: 1101, nothingWaits: false, isOver: true, wait: 0),
    ])
    func aBatchCloses(opened: Int64, now: Int64, nothingWaits: Bool, isOver: Bool, wait: Int64) {
        var timing = BatchTiming(interval: 50)
        timing.close(at: 1000)
        timing.open(at: opened)
        #expect(timing.isOver(at: now, nothingWaits: nothingWaits) == isOver)
        #expect(timing.wait(at: now) == wait)
    }

    @Test func theFirstBatchWaitsForNothing() {
        var timing = BatchTiming(interval: 50)
        timing.open(at: 7)
        #expect(timing.wait(at: 7) == 0)
        #expect(!timing.isOver(at: 7, nothingWaits: false))
        #expect(timing.isOver(at: 7, nothingWaits: true))
    }
}
