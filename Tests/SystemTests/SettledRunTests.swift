import Oracle
import TestSupport
import Testing

/// The judgement of whole runs, on runs that the oracle itself wrote: it finds an order of reading for each gift, and
/// notices what is missing, doubled or changed.
@Suite struct SettledRunTests {
    private struct Run {
        var history: History
        var published: [TestRecord] = []
        var written: [TestRecord] = []

        func judge(_ written: [TestRecord]) -> SettledRun.Judgement {
            let options = history.options
            var oracle = CampaignOracle(options.campaign, partitions: options.partitions)
            let outcomes = oracle.judge(history.records)
            return SettledRun(
                Comparison(options.campaign, partitions: options.partitions), oracle, outcomes,
                receipts: published.filter { $0.topic == "credit-receipts" },
                requests: published.filter { $0.topic == "letter-requests" }, written: written
            ).judge()
        }
    }

    private func play(seed: UInt64, events: Int = 1_500) -> Run {
        var options = HistoryOptions(campaign: .varied(start: 1_777_564_800_000, end: 1_780_243_200_000))
        options.isConfluent = true
        options.events = events
        options.campaign.confirmWithin = 6 * 3_600_000
        var generator = HistoryGenerator(options, seed: seed)
        var life = Life(generator.history(), seed: seed)
        var run = Run(history: life.history)
        var rendering = Rendering(campaign: life.history.options.campaign, partitions: options.partitions)
        while let (_, expected) = life.next() {
            rendering.issued = life.now
            let written = expected.map(rendering.records) ?? []
            life.see(written)
            run.written += written
        }
        run.published = life.published
        return run
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func findsAnOrderForEachGift(seed: UInt64) {
        let run = play(seed: seed)
        let judgement = run.judge(run.written)
        #expect(judgement.problems.isEmpty, "\(judgement.problems.count): \(judgement.problems.prefix(3))")
        #expect(judgement.waiting == 0)
        for end in [
            "confirmed", "rejected", "mismatched", "delayed", "resolved late", "parked", "discarded", "nothing to move",
        ] { #expect((judgement.ends[end] ?? 0) > 0, "\(end): \(judgement.ends)") }
    }

    @Test func noticesEachRecordThatIsMissingOrDoubled() {
        let run = play(seed: 1, events: 150)
        for index in stride(from: 0, to: run.written.count, by: run.written.count / 40 + 1) {
            var missing = run.written
            missing.remove(at: index)
            #expect(!run.judge(missing).problems.isEmpty, "missing \(run.written[index])")
            var doubled = run.written
            doubled.insert(run.written[index], at: index)
            #expect(!run.judge(doubled).problems.isEmpty, "twice \(run.written[index])")
        }
    }
}
