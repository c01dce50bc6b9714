import Testing

@testable import Campaign

/// What stands in `campaign-state` and `campaign-mail` outlives the program that wrote it: these bytes are frozen. Another
/// form is another version. An integer is a zig-zag varint (1 is 02, -1 is 01), a text has its count in front.
@Suite struct StateBytes {
    private static let may2 = "80a09fe181b3a806"
    private static let may3 = "80a0dabe85b8a806"
    /// The same in 8 bytes.
    private static let fixed2 = "00e8130ecc500600"
    private static let fixed3 = "0048eb2be0500600"
    private static let fixed4 = "00a8c249f4500600"
    private static let fiveMinutes = "808c8d9e02"

    @Test func `a subscriber, version 2`() throws {
        var subscriber = Subscriber()
        subscriber.paysAssistsUntil = try instant("05-03 10:00")
        subscriber.recharges = [
            Subscriber.Recharge(
                id: lasting("R1"), time: try instant("05-03 10:00"), amountFen: 10_000, paidFen: 9_500,
                package: lasting("P58"), version: 1, outcome: .done, refundedFen: 500,
                given: Lines([.bonusCredit: 2_000, .package: 1_160])),
            Subscriber.Recharge(
                id: lasting("R2"), time: try instant("05-03 10:00"), amountFen: 100, paidFen: nil, package: nil,
                version: 1, outcome: .refused(.belowTier), refundedFen: 0, given: Lines()),
        ]
        subscriber.reversals = [
            Subscriber.Reversal(
                id: lasting("V1"), time: try instant("05-04 10:00"), rechargeID: lasting("R9"), refundedFen: 5_000,
                outcome: .waiting,
                record: SourceRecord(
                    topic: .recharges, partition: 3, offset: 64, timestamp: try instant("05-03 10:00"), key: nil,
                    value: lasting("xyz"), headers: .none))
        ]
        subscriber.assists = [
            Subscriber.Assist(
                id: lasting("A1"), time: try instant("05-02 10:00"), helper: try number(friend), worthFen: 200,
                outcome: .done)
        ]
        subscriber.paidClaims = [try paidClaim("A7")]
        var failed = Gift(
            Lines([.bonusCredit: 2_000, .package: 1_160]), rulesVersion: 1, traceparent: .none,
            now: try instant("05-03 10:00"), confirmWithin: .seconds(300))
        failed.stage = .failed
        failed.deadline = failed.deadline + .seconds(1)
        failed.answer = .refused(isRetryable: true, hasNoGrant: false)
        failed.letter = Gift.OpenLetter(
            reason: .giftRejected, replays: 2, firstFailedAt: try instant("05-03 10:00"))
        subscriber.recharges.change(0) { $0.gift = failed }
        var confirmed = Gift(
            Lines(.assist, 200), rulesVersion: 1, traceparent: .none, now: try instant("05-03 10:00"),
            confirmWithin: .seconds(300))
        confirmed.stage = .confirmed
        confirmed.contradiction = .credited(100)
        subscriber.assists.change(0) { $0.gift = confirmed }
        var writer = Writer()
        writer.put(subscriber)
        #expect(
            hex(writer.bytes)
                == [
                    "02", "008bf51fcc500600", "01",  // version, earliest deadline of a gift, waits for the end of grace
                    "02", Self.fixed3,  // pays assists until
                    "04", "045231", Self.fixed3, "a09c01", "b89401", "06503538", "02", "c8", "e807", "00", "a01f",
                    "9012",
                    "04", "06", "a01f", "9012", Self.fixed3, Self.fiveMinutes, "02", "0e", "402ddc3de0500600", "06",
                    "0e", "04",
                    Self.fixed3,
                    "045232", Self.fixed3, "c801", "01", "01", "02", "01", "00", "00", "00", "00", "00",
                    "02", "045631", Self.fixed4, "045239", "904e", "c9", "01",
                    "00", "06", "8001", Self.may3, "01", "0678797a", "00", "00",
                    "02", "044131", Self.fixed2, "84ac89c867", "9003", "c8",
                    "03", "08", "9003", "01", "c801",
                    "02", "044137", Self.fixed2, "02", "10", "c801", Self.fixed2, Self.fiveMinutes, "02", "01", "0274",
                ].joined())
        #expect(try SubscriberRecord.giftDeadline(of: writer.bytes) == instant("05-02 10:05"))
        #expect(SubscriberRecord.waitsForEndOfGrace(writer.bytes))
    }

    /// The numbers of outcomes and reasons in the state.
    @Test func `outcomes, version 1`() {
        let numbers: [(Subscriber.Outcome, UInt8)] = [
            (.refused(.belowTier), 1), (.refused(.outOfWindow), 2), (.refused(.notInAudience), 3),
            (.refused(.selfAssist), 4), (.refused(.repeatHelper), 5), (.refused(.capReached), 6),
            (.refused(.assistExpired), 7), (.refused(.duplicate), 8), (.refused(.cancelled), 9),
            (.done, 200), (.waiting, 201), (.dead, 202),
        ]
        for (outcome, number) in numbers {
            #expect(outcome.number == number)
            #expect(Subscriber.Outcome(number: number) == outcome)
        }
        let known = (UInt8.min...UInt8.max).filter { Subscriber.Outcome(number: $0) != nil }
        #expect(known == numbers.map(\.1))
    }

    @Test func `a shard's own record, version 2`() throws {
        var record = ShardRecord(partitionCount: 12, campaign: "zs")
        #expect(written(record) == "02" + "18" + "047a73" + "00" + "000000" + "00000000" + "00")
        record.decidedUntil = try instant("05-03 10:00")
        record.sums = GiftSums(
            grantedFen: 64, reversedFen: 1, confirmedFen: 2, waiting: 3, delayed: 4, rejected: 5, mismatched: 6)
        record.positions = [7, nil, 64, nil, 1]
        #expect(
            written(record) == "02" + "18" + "047a73" + "02" + Self.may3 + "80010204" + "06080a0c" + "06" + "000e"
                + "028001"
                + "0402")
    }

    @Test func `an open letter, version 1`() throws {
        let place = RecordPlace(topic: .receipts, partition: 3, offset: 64)
        let entry = LetterTable.Entry(
            reason: .unknownPackage, replays: 2, firstFailedAt: try instant("05-03 10:00"),
            digest: Digest(key: lasting("k"), value: nil, recordTime: try instant("05-03 10:00")))
        var key = Writer()
        place.writeKey(to: &key)
        #expect(key.bytes.text == "letter/3/3/64")
        #expect(try RecordPlace(key: key.bytes) == place)
        var value = Writer()
        entry.write(to: &value)
        #expect(
            hex(value.bytes) == "01" + "08" + "04" + Self.may3
                + "df5a9cbc3b5af85c72dcbaf7587b43d0a2f8f03f9f4f7477aae1ede59360399d")
        #expect(try LetterTable.Entry(value.bytes) == entry)
    }

    @Test func `an hour's totals, version 1`() throws {
        var totals = HourlyTotals()
        totals.recharges = 7
        totals.rechargeFen = 10_000
        totals.newSubscribers = 1
        totals.assists = 2
        totals.grants = 3
        totals.granted = Lines([
            .instantDiscount: 500, .bonusCredit: 2_000, .package: 1_160, .assist: 200, .helper: 100, .compensation: 42,
        ])
        totals.reverses = 1
        totals.reversedFen = 300
        var writer = Writer()
        totals.write(to: &writer)
        #expect(hex(writer.bytes) == "01" + "0ea09c01020406" + "e807a01f90129003c80154" + "02d804")
        #expect(try HourlyTotals(writer.bytes) == totals)
    }

    @Test func `a claim, version 1`() throws {
        let claim = Claim(
            assistID: lasting("A1"), helper: try number(friend), worthFen: 100, times: 3,
            eventTime: try instant("05-02 10:00"), rulesVersion: 1, traceparent: lasting("t"))
        var writer = Writer()
        Mail.put(claim, into: &writer)
        #expect(hex(writer.bytes) == "0101" + "044131" + "84ac89c867" + "c801" + "06" + Self.may2 + "02" + "0274")
        guard case .claim(claim) = try Mail(writer.bytes) else {
            Issue.record("the claim came back as \(try Mail(writer.bytes))")
            return
        }
    }

    @Test func `a forwarded record, version 1`() throws {
        let record = InputRecord(
            partition: 3, offset: 64, published: try instant("05-03 10:00"), key: [0x6B], value: nil,
            headers: [("a", "b"), ("c", nil)])
        try record.withSource { source in
            var writer = Writer()
            Mail.put(source, into: &writer)
            #expect(
                hex(writer.bytes)
                    == "0102" + "00" + "06" + "8001" + Self.may3 + "026b" + "01" + "0e" + "02610262" + "026301")
            guard case .forwarded(let read) = try Mail(writer.bytes) else { throw Unexpected() }
            #expect(read.topic == .recharges && read.partition == 3 && read.offset == 64)
            #expect(read.timestamp == source.timestamp && read.key == source.key && read.value == nil)
            #expect(read.headers == source.headers)
        }
    }

    @Test(arguments: [
        "", "00", "0201", "0100", "0103", "0101", "010104413184ac89c867c80106" + "80a09fe181b3a806" + "02027400",
        "0102030680010000026b010000", "0102020680010000010100",
    ])
    func `mail of another form is refused`(hex: String) {
        let bytes = bytes(ofHex: hex)
        #expect(throws: StateError.unreadable("a record of campaign-mail")) {
            try bytes.withUnsafeBytes { _ = try Mail(Bytes($0)) }
        }
    }

    @Test(arguments: [
        Int64.min, .min + 1, -129, -128, -65, -64, -1, 0, 1, 63, 64, 127, 128, 8_191, 8_192, 1 << 32, .max - 1, .max,
    ])
    func `integers come back`(value: Int64) throws {
        var writer = Writer()
        writer.putVarint(value)
        writer.putFixed(value)
        var reader = Reader(writer.bytes)
        #expect(try reader.varint() == value)
        #expect(try reader.fixed() == value)
        #expect(reader.isAtEnd)
    }

    @Test func `decimal numbers`() {
        var power: Int64 = 1
        for _ in 0..<19 {
            for value in [power - 1, power, power + 1, power / 3 * 7, -power] {
                var writer = Writer()
                writer.putDecimal(value)
                #expect(writer.bytes.text == "\(value)")
            }
            power = power &* 10
        }
    }

    @Test func `eight digits at once`() {
        for value in Array(0..<10_000) + stride(from: 10_000, to: 100_000_000, by: 9_973) + [99_999_999] {
            let digits = String("\(100_000_000 + value)".dropFirst())
            withUnsafeBytes(of: ascii(eightDigits(UInt64(value))).littleEndian) {
                #expect(Bytes($0).text == digits)
            }
        }
    }

    @Test(arguments: ["", "80", "ffffffffffffffffff02", "ffffffffffffffffffff01", "80808080808080808080808000"])
    func `integers that are none`(hex: String) {
        let bytes = bytes(ofHex: hex)
        bytes.withUnsafeBytes { buffer in
            var reader = Reader(Bytes(buffer))
            #expect(throws: Reader.Malformed.self) { try reader.varint() }
        }
    }

    private func written(_ record: ShardRecord) -> String {
        var writer = Writer()
        record.write(to: &writer)
        #expect((try? ShardRecord(writer.bytes)) == record)
        return hex(writer.bytes)
    }
}

/// What a friend was paid for helping at 10:00 on May 2.
func paidClaim(_ id: String) throws -> Subscriber.PaidClaim {
    let time = try instant("05-02 10:00")
    let gift = Gift(
        Lines(.helper, 100), rulesVersion: 1, traceparent: lasting("t"), now: time, confirmWithin: .seconds(300))
    return Subscriber.PaidClaim(id: lasting(id), eventTime: time, gift: gift)
}

func hex(_ bytes: Bytes) -> String {
    bytes.buffer.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(ofHex hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
}
