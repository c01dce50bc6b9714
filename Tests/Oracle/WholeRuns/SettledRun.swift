public import TestSupport

/// A whole run in which billing answered and ops asked: what the worker wrote, against what it read.
///
/// The events are judged as `Comparison` does, each gift by `GiftSearch`, and the letters of events and receipts by the
/// requests about them. The history must be confluent.
public struct SettledRun {
    /// What came of a run.
    public struct Judgement: Sendable {
        /// All differences.
        public var problems: [String] = []
        /// Grants and reverses that are still waited for.
        public var waiting = 0
        /// How many grants and reverses ended how.
        public var ends: [String: Int] = [:]
    }

    let comparison: Comparison
    let oracle: CampaignOracle
    let outcomes: [Outcome]
    let receipts: [TestRecord]
    let requests: [TestRecord]
    let written: [TestRecord]
    /// Of each command id the record that was written first.
    let firsts: [String: TestRecord]
    /// For each command id that of its grant.
    let grants: [String: String]

    /// A run.
    ///
    /// - Parameters:
    ///   - oracle: after the events in any order, all mail read.
    ///   - outcomes: what the oracle expected at its steps.
    ///   - receipts: all of `credit-receipts`.
    ///   - requests: all of `letter-requests`.
    ///   - written: all committed records of the worker's output topics, each partition's in order.
    public init(
        _ comparison: Comparison, _ oracle: CampaignOracle, _ outcomes: [Outcome], receipts: [TestRecord],
        requests: [TestRecord], written: [TestRecord]
    ) {
        self.comparison = comparison
        self.oracle = oracle
        self.receipts = receipts
        self.requests = requests
        self.written = written
        firsts = Dictionary(
            comparison.records("bonus-credits", written).map { (Comparison.id($0), $0) },
            uniquingKeysWith: { first, _ in first })
        let reverses = outcomes.flatMap(\.commands).compactMap { command in
            command.reverses.map { (command.id, $0) }
        }
        grants = Dictionary(firsts.keys.map { ($0, $0) } + reverses, uniquingKeysWith: { $1 })
        self.outcomes = outcomes
    }

    /// Judges everything.
    public func judge() -> Judgement {
        var judgement = Judgement()
        judgement.problems = problemsOfEvents() + problemsOfCopies()
        let letters = GiftRecords(self, into: &judgement)
        letters.judgeGifts(into: &judgement)
        letters.judgeEventLetters(into: &judgement)
        return judgement
    }

    /// Gifts, reverses and messages, each once; a reverse that was never sent is its gift's matter.
    private func problemsOfEvents() -> [String] {
        let sent = outcomes.map { outcome in
            var outcome = outcome
            outcome.commands.removeAll { $0.reverses != nil && firsts[$0.id] == nil }
            outcome.letters = []
            outcome.statuses = []
            return outcome
        }
        let letters = ["dead-letters", "dead-letter-status"].map { comparison.prefix + $0 }
        let once = written.filter { record in
            if letters.contains(record.topic) { return false }
            return record.topic != comparison.prefix + "bonus-credits" || firsts[Comparison.id(record)] == record
        }
        return comparison.problems(oracle, sent, once)
    }

    /// A command goes out again byte for byte.
    private func problemsOfCopies() -> [String] {
        comparison.records("bonus-credits", written).flatMap { record -> [String] in
            guard let first = firsts[Comparison.id(record)] else { return [] }
            let isSame =
                (record.key, record.partition, record.value) == (first.key, first.partition, first.value)
                && record.headers == first.headers
            return isSame ? [] : ["command \(Comparison.id(record)) was sent again with other bytes"]
        }
    }
}
