import Testing

@testable import Campaign

/// Contract, sections 2, 3 and 5: what is an event, and why something is none.
@Suite struct EventDecoding {
    @Test func `a recharge with every member`() throws {
        let text = soundRecharge.with("data.paidFen", "9500").with("data.package", "\"P58\"")
            .with("data.carrier", "\"CMCC\"").with("data.city", "\"442000\"").with("data.newSubscriber", "true")
        try decode(text) { decoded in
            let event = try decoded.result.get()
            #expect(event.id == "E1")
            #expect(event.time.description == "2026-05-03T10:00:00.000+08:00")
            #expect(event.subject.value == 13_900_000_001)
            #expect(event.traceparent.isEmpty)
            guard case .recharge(let recharge) = event.kind else { throw Unexpected() }
            #expect(recharge.amountFen == 10_000)
            #expect(recharge.paidFen == 9_500)
            #expect(recharge.package?.text == "P58")
            #expect(recharge.carrier == .mobile)
            #expect(recharge.city == 442_000)
            #expect(recharge.isNewSubscriber)
        }
    }

    @Test(arguments: ["paidFen", "package", "carrier", "city", "newSubscriber"])
    func `a null member is a missing one`(member: String) throws {
        try decode(soundRecharge.with("data.\(member)", "null")) { decoded in
            guard case .recharge(let recharge) = try decoded.result.get().kind else { throw Unexpected() }
            #expect(
                recharge
                    == Event.Recharge(
                        amountFen: 10_000, paidFen: nil, package: nil, carrier: nil, city: nil, isNewSubscriber: false
                    ))
        }
    }

    @Test func `a reversal and an assist`() throws {
        let time = try instant("05-03 10:00")
        try decode(soundReversal) { decoded in
            guard case .reversal(let reversal) = try decoded.result.get().kind else { throw Unexpected() }
            #expect(reversal.rechargeID == "R1")
            #expect(reversal.refundedFen == 5_000)
            #expect(reversal.rechargedAt == time)
        }
        try decode(soundReversal.with("data.rechargedAt", "null")) { decoded in
            guard case .reversal(let reversal) = try decoded.result.get().kind else { throw Unexpected() }
            #expect(reversal.rechargedAt == nil)
        }
        try decode(soundAssist, on: .assists) { decoded in
            guard case .assist(let assist) = try decoded.result.get().kind else { throw Unexpected() }
            #expect(assist.helper.value == 13_900_000_002)
        }
    }

    /// JSON has many spellings of one text.
    @Test func `escapes mean what they escape`() throws {
        let text = soundRecharge.with("id", #""a\"\\\/\b\f\n\r\t\u0041\u4e2d\uD83D\uDE00é""#)
            .with("subject", #""\u0031390000000\u0031""#)
        try decode(text) { decoded in
            let event = try decoded.result.get()
            #expect(event.id == "a\"\\/\u{8}\u{c}\n\r\tA中😀é")
            #expect(event.subject.value == 13_900_000_001)
        }
        try decode(soundRecharge.with("id", nil).with("\\u0069d", "\"E1\"")) { #expect($0.event?.id.text == "E1") }
    }

    @Test func `white space and unknown members are passed over`() throws {
        let json = " \n\t{ \"x\" : {\"id\": [1, {\"time\": null}]} ,\r\n" + soundRecharge.json.dropFirst() + "\n "
        try decode(Array(json.utf8)) { #expect($0.event?.id.text == "E1") }
    }

    @Test func `of two members of one name the first counts`() throws {
        let json = soundRecharge.json.dropLast() + ",\"id\":\"E2\",\"subject\":\"13900000002\",\"data\":{}}"
        try decode(Array(json.utf8)) { decoded in
            #expect(decoded.event?.id.text == "E1")
            #expect(decoded.subject?.value == 13_900_000_001)
        }
    }

    @Test(arguments: [(1, true), (128, true), (129, false), (0, false)])
    func `an id has 1 to 128 bytes`(length: Int, isGood: Bool) throws {
        for id in ["x", "中", "\u{10FFFF}"] where length % id.utf8.count == 0 {
            let text = String(repeating: id, count: length / id.utf8.count)
            try decode(soundRecharge.with("id", quoted(text))) { decoded in
                #expect((decoded.event != nil) == isGood, "id of \(length) bytes, \(id)")
            }
            try decode(soundReversal.with("data.rechargeId", quoted(text))) { decoded in
                #expect((decoded.event != nil) == isGood, "rechargeId of \(length) bytes, \(id)")
            }
        }
    }

    /// Unknown members are ignored, whatever numbers stand in them; an integer beyond Int64 counts as the largest.
    @Test(arguments: [
        "18446744073709551616", "-99999999999999999999999", String(repeating: "9", count: 400), "1e999", "-1.5E+999",
        "1e-999", "[1,{\"a\":123456789012345678901234567890.5e1000}]", "12345678901234567890123",
    ])
    func `numbers that no word holds`(number: String) throws {
        let id = #"12345678901234567890123\\\"1e999"#
        try decode(soundRecharge.with("pad", number).with("id", "\"\(id)\"")) { decoded in
            let event = try #require(decoded.event, "\(number)")
            #expect(event.id.text == "12345678901234567890123\\\"1e999")
            guard case .recharge(let recharge) = event.kind else { return }
            #expect(recharge.amountFen == 10_000)
        }
        guard !number.hasPrefix("-"), number.allSatisfy(\.isNumber) else { return }
        try decode(soundRecharge.with("data.amountFen", number)) { decoded in
            guard case .recharge(let recharge)? = decoded.event?.kind else {
                Issue.record("\(number) was not taken")
                return
            }
            #expect(recharge.amountFen == .max)
        }
    }

    @Test(arguments: ["0123456789012345678901", "1e9999.5", "--12345678901234567890123", "12345678901234567890123x"])
    func `no number stays none`(number: String) throws {
        try decode(soundRecharge.with("pad", number)) { #expect($0.event == nil, "\(number)") }
    }

    @Test func `a value and a head of 64 KiB are taken, one byte more is not`() throws {
        for (size, isGood) in [(65_536, true), (65_537, false)] {
            let padding = String(repeating: "x", count: size - soundRecharge.with("pad", "\"\"").bytes.count)
            let text = soundRecharge.with("pad", quoted(padding))
            #expect(text.bytes.count == size)
            try decode(text) { #expect(($0.event != nil) == isGood, "a value of \(size) bytes") }

            let head = String(repeating: "x", count: size - 10 - 3)
            var record = InputRecord(published: try instant("05-03 10:00"), value: soundRecharge.bytes)
            record.key = Array(repeating: 0x31, count: 10)
            record.headers = [("a", head), ("bc", nil)]
            try decode(record) { #expect(($0.event != nil) == isGood, "a head of \(size) bytes") }
        }
    }

    @Test func `what is known of a bad event goes into its letter`() throws {
        let time = try instant("05-03 10:00")
        try decode(soundRecharge.with("data", "1")) { decoded in
            #expect(decoded.id == "E1")
            #expect(decoded.subject?.value == 13_900_000_001)
            #expect(decoded.time == time)
        }
        let long = String(repeating: "x", count: 129)
        try decode(soundRecharge.with("id", quoted(long)).with("subject", "\"1\"").with("time", "\"1\"")) { decoded in
            #expect(decoded.id.isEmpty)
            #expect(decoded.subject == nil)
            #expect(decoded.time == nil)
        }
    }
}

/// A `traceparent` is carried on as it stands, from the envelope, else from the header.
@Suite struct TraceContext {
    private static let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let other = "00-ffffffffffffffffffffffffffffffff-b7ad6b7169203331-00"

    @Test(
        arguments: [
            (nil, nil, nil),
            (good, nil, good),
            (nil, good, good),
            (good, other, good),
            ("", other, other),
            (String(repeating: "x", count: 256), nil, String(repeating: "x", count: 256)),
            (String(repeating: "x", count: 257), nil, nil),
        ] as [(String?, String?, String?)])
    func `from the envelope or the header`(member: String?, header: String?, expected: String?) throws {
        var record = InputRecord(published: try instant("05-03 10:00"))
        record.value = soundRecharge.with("traceparent", member.map(quoted)).bytes
        record.headers = [("traceparent", "an earlier one"), ("traceparent", header)]
        try decode(record) { #expect($0.event?.traceparent.text == expected ?? "") }
    }

    @Test func `a header that is no UTF-8 is not carried on`() throws {
        var record = InputRecord(published: try instant("05-03 10:00"), value: soundRecharge.bytes)
        record.rawHeaders = [("traceparent", [0x30, 0xFF])]
        try decode(record) { #expect($0.event?.traceparent.isEmpty == true) }
    }
}

struct Unexpected: Error {}

extension DecodedRecord {
    /// The event; nil when something is wrong with it.
    var event: Event? { try? result.get() }
    /// What is wrong with it; nil when it is an event.
    var rejection: Rejection? {
        guard case .failure(let fault) = result else { return nil }
        return fault.rejection
    }
}

let soundRecharge = EventText(
    id: "E1", type: "recharge.completed.v1", time: "2026-05-03T10:00:00+08:00", subject: inviter,
    data: [("amountFen", "10000"), ("channel", "\"app\"")])

let soundReversal = EventText(
    id: "E1", type: "recharge.reversed.v1", time: "2026-05-03T10:00:00+08:00", subject: inviter,
    data: [
        ("rechargeId", "\"R1\""), ("refundedFen", "5000"), ("rechargedAt", "\"2026-05-03T10:00:00+08:00\""),
    ])

let soundAssist = EventText(
    id: "E1", type: "assist.completed.v1", time: "2026-05-03T10:00:00+08:00", subject: inviter,
    data: [("helper", quoted(friend)), ("channel", "\"h5\"")])

let soundReceipt = EventText(
    id: "E1", type: "credit.settled.v1", time: "2026-05-03T10:00:00+08:00", subject: inviter,
    data: [("commandId", quoted("recharge/R1/gift")), ("outcome", "\"credited\""), ("creditedFen", "1300")])

func decode(_ text: EventText, on topic: InputTopic = .recharges, _ body: (DecodedRecord) throws -> Void) throws {
    try decode(text.bytes, on: topic, body)
}

func decode(_ value: [UInt8]?, on topic: InputTopic = .recharges, _ body: (DecodedRecord) throws -> Void) throws {
    try decode(InputRecord(topic: topic, published: try instant("05-03 10:00"), value: value), body)
}

func decode(_ record: InputRecord, _ body: (DecodedRecord) throws -> Void) throws {
    var decoder = EventDecoder()
    try record.withSource { source in try body(decoder.decode(source)) }
}
