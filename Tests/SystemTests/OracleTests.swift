import Oracle
import TestSupport
import Testing

/// The oracle itself, on examples worked out by hand from the contract.
@Suite struct OracleTests {
    static let subject = "13411601234"
    static let friend = "13411601235"
    static let start: Int64 = 1_777_564_800_000

    final class Bench {
        var oracle: CampaignOracle
        var offset: Int64 = 0
        var now = OracleTests.start + 86_400_000

        init(_ campaign: OracleCampaign = .example(), rememberedEvents: Int = 5_000) {
            oracle = CampaignOracle(campaign, partitions: 1, rememberedEvents: rememberedEvents)
        }

        func expire() -> Outcome { oracle.expire(shard: 0) }

        func readAllMail() -> [Outcome] { oracle.readAllMail() }

        func read(_ topic: EventTopic, _ json: String) throws -> Outcome {
            offset += 1
            oracle.now = now
            let record = TestRecord(
                topic: topic.rawValue, partition: 0, offset: offset, timestamp: now, key: nil, value: Array(json.utf8))
            let outcome = oracle.step(.record(record))
            return try #require(outcome)
        }

        func send(
            _ type: String, _ id: String, _ data: String, time: Int64? = nil, subject: String = OracleTests.subject
        ) throws -> Outcome {
            let topic: EventTopic =
                type.hasPrefix("assist") ? .assist : type.hasPrefix("credit") ? .receipt : .recharge
            return try read(
                topic,
                #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"\#(type).v1","time":"\#(ChinaTime.text(time ?? now))","#
                    + #""subject":"\#(subject)","data":{\#(data)}}"#)
        }

        func recharge(_ id: String, _ fen: Int64, _ more: String = "", time: Int64? = nil) throws -> Outcome {
            try send("recharge.completed", id, #""amountFen":\#(fen),"channel":"c"\#(more)"#, time: time)
        }

        func reverse(_ id: String, _ recharge: String, _ fen: Int64) throws -> Outcome {
            try send("recharge.reversed", id, #""rechargeId":"\#(recharge)","refundedFen":\#(fen)"#)
        }

        func assist(_ id: String, by helper: String, time: Int64? = nil) throws -> Outcome {
            try send("assist.completed", id, #""helper":"\#(helper)","channel":"c""#, time: time)
        }
    }

    private func lines(_ outcome: Outcome) -> [String] {
        outcome.commands.flatMap(\.lines).map { "\($0.benefit) \($0.fen)" }
    }

    @Test func allGivesEveryBenefitAndBestTheLargest() throws {
        let all = Bench()
        #expect(
            try lines(all.recharge("1", 17_400, #","package":"P58""#)) == [
                "instant-discount 1000", "bonus-credit 2000", "package 1160",
            ])
        #expect(
            try lines(all.recharge("2", 5_000, #","paidFen":4600"#)) == ["instant-discount 100", "bonus-credit 800"])
        #expect(try all.recharge("3", 2_999).decision == .no(.belowTier))
        let best = Bench(.example(stacking: .best))
        #expect(try lines(best.recharge("1", 20_000)) == ["instant-discount 3000"])
        #expect(try lines(best.recharge("2", 20_000, #","paidFen":19000"#)) == ["instant-discount 2000"])
        #expect(try lines(best.recharge("3", 20_000, #","paidFen":18999"#)) == ["bonus-credit 2000"])
    }

    @Test func reversalsTakeBackTheDifference() throws {
        let all = Bench()
        _ = try all.recharge("1", 20_000)
        #expect(try lines(all.reverse("a", "1", 5_000)) == ["instant-discount 2000"])
        #expect(try lines(all.reverse("b", "1", 99_999)) == ["instant-discount 1000", "bonus-credit 2000"])
        #expect(try all.reverse("c", "1", 1).decision == .nothing)
        let best = Bench(.example(stacking: .best))
        _ = try best.recharge("1", 20_000)
        #expect(try lines(best.reverse("a", "1", 10_000)) == ["instant-discount 1000"])
        #expect(try lines(best.reverse("b", "1", 10_000)) == ["instant-discount 2000"])
    }

    @Test func reversalWaitsForItsRecharge() throws {
        let bench = Bench()
        #expect(try bench.reverse("a", "1", 10_000).decision == .waiting)
        #expect(try bench.reverse("a", "1", 10_000).decision == .no(.duplicate))
        #expect(try lines(bench.recharge("1", 15_000)) == ["instant-discount 500", "bonus-credit 800"])
        _ = try bench.reverse("b", "2", 1_000)
        #expect(try bench.recharge("2", 1_000).decision == .no(.cancelled))
        _ = try bench.reverse("c", "3", 1)
        let letters = bench.expire().letters
        #expect(letters.map(\.reason) == [.reversalWithoutOriginal] && letters.map(\.eventID) == ["c"])
        #expect(bench.expire().letters.isEmpty)
        #expect(try bench.recharge("3", 5_000).statuses.map(\.state) == ["RESOLVED"])
    }

    @Test func assistsArePaidOnceWithOrAfterARecharge() throws {
        let bench = Bench()
        #expect(try bench.assist("1", by: Self.subject).decision == .no(.selfAssist))
        #expect(try bench.assist("2", by: Self.friend).decision == .accepted)
        #expect(try bench.assist("3", by: Self.friend).decision == .no(.repeatHelper))
        #expect(bench.readAllMail().flatMap(lines) == ["helper 100"])
        #expect(try lines(bench.recharge("1", 2_999)) == [])
        #expect(try lines(bench.recharge("2", 3_000)) == ["bonus-credit 300", "assist 200"])
        for helper in 1...4 {
            #expect(try lines(bench.assist("4\(helper)", by: "1341160200\(helper)")) == ["assist 200"])
        }
        #expect(try bench.assist("5", by: "13411602005").decision == .no(.capReached))
        #expect(try bench.assist("6", by: "13900000000").decision == .no(.notInAudience))
    }

    @Test func checksComeInTheirOrder() throws {
        let bench = Bench(rememberedEvents: 2)
        #expect(try bench.recharge("1", 5_000_001).decision == .letter(.aboveLimit))
        #expect(try bench.recharge("1", 5_000, #","package":"P0""#).decision == .letter(.unknownPackage))
        #expect(try bench.recharge("1", 5_000).decision == .command)
        #expect(try bench.recharge("1", 5_000, #","city":"440100""#).decision == .no(.duplicate))
        #expect(try bench.recharge("1", 5_001).decision == .letter(.conflictingDuplicate))
        #expect(try bench.recharge("2", 5_000, time: Self.start - 1).decision == .no(.outOfWindow))
        #expect(try bench.recharge("3", 5_000, time: Self.start - 1).decision == .letter(.tooManyEvents))
        #expect(try bench.reverse("4", "5", 1).decision == .letter(.tooManyEvents))
        #expect(try bench.reverse("4", "1", 5_000).decision == .command)
        bench.now = bench.oracle.campaign.end + bench.oracle.campaign.grace
        #expect(try bench.reverse("6", "1", 1).decision == .nothing)
        bench.now += 1
        #expect(try bench.reverse("7", "1", 1).decision == .letter(.lateBeyondGrace))
    }

    @Test(arguments: [
        ("null", Reason.badPayload), (#""x""#, .badPayload), ("5000.0", .badPayload), ("0", .badAmount),
        ("-1", .badAmount), ("99999999999999999999", .badAmount),
    ])
    func amountsAreIntegersWithinTheirBounds(amount: String, reason: Reason) throws {
        let bench = Bench()
        let outcome = try bench.send("recharge.completed", "1", #""amountFen":\#(amount),"channel":"c""#)
        #expect(outcome.decision == .letter(reason))
    }

    /// The values are those of Kafka's own tests of its hash.
    @Test func partitionsAreThoseOfJavaClients() {
        let hashes: [(String, Int32)] = [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ]
        for (key, hash) in hashes {
            #expect(SubscriberNumber.partition(of: key, among: .max) == hash & .max)
        }
    }
}
