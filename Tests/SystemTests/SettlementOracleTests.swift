import Oracle
import TestSupport
import Testing

/// The oracle's gifts, on examples worked out by hand from the contract, sections 5 and 6.
@Suite struct SettlementOracleTests {
    private typealias Bench = OracleTests.Bench

    private static let gift = "recharge/1/gift"
    private static let reversal = "reversal/a/reversal"

    /// A recharge of 100 yuan: 10 + 20 yuan are granted.
    private func bench() throws -> Bench {
        let bench = Bench()
        try write(bench.recharge("1", 10_000), bench)
        return bench
    }

    /// Tells the oracle the bytes of the commands.
    private func write(_ outcome: Outcome, _ bench: Bench) {
        bench.oracle.note(
            outcome.commands.filter { $0.sentBefore == nil }.map { command in
                TestRecord(
                    topic: "bonus-credits", partition: 0, offset: 0, timestamp: 0, key: nil,
                    value: Array(#"{"id":"\#(command.id)"}"#.utf8))
            })
    }

    private func answer(
        _ bench: Bench, _ commandID: String = gift, _ outcome: String = "credited", _ fen: Int64 = 3_000,
        _ more: String = "", after milliseconds: Int64 = 1
    ) throws -> [String] {
        bench.now += milliseconds
        let data = #""commandId":"\#(commandID)","outcome":"\#(outcome)","creditedFen":\#(fen)\#(more)"#
        let outcome = try bench.send("credit.settled", "r", data)
        write(outcome, bench)
        return words(outcome)
    }

    private func ask(_ bench: Bench, _ action: String, of commandID: String = gift, value: String? = nil) -> [String] {
        let record = TestRecord(
            topic: "letter-requests", partition: 0, offset: 0, timestamp: bench.now,
            key: Array(OracleTests.subject.utf8), value: Array((value ?? #"{"id":"\#(commandID)"}"#).utf8),
            headers: [
                TestHeader("recharge.request.action", action), TestHeader("recharge.letter.id", "gift/" + commandID),
                TestHeader("recharge.request.by", "wang"), TestHeader("recharge.request.why", "w"),
            ])
        bench.oracle.now = bench.now
        guard let outcome = bench.oracle.step(.record(record)) else { return [] }
        write(outcome, bench)
        return words(outcome)
    }

    private func pass(_ bench: Bench, _ milliseconds: Int64) -> [String] {
        bench.now += milliseconds
        bench.oracle.now = bench.now
        return bench.oracle.step(.deadlines(shard: 0, upTo: bench.now)).map(words) ?? []
    }

    private func words(_ outcome: Outcome) -> [String] {
        outcome.commands.map { ($0.sentBefore == nil ? "" : "again ") + $0.id }
            + outcome.letters.map { "\($0.kind) \($0.reason.rawValue)" }
            + outcome.statuses.map { "\($0.state) \($0.replays)" + ($0.decision.map { " " + $0 } ?? "") }
    }

    @Test func theGoodAnswerConfirms() throws {
        let bench = try bench()
        #expect(try answer(bench) == [])
        #expect(bench.oracle.sums(of: 0) == .init(grantedFen: 3_000, reversedFen: 0, confirmedFen: 3_000))
        #expect(try answer(bench) == [])
        #expect(try answer(bench, Self.gift, "rejected", 0) == ["receipt CONFLICTING_DUPLICATE", "OPEN 0"])
        #expect(try answer(bench, Self.gift, "rejected", 0) == [])
        #expect(try answer(bench, "recharge/2/gift") == ["receipt RECEIPT_WITHOUT_COMMAND", "OPEN 0"])
        #expect(pass(bench, 300_000) == [])
    }

    @Test func badAnswersOpenOneLetter() throws {
        let bench = try bench()
        #expect(try answer(bench, Self.gift, "rejected", 0) == ["command GIFT_REJECTED", "OPEN 0"])
        #expect(try answer(bench, Self.gift, "rejected", 0) == [])
        #expect(try answer(bench, Self.gift, "credited", 1) == ["command GIFT_AMOUNT_MISMATCH", "OPEN 0"])
        #expect(bench.oracle.sums(of: 0).grantedFen == 1)
        #expect(try answer(bench) == ["RESOLVED 0 receipt/r"])
    }

    @Test func aGiftIsLateAtItsDeadline() throws {
        let bench = try bench()
        #expect(pass(bench, 300_000) == ["command GIFT_DELAYED", "OPEN 0"])
        #expect(try answer(bench) == ["RESOLVED 0 receipt/r"])
        let other = try self.bench()
        #expect(try answer(other, after: 300_000) == [])
        let late = try self.bench()
        #expect(try answer(late, after: 300_001) == ["command GIFT_DELAYED", "OPEN 0", "RESOLVED 0 receipt/r"])
    }

    @Test func threeReplaysInVainParkALetter() throws {
        let bench = try bench()
        _ = pass(bench, 300_000)
        #expect(ask(bench, "replay", value: "{}") == [])
        for replay in 1...3 {
            #expect(ask(bench, "replay") == ["again recharge/1/gift", "REPLAYING \(replay)"])
            #expect(ask(bench, "replay") == [])
            let state = replay == 3 ? "PARKED" : "OPEN"
            #expect(pass(bench, 300_000) == ["command GIFT_DELAYED", "\(state) \(replay)"])
        }
        #expect(ask(bench, "discard") == ["DISCARDED 3"])
        #expect(ask(bench, "replay") == [])
        #expect(try answer(bench) == [])
        #expect(bench.oracle.sums(of: 0).confirmedFen == 3_000)
    }

    @Test func whatWasRefusedIsNotTakenBack() throws {
        let bench = try bench()
        _ = try answer(bench, Self.gift, "rejected", 0)
        #expect(try words(bench.reverse("a", "1", 5_000)) == [])
        #expect(bench.oracle.sums(of: 0) == .init(grantedFen: 0, reversedFen: 0, confirmedFen: 0))
        #expect(try answer(bench, Self.reversal) == ["receipt RECEIPT_WITHOUT_COMMAND", "OPEN 0"])
        #expect(ask(bench, "replay") == ["again recharge/1/gift", Self.reversal, "REPLAYING 1"])
        #expect(try answer(bench) == ["RESOLVED 1 receipt/r"])
        #expect(try words(bench.reverse("b", "1", 5_000)) == ["reversal/b/reversal"])
    }

    @Test func whatWasReversedInFullIsNotSentAgain() throws {
        let bench = try bench()
        _ = pass(bench, 300_000)
        try write(bench.reverse("a", "1", 10_000), bench)
        #expect(
            try answer(bench, Self.reversal, "rejected", 0, #","reason":"NO_GRANT""#)
                == ["command GIFT_REJECTED", "OPEN 0"])
        #expect(ask(bench, "replay") == ["RESOLVED 0 REVERSED", "RESOLVED 0 NO_GRANT"])
        #expect(bench.oracle.sums(of: 0) == .init(grantedFen: 0, reversedFen: 0, confirmedFen: 0))
        #expect(ask(bench, "replay") == [])
    }

    @Test func noGrantIsNoLetterWhenTheGrantWasRefused() throws {
        let bench = try bench()
        try write(bench.reverse("a", "1", 5_000), bench)
        #expect(
            try answer(bench, Self.reversal, "rejected", 0, #","reason":"NO_GRANT""#)
                == ["command GIFT_REJECTED", "OPEN 0"])
        #expect(
            try answer(bench, Self.gift, "rejected", 0)
                == ["command GIFT_REJECTED", "OPEN 0", "RESOLVED 0 NO_GRANT"])
        let other = try self.bench()
        try write(other.reverse("a", "1", 5_000), other)
        _ = try answer(other, Self.gift, "rejected", 0)
        #expect(try answer(other, Self.reversal, "rejected", 0, #","reason":"NO_GRANT""#) == [])
    }
}
