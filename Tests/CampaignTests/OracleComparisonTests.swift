import Foundation
import Oracle
import TestSupport
import Testing

/// The campaign's code against an oracle that was written from the contract alone: every record that a step writes, on
/// random histories in random orders of reading, with aborted transactions and restored shards in between.
@Suite struct OracleComparisonTests {
    private static let seeds: ClosedRange<UInt64> = {
        let given = ProcessInfo.processInfo.environment["HISTORY_SEED"].flatMap { UInt64($0) }
        return given.map { $0...$0 } ?? 1...40
    }()

    private func options() -> HistoryOptions {
        var options = HistoryOptions(campaign: .varied(start: 1_777_564_800_000, end: 1_780_243_200_000))
        options.events = 2500
        return options
    }

    @Test(arguments: seeds)
    func everyStepWritesWhatTheContractSays(seed: UInt64) throws {
        var generator = HistoryGenerator(options(), seed: seed)
        let history = generator.history()
        for (order, played) in [
            ("as made", history), ("reread", history.rereading(seed: seed + 1)),
            ("reordered", history.legalReordering(seed: seed + 2)),
        ] {
            let problems = try compare(played, seed: seed)
            #expect(problems.isEmpty, "HISTORY_SEED=\(seed), \(order): \(problems.joined(separator: "\n"))")
        }
    }

    /// The first differences, if there are any.
    private func compare(_ history: History, seed: UInt64) throws -> [String] {
        let campaign = history.options.campaign
        let partitions = history.options.partitions
        var oracle = CampaignOracle(campaign, partitions: partitions)
        let model = try CampaignModel(campaign, partitions: partitions, seed: seed)
        let comparison = Comparison(campaign, partitions: partitions)
        func problems(_ index: Int, _ step: Step) throws -> [String] {
            let expected = oracle.step(step)
            let actual = try model.step(step)
            if seed == 1, let actual { WrittenMessages.append(actual) }
            guard let expected, let actual else {
                return (expected == nil) == (actual == nil) ? [] : ["step \(index), \(step): mail on one side only"]
            }
            let found = comparison.problems(expected, actual)
            return found.isEmpty ? [] : ["step \(index), \(step), decision \(expected.decision): \(found)"]
        }
        for (index, step) in history.steps.enumerated() {
            let found = try problems(index, step)
            guard found.isEmpty else { return found }
        }
        for shard in 0..<partitions {
            while oracle.hasMail(shard) {
                let found = try problems(-1, .mail(shard: shard))
                guard found.isEmpty else { return found }
            }
        }
        for shard in 0..<partitions {
            // The order within one moment is free.
            var expected = oracle.expire(shard: shard)
            expected.letters.sort { $0.id < $1.id }
            expected.statuses.sort { $0.letterID < $1.letterID }
            let found = comparison.problems(expected, try model.expire(shard).sorted { $0.letterID < $1.letterID })
            guard found.isEmpty else { return ["end of grace of shard \(shard): \(found)"] }
        }
        return []
    }
}

extension TestRecord {
    /// The letter's id, of a letter or of its status.
    var letterID: String { header("recharge.letter.id") ?? keyText ?? "" }
}
