import Oracle
import TestSupport
import Testing

/// Histories reach every decision, and confluent ones come to the same in every order of reading.
@Suite struct HistoryTests {
    private func options(confluent: Bool) -> HistoryOptions {
        var options = HistoryOptions(campaign: .varied(start: 1_777_564_800_000, end: 1_780_243_200_000))
        options.isConfluent = confluent
        options.events = confluent ? 1_000 : 2_000
        return options
    }

    private func play(_ history: History) -> (oracle: CampaignOracle, outcomes: [Outcome]) {
        var oracle = CampaignOracle(history.options.campaign, partitions: history.options.partitions)
        var outcomes = history.steps.compactMap { oracle.step($0) } + oracle.readAllMail()
        for shard in 0..<history.options.partitions { outcomes.append(oracle.expire(shard: shard)) }
        return (oracle, outcomes)
    }

    @Test func everyDecisionIsReached() {
        var decisions: [Decision: Int] = [:]
        for seed in 1...5 as ClosedRange<UInt64> {
            var generator = HistoryGenerator(options(confluent: false), seed: seed)
            for outcome in play(generator.history()).outcomes { decisions[outcome.decision, default: 0] += 1 }
        }
        let reasons: [Reason] = [
            .belowTier, .outOfWindow, .notInAudience, .selfAssist, .repeatHelper, .capReached, .duplicate, .cancelled,
        ]
        let letters: [Reason] = [
            .badPayload, .unknownType, .noTimezone, .timeInFuture, .badNumber, .badAmount, .aboveLimit, .unknownPackage,
            .conflictingDuplicate, .lateBeyondGrace,
        ]
        let wanted =
            [.forwarded, .command, .accepted, .waiting, .nothing] + reasons.map(Decision.no)
            + letters.map(Decision.letter)
        for decision in wanted { #expect((decisions[decision] ?? 0) > 4, "\(decision)") }
    }

    @Test func sameSeedSameHistory() {
        var (one, other) = (
            HistoryGenerator(options(confluent: false), seed: 7), HistoryGenerator(options(confluent: false), seed: 7)
        )
        let (first, second) = (one.history(), other.history())
        #expect(first.records == second.records && first.steps == second.steps)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func confluentHistoriesComeToTheSameInEveryOrder(seed: UInt64) {
        var generator = HistoryGenerator(options(confluent: true), seed: seed)
        let history = generator.history()
        let (oracle, outcomes) = play(history)
        let comparison = Comparison(history.options.campaign, partitions: history.options.partitions)
        for order in [seed, seed + 100, seed + 200] {
            let other = play(history.rereading(seed: order)).outcomes
            let written = other.flatMap { Rendering(campaign: history.options.campaign, partitions: 4).records($0) }
            let problems = comparison.problems(oracle, outcomes, written)
            #expect(problems.isEmpty, "order \(order): \(problems.prefix(5))")
            #expect(!comparison.problems(oracle, outcomes, Array(written.dropLast(1))).isEmpty)
        }
    }

    @Test func legalReorderingKeepsEachSubscribersSums() {
        var generator = HistoryGenerator(options(confluent: true), seed: 3)
        let history = generator.history()
        func sums(_ history: History) -> [String: Int64] {
            var sums: [String: Int64] = [:]
            for command in play(history).outcomes.flatMap(\.commands) {
                sums[command.subject, default: 0] += command.reverses == nil ? command.totalFen : -command.totalFen
            }
            return sums
        }
        #expect(sums(history) == sums(history.legalReordering(seed: 4)))
    }
}
