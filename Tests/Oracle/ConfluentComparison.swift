public import TestSupport

/// Compares whole runs where the order is unknown in which a shard read its topics against each other.
///
/// What follows is the same in every order, if the history is confluent (see `HistoryOptions.isConfluent`):
/// 1. letters, statuses and reverses; 2. each recharge's gift but for its assist line; 3. per inviter, the sum paid for
/// assists, whether as a line of a recharge's gift or as a gift of its own; 4. per helper, how many claims are paid.
/// An SMS always says what its command says.
extension Comparison {
    /// What differs in a whole run.
    ///
    /// - Parameters:
    ///   - oracle: after the same records in any order, all mail read.
    ///   - outcomes: what the oracle expected at its steps.
    ///   - actual: all committed records of the worker's output topics, each partition's in order.
    public func problems(
        _ oracle: CampaignOracle, _ outcomes: [Outcome], _ actual: [TestRecord]
    ) -> [String] {
        let commands = records("bonus-credits", actual)
        return problems(ofReverses: outcomes, commands)
            + problems(ofRechargeGifts: oracle, outcomes, commands)
            + problems(ofAssists: oracle, commands)
            + problems(ofHelpers: oracle, commands)
            + problems(ofOrder: commands)
            + problems(ofSMS: oracle, outcomes, actual)
            + byKey(
                "letter", outcomes.flatMap(\.letters), \.id, records("dead-letters", actual),
                { $0.header("recharge.letter.id") }, problems(letter:_:))
            + byKey(
                "status", outcomes.flatMap(\.statuses), { $0.letterID + $0.state },
                records("dead-letter-status", actual),
                { ($0.keyText ?? "") + (Self.json($0)["state"]?.string ?? "") }, problems(status:_:))
    }

    private func problems(ofReverses outcomes: [Outcome], _ commands: [TestRecord]) -> [String] {
        byKey(
            "reverse", outcomes.flatMap(\.commands).filter { $0.reverses != nil }, \.id,
            commands.filter { Self.id($0).hasPrefix("reversal/") }, Self.id, problems(command:_:))
    }

    /// Each gift is the oracle's, with the assist line that stands in it.
    private func problems(
        ofRechargeGifts oracle: CampaignOracle, _ outcomes: [Outcome], _ commands: [TestRecord]
    ) -> [String] {
        let actual = commands.filter { Self.id($0).hasPrefix("recharge/") }
        let wanted = oracle.rechargeGifts.values.filter { !$0.lines.isEmpty }
        let missing = Set(wanted.map(\.id)).subtracting(actual.map(Self.id)).sorted().map { "gift \($0) is missing" }
        return missing + unique(actual)
            + actual.flatMap { record -> [String] in
                guard let expected = expectedRechargeGift(oracle, record) else {
                    return ["gift \(Self.id(record)) is not owed"]
                }
                return problems(command: expected, record)
            }
    }

    private func expectedRechargeGift(_ oracle: CampaignOracle, _ record: TestRecord) -> ExpectedCommand? {
        guard var expected = oracle.rechargeGifts[Self.id(record)] else { return nil }
        let assist = Self.fen(of: "assist", record)
        if assist > 0 { expected.lines.append(Line(benefit: "assist", fen: assist)) }
        return expected.lines.isEmpty ? nil : expected
    }

    private func problems(ofAssists oracle: CampaignOracle, _ commands: [TestRecord]) -> [String] {
        var found: [String] = []
        var owed: [String: Int64] = [:]
        for assist in oracle.acceptedAssists.values where assist.isPaid {
            owed[assist.gift.subject, default: 0] += assist.gift.totalFen
        }
        let gifts = commands.filter { Self.id($0).hasPrefix("assist/") && Self.id($0).hasSuffix("/gift") }
        found += unique(gifts)
        for record in gifts {
            let expected = oracle.acceptedAssists[Self.cause(record)]
            guard let expected, expected.isPaid, expected.gift.id == Self.id(record) else {
                found.append("gift \(Self.id(record)) is not owed")
                continue
            }
            found += problems(command: expected.gift, record)
        }
        for record in commands where Self.json(record)["type"] == .string("credit.grant.v1") {
            let fen = Self.fen(of: "assist", record)
            if fen != 0 { owed[record.keyText ?? "", default: 0] -= fen }
        }
        return found + owed.filter { $0.value != 0 }.map { "inviter \($0.key): \($0.value) fen of assists still owed" }
    }

    private func problems(ofHelpers oracle: CampaignOracle, _ commands: [TestRecord]) -> [String] {
        let claims = Dictionary(grouping: oracle.claims, by: \.gift.subject)
        let byID = Dictionary(oracle.claims.map { ($0.gift.id, $0.gift) }, uniquingKeysWith: { first, _ in first })
        let gifts = commands.filter { Self.id($0).hasPrefix("assist/") && Self.id($0).hasSuffix("/helper") }
        var found = unique(gifts)
        for record in gifts {
            guard let expected = byID[Self.id(record)] else {
                found.append("gift \(Self.id(record)) is not owed")
                continue
            }
            found += problems(command: expected, record)
        }
        let paid = Dictionary(grouping: gifts, by: \.keyText).mapValues(\.count)
        for (helper, claims) in claims {
            let wanted = min(claims.count, claims.map(\.times).max() ?? 0)
            let count = paid[helper] ?? 0
            if count != wanted { found.append("helper \(helper) was paid \(count) times, expected \(wanted)") }
        }
        return found
    }

    /// A reverse stands behind its grant.
    private func problems(ofOrder commands: [TestRecord]) -> [String] {
        var granted: Set<String> = []
        var found: [String] = []
        for record in commands {
            granted.insert(Self.id(record))
            if let grant = Self.json(record)["data"]?["reverses"]?.string, !granted.contains(grant) {
                found.append("\(Self.id(record)) stands before its grant \(grant)")
            }
        }
        return found
    }

    private func problems(
        ofSMS oracle: CampaignOracle, _ outcomes: [Outcome], _ actual: [TestRecord]
    ) -> [String] {
        let sent = expectedCommands(oracle, outcomes, records("bonus-credits", actual))
        return byKey(
            "SMS", sent, { $0.id + "/sms" }, records("sms-notifications", actual), Self.id, problems(sms:_:))
    }

    /// What each of the written commands must say, by the rules of what depends on the order.
    func expectedCommands(
        _ oracle: CampaignOracle, _ outcomes: [Outcome], _ written: [TestRecord]
    ) -> [ExpectedCommand] {
        var known = Dictionary(
            outcomes.flatMap(\.commands).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for assist in oracle.acceptedAssists.values { known[assist.gift.id] = assist.gift }
        for claim in oracle.claims { known[claim.gift.id] = claim.gift }
        return written.compactMap { expectedRechargeGift(oracle, $0) ?? known[Self.id($0)] }
    }

    private func byKey<Wanted>(
        _ what: String, _ wanted: [Wanted], _ key: (Wanted) -> String, _ actual: [TestRecord],
        _ actualKey: (TestRecord) -> String?, _ compare: (Wanted, TestRecord) -> [String]
    ) -> [String] {
        var left = Dictionary(wanted.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        var found: [String] = []
        for record in actual {
            let name = actualKey(record) ?? "-"
            guard let expected = left.removeValue(forKey: name) else {
                found.append("\(what) \(name) was not expected, or not again: \(record.valueText?.prefix(300) ?? "-")")
                continue
            }
            found += compare(expected, record)
        }
        return found + left.keys.sorted().map { "\(what) \($0) is missing" }
    }

    private func unique(_ commands: [TestRecord]) -> [String] {
        Dictionary(grouping: commands, by: Self.id).filter { $0.value.count > 1 }.keys.sorted()
            .map { "command \($0) was written more than once" }
    }

    static func json(_ record: TestRecord) -> JSON { record.value.flatMap(JSON.init) ?? .null }

    static func id(_ record: TestRecord) -> String { json(record)["id"]?.string ?? "-" }

    private static func cause(_ record: TestRecord) -> String { json(record)["data"]?["cause"]?.string ?? "-" }

    private static func fen(of benefit: String, _ record: TestRecord) -> Int64 {
        guard case .array(let lines) = json(record)["data"]?["lines"] else { return 0 }
        return lines.filter { $0["benefit"]?.string == benefit }.reduce(0) { $0 + ($1["fen"]?.integer ?? 0) }
    }
}
