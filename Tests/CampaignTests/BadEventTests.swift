import Testing

@testable import Campaign

/// Contract, section 5: every mistake has its reason, and of two the first in the order of the checks names it.
@Suite struct BadEvents {
    @Test(arguments: badEvents)
    func `one mistake`(event: BadEvent) throws {
        try decode(event.text, on: event.topic) { #expect($0.rejection == event.reason, "\(event)") }
    }

    /// The mistakes of `inOrder` together: the earlier must win, whichever it is paired with.
    @Test func `of two mistakes the first in the contract's order names the reason`() throws {
        for (index, first) in inOrder.enumerated() {
            for second in inOrder[(index + 1)...] where first.member != second.member {
                let text = soundRecharge.with(second.member, second.json).with(first.member, first.json)
                try decode(text) {
                    #expect($0.rejection == first.reason, "\(first.member) and \(second.member) in \(text.json)")
                }
            }
        }
    }

    @Test(arguments: notJSON)
    func `what is no JSON object in UTF-8`(value: [UInt8]?) throws {
        try decode(value) { decoded in
            #expect(
                decoded.rejection == .badPayload,
                "\(value.map { String(decoding: $0, as: UTF8.self) } ?? "no value")")
            #expect(decoded.subject == nil)
        }
    }

    /// Whatever stands in a value, decoding ends and says something.
    @Test(arguments: [soundRecharge, soundReversal, soundAssist, soundReceipt].map(\.json))
    func `a mutated event is decoded or refused`(json: String) throws {
        let seed: UInt64 = 20_260_503
        var random = SeededBytes(seed: seed)
        for round in 0..<3_000 {
            let bytes = random.mutated(Array(json.utf8))
            for topic in [InputTopic.recharges, .assists, .receipts] {
                try decode(bytes, on: topic) { decoded in
                    if case .success(let event) = decoded.result {
                        #expect((1...128).contains(event.id.count), "seed \(seed), round \(round)")
                        #expect(decoded.subject == event.subject, "seed \(seed), round \(round)")
                    }
                }
            }
        }
    }
}

/// A sound event with one member changed, and what it is then called.
struct BadEvent: Sendable, CustomStringConvertible {
    let text: EventText
    let topic: InputTopic
    let member: String
    let json: String?
    let reason: Rejection?

    var description: String { "\(member) \(json ?? "missing")" }
}

private func mistakes(
    in text: EventText, on topic: InputTopic = .recharges, _ rows: [(member: String, json: String?, reason: Rejection?)]
) -> [BadEvent] {
    rows.map { row in
        BadEvent(
            text: text.with(row.member, row.json), topic: topic, member: row.member, json: row.json, reason: row.reason)
    }
}

/// The checks in their order, each failed in one way: envelope, type, time, subject, data.
private let inOrder: [(member: String, json: String?, reason: Rejection)] = [
    ("specversion", "\"1.1\"", .badPayload), ("id", nil, .badPayload), ("source", nil, .badPayload),
    ("type", "1", .badPayload), ("time", "1", .badPayload), ("subject", "[]", .badPayload), ("data", "[]", .badPayload),
    ("type", "\"assist.completed.v1\"", .unknownType), ("time", "\"2026-05-03T10:00:00\"", .noTimezone),
    ("time", "\"2026-05-03T10:05:00.001+08:00\"", .timeInFuture), ("subject", "\"12345\"", .badNumber),
    ("data.channel", nil, .badPayload), ("data.amountFen", "0", .badAmount),
]

private let badEvents: [BadEvent] =
    mistakes(
        in: soundRecharge,
        [
            ("specversion", nil, .badPayload), ("specversion", "1.0", .badPayload),
            ("specversion", "null", .badPayload),
            ("id", "null", .badPayload), ("id", "7", .badPayload), ("id", "\"\"", .badPayload),
            ("source", "\"\"", .badPayload), ("source", "{}", .badPayload), ("type", nil, .badPayload),
            ("type", "\"\"", .unknownType), ("time", nil, .badPayload), ("time", "1777777777", .badPayload),
            ("subject", nil, .badPayload), ("subject", "13900000001", .badPayload), ("data", "\"{}\"", .badPayload),
            ("data", "null", .badPayload), ("data", "{}", .badPayload),
            ("type", "\"recharge.completed.v2\"", .unknownType), ("type", "\"recharge.completed\"", .unknownType),
            ("type", "\"Recharge.completed.v1\"", .unknownType), ("type", "\"credit.settled.v1\"", .unknownType),
            ("time", "\"2026-05-03\"", .badPayload), ("time", "\"yesterday\"", .badPayload),
            ("time", "\"2026-02-29T10:00:00+08:00\"", .badPayload), ("time", "\"2026-05-03T10:00:00.5\"", .noTimezone),
            ("time", "\"2026-05-03T10:05:00+08:00\"", nil), ("time", "\"2026-05-03T02:05:00.001Z\"", .timeInFuture),
            ("subject", "\"\"", .badNumber), ("subject", "\"12900000001\"", .badNumber),
            ("subject", "\"1390000000\"", .badNumber), ("subject", "\"139000000012\"", .badNumber),
            ("data.amountFen", nil, .badPayload), ("data.amountFen", "null", .badPayload),
            ("data.amountFen", "5000.0", .badPayload), ("data.amountFen", "\"5000\"", .badPayload),
            ("data.amountFen", "1e3", .badPayload), ("data.amountFen", "true", .badPayload),
            ("data.amountFen", "0", .badAmount), ("data.amountFen", "-0", .badAmount),
            ("data.amountFen", "-1", .badAmount), ("data.amountFen", "-9223372036854775808", .badAmount),
            ("data.amountFen", "9223372036854775807", nil), ("data.amountFen", "18446744073709551615", nil),
            ("data.amountFen", "00001", .badPayload),
            ("data.amountFen", "+1", .badPayload), ("data.amountFen", "0x10", .badPayload),
            ("data.channel", "1", .badPayload), ("data.channel", "\"\"", nil),
            ("data.paidFen", "-1", .badAmount), ("data.paidFen", "10001", .badAmount), ("data.paidFen", "0", nil),
            ("data.paidFen", "10000", nil), ("data.paidFen", "\"9500\"", .badPayload),
            ("data.paidFen", "9500.0", .badPayload), ("data.package", "58", .badPayload),
            ("data.package", "\"\(String(repeating: "p", count: 256))\"", nil),
            ("data.package", "\"\(String(repeating: "p", count: 257))\"", .badPayload),
            ("data.carrier", "\"cmcc\"", .badPayload), ("data.carrier", "1", .badPayload),
            ("data.carrier", "\"CBN\"", nil), ("data.city", "442000", .badPayload),
            ("data.city", "\"44200\"", .badPayload),
            ("data.city", "\"44200x\"", .badPayload), ("data.newSubscriber", "\"true\"", .badPayload),
            ("data.newSubscriber", "1", .badPayload),
        ])
    + mistakes(
        in: soundReversal,
        [
            ("type", "\"assist.completed.v1\"", .unknownType), ("data.rechargeId", nil, .badPayload),
            ("data.rechargeId", "1", .badPayload), ("data.refundedFen", nil, .badPayload),
            ("data.refundedFen", "1.5", .badPayload), ("data.refundedFen", "0", .badAmount),
            ("data.refundedFen", "-5", .badAmount), ("data.refundedFen", "9223372036854775807", nil),
            ("data.rechargedAt", "1", .badPayload), ("data.rechargedAt", "\"2026-05-03\"", .badPayload),
            ("data.rechargedAt", "\"2026-05-03T10:00:00\"", .noTimezone),
            ("data.rechargedAt", "\"2030-05-03T10:00:00Z\"", nil),
        ])
    + mistakes(
        in: soundAssist, on: .assists,
        [
            ("type", "\"recharge.completed.v1\"", .unknownType), ("data.helper", nil, .badPayload),
            ("data.helper", "13900000002", .badPayload), ("data.helper", "\"friend\"", .badNumber),
            ("data.channel", nil, .badPayload), ("data.helper", "\"+86 139-0000-0002\"", nil),
        ])
    + mistakes(
        in: soundReceipt, on: .receipts,
        [
            ("type", "\"recharge.completed.v1\"", .unknownType), ("time", "\"2026-05-03T10:00:00\"", .noTimezone),
            ("time", "\"2026-05-03T10:05:00.001+08:00\"", .timeInFuture), ("subject", "\"12345\"", .badNumber),
            ("data.commandId", nil, .badPayload), ("data.commandId", "1", .badPayload),
            ("data.commandId", "\"\"", nil), ("data.outcome", nil, .badPayload),
            ("data.outcome", "\"refused\"", .badPayload), ("data.outcome", "\"rejected\"", nil),
            ("data.creditedFen", nil, .badPayload), ("data.creditedFen", "13.0", .badPayload),
            ("data.creditedFen", "-1", .badAmount), ("data.creditedFen", "0", nil),
            ("data.reason", "1", .badPayload), ("data.reason", "null", nil), ("data.retryable", "1", .badPayload),
            ("data.retryable", "\"true\"", .badPayload), ("data.retryable", "true", nil),
        ])

private let notJSON: [[UInt8]?] =
    [nil, [], [0], [0xFF]]
    + ([
        " ", "null", "1", "\"x\"", "[]", "{", "}", "{}{}", "{\"a\":1,}", "{'a':1}", "{\"a\":01}", "// {}",
        "{\"a\":nan}",
        "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}",
        String(repeating: "[", count: 60_000), String(repeating: "{\"a\":", count: 10_000),
        soundRecharge.json + "x", String(soundRecharge.json.dropLast()),
    ] as [String]).map { Array($0.utf8) }
    // In an unknown member, too: overlong, a surrogate, beyond U+10FFFF, cut off.
    + [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xB8], [0x80]].map { bytes in
        Array(soundRecharge.json.dropLast().utf8) + Array(",\"x\":\"".utf8) + bytes + Array("\"}".utf8)
    }
