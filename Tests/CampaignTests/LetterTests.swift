import Testing

@testable import Campaign

/// Contract, section 5: what a dead letter says, and its status.
@Suite struct Letters {
    private static let input = InputRecord(
        partition: 3, offset: 64, published: Timestamp(milliseconds: 1_777_773_601_250), key: Array("k".utf8),
        headers: [("tenant", "a"), ("empty", nil)])

    @Test func `of an event that can't be decided`() throws {
        var record = Self.input
        record.value = soundRecharge.with("data.amountFen", "5000001").bytes
        let written = try judge(record, partition: 5)
        #expect(written.map(\.topic) == [.deadLetters, .deadLetterStatus])
        #expect(written.map(\.partition) == [5, 5])
        #expect(written.map(\.key) == ["k", "recharge-events/3/64"])
        #expect(written[0].value == record.value)
        #expect(try written.map(\.timestamp) == [instant("05-03 10:00:05"), nil])
        #expect(
            written[0].headers == [
                "tenant: a", "empty: null",
                "__dlq.errors.topic: recharge-events",
                "__dlq.errors.partition: 3",
                "__dlq.errors.offset: 64",
                "__dlq.errors.group: recharge-worker",
                "__dlq.errors.message: data.amountFen is above limits.maxRechargeFen",
                "__dlq.errors.delivery.count: 1",
                "kafka_dlt-original-topic: recharge-events",
                "recharge.letter.id: recharge-events/3/64",
                "recharge.letter.kind: event",
                "recharge.letter.reason: ABOVE_LIMIT",
                "recharge.letter.class: policy",
                "recharge.letter.stage: decide",
                "recharge.letter.event-id: E1",
                "recharge.letter.event-time: 2026-05-03T10:00:00.000+08:00",
                "recharge.letter.first-failed-at: 2026-05-03T10:00:05.000+08:00",
                "recharge.letter.last-failed-at: 2026-05-03T10:00:05.000+08:00",
                "recharge.letter.record-time: 2026-05-03T10:00:01.250+08:00",
                "recharge.letter.rules-version: 1",
                "recharge.letter.replays: 0",
            ])
        #expect(
            written[1].text
                == #"{"state":"OPEN","at":"2026-05-03T10:00:05.000+08:00","by":"recharge-worker","#
                + #""why":"data.amountFen is above limits.maxRechargeFen","replays":0,"reason":"ABOVE_LIMIT"}"#)
        #expect(try written[1].json()["reason"] as? String == "ABOVE_LIMIT")
    }

    @Test func `of a record that says nothing`() throws {
        var record = Self.input
        record.topic = .assists
        record.key = nil
        record.headers = []
        let written = try judge(record, partition: 3)
        #expect(written[0].key == nil)
        #expect(written[0].value == nil)
        #expect(
            written[0].headers == [
                "__dlq.errors.topic: assist-events", "__dlq.errors.partition: 3", "__dlq.errors.offset: 64",
                "__dlq.errors.group: recharge-worker", "__dlq.errors.message: there is no value",
                "__dlq.errors.delivery.count: 1", "kafka_dlt-original-topic: assist-events",
                "recharge.letter.id: assist-events/3/64", "recharge.letter.kind: event",
                "recharge.letter.reason: BAD_PAYLOAD", "recharge.letter.class: poison", "recharge.letter.stage: decode",
                "recharge.letter.first-failed-at: 2026-05-03T10:00:05.000+08:00",
                "recharge.letter.last-failed-at: 2026-05-03T10:00:05.000+08:00",
                "recharge.letter.record-time: 2026-05-03T10:00:01.250+08:00", "recharge.letter.replays: 0",
            ])
    }

    /// Refused, and the refusal may pass; then for good.
    @Test(arguments: [(true, "sla"), (false, "conflict")])
    func `of a gift that billing refuses`(isRetryable: Bool, letterClass: String) throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        var record = Self.input
        record.value = soundRecharge.bytes
        let gift = try judge(record, on: shard, partition: 5)[0]
        record.topic = .receipts
        record.value =
            soundReceipt.with("data.commandId", quoted("recharge/E1/gift")).with("data.outcome", "\"rejected\"")
            .with("data.retryable", "\(isRetryable)").bytes
        let written = try judge(record, on: shard, partition: 5)
        #expect(written.map(\.topic) == [.deadLetters, .deadLetterStatus])
        #expect(written.map(\.key) == [inviter, "gift/recharge/E1/gift"])
        #expect(gift.topic == .bonusCredits && written[0].value == gift.value, "byte for byte")
        #expect(
            written[0].headers.filter { !$0.hasPrefix("__dlq.errors.message") } == [
                "content-type: application/cloudevents+json",
                "__dlq.errors.topic: bonus-credits", "__dlq.errors.partition: 5", "__dlq.errors.offset: -1",
                "__dlq.errors.group: recharge-worker", "__dlq.errors.delivery.count: 1",
                "kafka_dlt-original-topic: bonus-credits", "recharge.letter.id: gift/recharge/E1/gift",
                "recharge.letter.kind: command", "recharge.letter.reason: GIFT_REJECTED",
                "recharge.letter.class: \(letterClass)", "recharge.letter.stage: settle",
                "recharge.letter.event-id: E1", "recharge.letter.event-time: 2026-05-03T10:00:00.000+08:00",
                "recharge.letter.first-failed-at: 2026-05-03T10:00:05.000+08:00",
                "recharge.letter.last-failed-at: 2026-05-03T10:00:05.000+08:00",
                "recharge.letter.rules-version: 1", "recharge.letter.replays: 0",
            ])
    }

    @Test func `of a bad answer after the good one`() throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        var record = Self.input
        record.value = soundRecharge.bytes
        _ = try judge(record, on: shard)
        record.topic = .receipts
        let receipt = soundReceipt.with("data.commandId", quoted("recharge/E1/gift"))
        record.value = receipt.with("data.creditedFen", "3000").bytes
        #expect(try judge(record, on: shard).isEmpty)
        record.value = receipt.bytes
        let written = try judge(record, on: shard)
        #expect(written[0].value == record.value)
        for header in ["id: credit-receipts/3/64", "kind: receipt", "reason: CONFLICTING_DUPLICATE", "class: conflict"]
        {
            #expect(written[0].headers.contains("recharge.letter.\(header)"), "\(header)")
        }
    }

    /// Who publishes a letter's record again with its headers, or forges some, says nothing about the new letter.
    @Test func `take none of their own headers from the record`() throws {
        var record = Self.input
        record.value = nil
        let sound = try judge(record, partition: 3)
        record.headers += [
            ("recharge.letter.id", "recharge-events/0/1"), ("recharge.letter.event-id", "13900000001"),
            ("recharge.letter.rules-version", "9"), ("recharge.request.action", "replay"),
            ("__dlq.errors.exception", "none"), ("kafka_dlt-original-topic", "else"),
        ]
        let forged = try judge(record, partition: 3)
        #expect(forged[0].headers == sound[0].headers)
        #expect(forged[0].headers.starts(with: ["tenant: a", "empty: null"]))
    }

    @Test(arguments: ["13900000001", "order-13900000001/8613900000002", "+8613900000001"])
    func `never hold a subscriber's number in their headers`(id: String) throws {
        var record = Self.input
        record.value = soundRecharge.with("id", quoted(id)).with("data.amountFen", "0").bytes
        for header in try judge(record, partition: 0)[0].headers {
            #expect(!header.contains("139000000"), "\(header)")
        }
    }

    @Test func `of a reversal without its recharge, at the end of grace`() throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        var record = Self.input
        record.value = soundReversal.with("id", "\"V1\"").bytes
        _ = try judge(record, on: shard)
        shard.commit()
        var effects: [Effect] = []
        let end = try instant(endOfGrace)
        try shard.fireDeadlines(gifts: nil, grace: end, now: end, limit: 10, into: &effects)
        let written = try encode(try #require(effects.first), partition: 5)
        #expect(written[0].key == "k")
        #expect(written[0].value == record.value)
        #expect(written[0].headers.starts(with: ["tenant: a", "empty: null", "__dlq.errors.topic: recharge-events"]))
        #expect(written[0].headers.contains("recharge.letter.id: recharge-events/3/64"))
        #expect(written[0].headers.contains("recharge.letter.reason: REVERSAL_WITHOUT_ORIGINAL"))
        #expect(written[0].headers.contains("recharge.letter.stage: deadline"))
        #expect(written[0].headers.contains("recharge.letter.event-id: V1"))
        #expect(written[0].headers.contains("recharge.letter.record-time: 2026-05-03T10:00:01.250+08:00"))
        #expect(written[0].timestamp == end)
        #expect(written[1].text.hasPrefix(#"{"state":"OPEN","at":"2026-06-08T00:00:00.000+08:00""#))
    }

    /// A record that was published compressed may be far larger than its topic's bound, and a letter must fit into its own.
    @Test func `of what is too large to repeat`() throws {
        var record = Self.input
        record.value = [UInt8](repeating: 0x20, count: 2 << 20)
        let withoutValue = try judge(record, partition: 0)[0]
        #expect(withoutValue.key == "k" && withoutValue.value == nil)
        #expect(withoutValue.headers.contains("recharge.letter.id: recharge-events/3/64"))
        #expect(
            withoutValue.headers.contains { $0.hasPrefix("__dlq.errors.message") && $0.contains("too many to repeat") })

        record.rawHeaders = [("large", [UInt8](repeating: 0x20, count: 2 << 20))]
        let alone = try judge(record, partition: 0)[0]
        #expect(alone.key == nil && alone.value == nil && !alone.headers.contains { $0.hasPrefix("large") })

        record.value = [UInt8](repeating: 0x20, count: 1 << 20)
        let withoutHeaders = try judge(record, partition: 0)[0]
        #expect(withoutHeaders.key == "k" && withoutHeaders.value == record.value)
        #expect(!withoutHeaders.headers.contains { $0.hasPrefix("large") })

        record.rawHeaders = []
        record.value = [UInt8](repeating: 0x20, count: (2 << 20) - (65 << 10))
        #expect(try judge(record, partition: 0)[0].value == record.value)
    }

    @Test func `that are made good`() throws {
        let status = LetterStatus(
            name: .record(RecordPlace(topic: .recharges, partition: 3, offset: 64)), state: .resolved,
            at: try instant("06-09 10:00"), reason: .reversalWithoutOriginal, replays: 0,
            why: "its recharge was decided on the net amount", decision: .recharge(lasting("R\"1")))
        let written = try encode(.status(status), partition: 5)
        #expect(written.map(\.topic) == [.deadLetterStatus])
        #expect(written[0].partition == 5)
        #expect(written[0].key == "recharge-events/3/64")
        #expect(
            written[0].text
                == #"{"state":"RESOLVED","at":"2026-06-09T10:00:00.000+08:00","by":"recharge-worker","#
                + #""why":"its recharge was decided on the net amount","replays":0,"#
                + #""reason":"REVERSAL_WITHOUT_ORIGINAL","decision":"recharge/R\"1"}"#)
        #expect(try written[0].json()["decision"] as? String == "recharge/R\"1")
    }

    /// The contract's table, with the numbers that later state may keep.
    @Test func `each reason has a name and a class`() {
        let table: [(Rejection, UInt8, String, String)] = [
            (.badPayload, 1, "BAD_PAYLOAD", "poison"), (.unknownType, 2, "UNKNOWN_TYPE", "poison"),
            (.noTimezone, 3, "NO_TIMEZONE", "poison"), (.timeInFuture, 4, "TIME_IN_FUTURE", "poison"),
            (.badNumber, 5, "BAD_NUMBER", "poison"), (.badAmount, 6, "BAD_AMOUNT", "poison"),
            (.aboveLimit, 7, "ABOVE_LIMIT", "policy"), (.unknownPackage, 8, "UNKNOWN_PACKAGE", "policy"),
            (.conflictingDuplicate, 9, "CONFLICTING_DUPLICATE", "conflict"),
            (.lateBeyondGrace, 10, "LATE_BEYOND_GRACE", "policy"), (.tooManyEvents, 11, "TOO_MANY_EVENTS", "policy"),
            (.reversalWithoutOriginal, 12, "REVERSAL_WITHOUT_ORIGINAL", "conflict"),
            (.giftDelayed, 13, "GIFT_DELAYED", "sla"), (.giftRejected, 14, "GIFT_REJECTED", "conflict"),
            (.giftAmountMismatch, 15, "GIFT_AMOUNT_MISMATCH", "conflict"),
            (.receiptWithoutCommand, 16, "RECEIPT_WITHOUT_COMMAND", "conflict"),
        ]
        for (rejection, number, name, letterClass) in table {
            #expect(rejection.rawValue == number)
            #expect("\(rejection.name)" == name)
            #expect("\(rejection.letterClass.name)" == letterClass)
        }
        #expect(Rejection.allCases == table.map(\.0))
    }

    /// The records of the letter that this input becomes.
    private func judge(_ record: InputRecord, partition: Int32) throws -> [EncodedRecord] {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        return try judge(record, on: shard, partition: partition)
    }

    private func judge(_ record: InputRecord, on shard: Shard, partition: Int32 = 0) throws -> [EncodedRecord] {
        var decoder = EventDecoder()
        return try record.withSource { source in
            var effects: [Effect] = []
            _ = try shard.apply(
                source, decoder.decode(source), cameByMail: false, now: try instant("05-03 10:00:05"), into: &effects)
            return try effects.flatMap { try encode($0, partition: partition) }
        }
    }
}
