import Synchronization
import Testing

@testable import Worker

@Suite struct LaneReportTests {
    /// What is decided after it and has nothing to commit is no transaction either.
    @Test(arguments: [LaneDecisions.Action.rewind, .rejoin])
    func aTransactionThatCameToNothingDoesNotCount(end: LaneDecisions.Action) throws {
        let vitals = Vitals(try exampleCampaign(), lanes: 1)
        var report = LaneReport(vitals, lane: 0, partitionCount: 1)
        report.willPerform(.begin)
        report.willPerform(end)
        report.adopted(Tally(), Arrivals())
        #expect(vitals.figures.withLock { $0.committed } == 0)
        report.willPerform(.begin)
        report.adopted(Tally(), Arrivals())
        #expect(vitals.figures.withLock { $0.committed } == 1)
    }
}
