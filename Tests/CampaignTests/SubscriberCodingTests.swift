import TestSupport
import Testing

@testable import Campaign

/// A subscriber's record holds all that is known, and bytes that are none are refused, whatever they are.
@Suite struct SubscriberCoding {
    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `a subscriber comes back`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let subscriber = RandomSubscriber.make(&random)
        var writer = Writer()
        writer.put(subscriber)
        var read = Subscriber()
        read.paidClaims = [try paidClaim("of an earlier one")]
        try read.read(writer.bytes)
        #expect(read.recharges == subscriber.recharges)
        #expect(read.reversals == subscriber.reversals)
        #expect(read.assists == subscriber.assists)
        #expect(read.paidClaims == subscriber.paidClaims)
        #expect(read.paysAssistsUntil == subscriber.paysAssistsUntil)
        #expect(SubscriberRecord.giftDeadline(of: writer.bytes) == subscriber.earliestGiftDeadline)
        #expect(SubscriberRecord.waitsForEndOfGrace(writer.bytes) == subscriber.waitsForEndOfGrace)
        #expect(record(of: read) == record(of: subscriber), "as it was read")
        read.touchAll()
        #expect(record(of: read) == record(of: subscriber), "written anew")
    }

    @Test func `what changed is written anew, the rest as it was read`() throws {
        var random = SeededRandom(seed: 3)
        var subscriber = Subscriber()
        for _ in 0..<3 { subscriber.recharges.append(RandomSubscriber.recharge(&random)) }
        let first = record(of: subscriber)
        first.withUnsafeBytes { bytes in
            #expect(throws: Never.self) { try subscriber.read(Bytes(bytes)) }
            let kept = (0..<3).map { subscriber.recharges.bytes(at: $0).text }
            subscriber.recharges.change(1) { $0.refundedFen = 4711 }
            subscriber.recharges.append(RandomSubscriber.recharge(&random))
            let second = record(of: subscriber)
            var read = Subscriber()
            second.withUnsafeBytes { bytes in
                #expect(throws: Never.self) { try read.read(Bytes(bytes)) }
                #expect(read.recharges == subscriber.recharges)
                #expect(read.recharges[1].refundedFen == 4711)
                let now = (0..<3).map { read.recharges.bytes(at: $0).text }
                #expect(now[0] == kept[0] && now[1] != kept[1] && now[2] == kept[2])
            }
        }
    }

    /// Reading ends, with a subscriber that can be written or with an error.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `mutated bytes are read or refused`(seed: UInt64) {
        var bytes = SeededBytes(seed: seed)
        let sound = record(of: RandomSubscriber.make(&bytes.random))
        var subscriber = Subscriber()
        for _ in 0..<500 {
            let mutated = bytes.mutated(sound)
            mutated.withUnsafeBytes { buffer in
                _ = SubscriberRecord.giftDeadline(of: Bytes(buffer))
                _ = SubscriberRecord.waitsForEndOfGrace(Bytes(buffer))
                guard (try? subscriber.read(Bytes(buffer))) != nil else { return }
                subscriber.touchAll()
                var writer = Writer()
                writer.put(subscriber)
            }
        }
    }

    @Test func `a record that is cut anywhere is refused`() {
        var random = SeededRandom(seed: 7)
        let sound = record(of: RandomSubscriber.make(&random))
        var subscriber = Subscriber()
        for length in 0..<sound.count {
            let isRead = sound[..<length].withUnsafeBytes { (try? subscriber.read(Bytes($0))) != nil }
            #expect(!isRead, "the first \(length) bytes of \(sound.count)")
        }
        let longer = sound + [0]
        #expect(longer.withUnsafeBytes { (try? subscriber.read(Bytes($0))) == nil })
    }

    @Test(arguments: [Fen.max, Lines.mostFen + 1, -1])
    func `lines that may have no sum are refused`(fen: Fen) {
        var subscriber = Subscriber()
        var gift = Gift(
            Lines([.assist: Lines.mostFen, .helper: fen]), rulesVersion: 1, traceparent: .none,
            now: Timestamp(microseconds: 0), confirmWithin: .seconds(0))
        gift.stage = .confirmed
        subscriber.paidClaims = [.init(id: Bytes("A1"), eventTime: Timestamp(microseconds: 0), gift: gift)]
        let record = record(of: subscriber)
        var read = Subscriber()
        #expect(record.withUnsafeBytes { (try? read.read(Bytes($0))) == nil })
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `mutated shard records, totals, mail and kept records are read or refused`(seed: UInt64) throws {
        var bytes = SeededBytes(seed: seed)
        var writer = Writer()
        let kept = InputRecord(
            offset: 7, published: Timestamp(milliseconds: 1), key: [1], value: [2, 3],
            headers: [("a", "b"), ("c", nil)])
        kept.withSource { Mail.put($0, into: &writer) }
        var samples = [Array(writer.bytes.buffer)]
        writer.removeAll()
        kept.withSource { writer.put($0) }
        samples.append(Array(writer.bytes.buffer))
        writer.removeAll()
        var shard = ShardRecord(partitionCount: 12, campaign: "zs-2026-05")
        shard.positions = [1, 2, 3, nil, 7]
        shard.write(to: &writer)
        samples.append(Array(writer.bytes.buffer))
        writer.removeAll()
        HourlyTotals().write(to: &writer)
        samples.append(Array(writer.bytes.buffer))
        for sample in samples {
            for _ in 0..<300 {
                bytes.mutated(sample).withUnsafeBytes { buffer in
                    let bytes = Bytes(buffer)
                    _ = try? Mail(bytes)
                    _ = try? ShardRecord(bytes)
                    _ = try? HourlyTotals(bytes)
                    var reader = Reader(bytes)
                    if let record = try? reader.sourceRecord() { record.headers.forEach { _, _ in } }
                    Headers(bytes: bytes).forEach { _, _ in }
                }
            }
        }
    }

    private func record(of subscriber: borrowing Subscriber) -> [UInt8] {
        var writer = Writer()
        writer.put(subscriber)
        return Array(writer.bytes.buffer)
    }
}

extension Subscriber {
    /// Makes every entry be written anew.
    fileprivate mutating func touchAll() {
        for index in recharges.indices { recharges.change(index) { _ in } }
        for index in reversals.indices { reversals.change(index) { _ in } }
        for index in assists.indices { assists.change(index) { _ in } }
        for index in paidClaims.indices { paidClaims.change(index) { _ in } }
    }
}

/// Subscribers with anything in them that a record can hold.
private enum RandomSubscriber {
    private static let texts = ["", "R1", "中文", "a\u{0}b", String(repeating: "x", count: 128)].map { Text(lasting($0)) }

    /// Shared between tests: it lives for ever and is never changed.
    private struct Text: @unchecked Sendable {
        let bytes: Bytes
        init(_ bytes: Bytes) { self.bytes = bytes }
    }

    static func make(_ random: inout SeededRandom) -> Subscriber {
        var subscriber = Subscriber()
        if random.chance(50) { subscriber.paysAssistsUntil = time(&random) }
        for _ in 0..<Int.random(in: 0..<5, using: &random) { subscriber.recharges.append(recharge(&random)) }
        for _ in 0..<Int.random(in: 0..<5, using: &random) { subscriber.reversals.append(reversal(&random)) }
        for _ in 0..<Int.random(in: 0..<5, using: &random) { subscriber.assists.append(assist(&random)) }
        for _ in 0..<Int.random(in: 0..<5, using: &random) {
            subscriber.paidClaims.append(
                Subscriber.PaidClaim(id: text(&random), eventTime: time(&random), gift: gift(&random)))
        }
        return subscriber
    }

    static func recharge(_ random: inout SeededRandom) -> Subscriber.Recharge {
        Subscriber.Recharge(
            id: text(&random), time: time(&random), amountFen: fen(&random),
            paidFen: random.chance(50) ? fen(&random) : nil, package: random.chance(50) ? text(&random) : nil,
            version: .random(in: 0...1_000_000, using: &random), outcome: outcome(&random), refundedFen: fen(&random),
            given: Lines([.instantDiscount: line(&random), .bonusCredit: line(&random), .package: line(&random)]),
            gift: random.chance(50) ? gift(&random) : nil)
    }

    private static func reversal(_ random: inout SeededRandom) -> Subscriber.Reversal {
        Subscriber.Reversal(
            id: text(&random), time: time(&random), rechargeID: text(&random), refundedFen: fen(&random),
            outcome: outcome(&random), record: random.chance(50) ? record(&random) : nil,
            gift: random.chance(50) ? gift(&random) : nil)
    }

    private static func record(_ random: inout SeededRandom) -> SourceRecord {
        SourceRecord(
            topic: random.pick([.recharges, .assists]), partition: .random(in: 0...9_999, using: &random),
            offset: .random(in: 0 ... .max, using: &random), timestamp: time(&random),
            key: random.chance(50) ? text(&random) : nil, value: random.chance(90) ? text(&random) : nil,
            headers: .none)
    }

    private static func assist(_ random: inout SeededRandom) -> Subscriber.Assist {
        let helper = PhoneNumber(value: .random(in: 13_000_000_000...19_999_999_999, using: &random))
        return Subscriber.Assist(
            id: text(&random), time: time(&random), helper: helper!, worthFen: fen(&random), outcome: outcome(&random),
            gift: random.chance(50) ? gift(&random) : nil)
    }

    private static func gift(_ random: inout SeededRandom) -> Gift {
        var gift = Gift(
            Lines([.instantDiscount: 500, .bonusCredit: .random(in: 0...1_000_000, using: &random)]), rulesVersion: 1,
            traceparent: text(&random), now: time(&random), confirmWithin: .seconds(0))
        gift.stage = random.pick(Gift.Stage.allCases)
        if gift.stage == .confirmed {
            // No more of it is kept.
            gift = Gift(
                gift.lines, rulesVersion: 0, traceparent: .none, now: Timestamp(microseconds: 0),
                confirmWithin: .seconds(0))
            gift.stage = .confirmed
            gift.answer = .credited(gift.lines.total)
            gift.contradiction = answer(&random)
            return gift
        }
        gift.confirmBy = time(&random)
        gift.deadline = time(&random)
        gift.answer = answer(&random)
        if random.chance(50) {
            gift.letter = Gift.OpenLetter(
                reason: random.pick(Rejection.allCases), replays: fen(&random), firstFailedAt: time(&random))
        }
        return gift
    }

    private static func answer(_ random: inout SeededRandom) -> Gift.Answer {
        random.pick([
            .none, .credited(fen(&random)),
            .refused(isRetryable: random.chance(50), hasNoGrant: random.chance(50)),
        ])
    }

    private static func text(_ random: inout SeededRandom) -> Bytes { random.pick(texts).bytes }

    private static func time(_ random: inout SeededRandom) -> Timestamp {
        Timestamp(microseconds: .random(in: .min ... .max, using: &random))
    }

    private static func fen(_ random: inout SeededRandom) -> Fen {
        random.pick([0, 1, 63, 64, 10_000, 5_000_000, .max, Fen.random(in: 0...1_000_000, using: &random)])
    }

    private static func line(_ random: inout SeededRandom) -> Fen { min(fen(&random), Lines.mostFen) }

    private static func outcome(_ random: inout SeededRandom) -> Subscriber.Outcome {
        random.pick([.done, .waiting, .dead] + Reason.allCases.map { .refused($0) })
    }
}
