import Foundation
import Oracle
import TestSupport
import Testing

@testable import Campaign

/// Gifts to their end: random histories with a billing system that does what it should not, and people who replay and
/// discard its letters. Every step of the campaign's code is held against the oracle, with aborted transactions and
/// restored shards in between.
@Suite struct SettlementComparisonTests {
    private static let seeds: ClosedRange<UInt64> = {
        let given = ProcessInfo.processInfo.environment["HISTORY_SEED"].flatMap { UInt64($0) }
        return given.map { $0...$0 } ?? 1...20
    }()

    @Test(arguments: seeds)
    func everyStepWritesWhatTheContractSays(seed: UInt64) throws {
        var options = HistoryOptions(campaign: .varied(start: 1_777_564_800_000, end: 1_780_243_200_000))
        options.events = 1500
        // So long that several events fall into the wait for an answer.
        options.campaign.confirmWithin = 6 * 3_600_000
        var generator = HistoryGenerator(options, seed: seed)
        let problems = try compare(Life(generator.history(), seed: seed))
        #expect(problems.isEmpty, "HISTORY_SEED=\(seed): \(problems.joined(separator: "\n"))")
    }

    /// The first differences, if there are any.
    private func compare(_ life: Life) throws -> [String] {
        var life = life
        let options = life.history.options
        let model = try CampaignModel(options.campaign, partitions: options.partitions, seed: life.history.seed)
        var comparison = Comparison(options.campaign, partitions: options.partitions)
        var count = 0
        while let (step, expected) = life.next() {
            model.now = Timestamp(milliseconds: life.now)
            let actual = try model.step(step)
            guard var expected, var actual else {
                guard expected == nil, actual == nil else { return ["\(step): mail on one side only"] }
                continue
            }
            if case .deadlines = step {
                // The order within one moment is free.
                expected.letters.sort { $0.id < $1.id }
                expected.statuses.sort { $0.letterID < $1.letterID }
                actual.sort { $0.letterID < $1.letterID }
            }
            let found = comparison.problems(expected, actual)
            guard found.isEmpty else { return ["\(step), decision \(expected.decision): \(found)"] }
            if case .deadlines = step {
                let sums = (life.sums(of: step.shard), model.sums(of: step.shard))
                guard sums.0 == sums.1 else { return ["\(step): sums \(sums.1), expected \(sums.0)"] }
            }
            life.see(actual)
            count += 1
            if count == options.events {
                let campaign = options.campaign.changed()
                life.restart(with: campaign)
                try model.restart(with: campaign)
                comparison = Comparison(campaign, partitions: options.partitions)
            }
        }
        return []
    }
}
