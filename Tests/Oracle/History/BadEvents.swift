import TestSupport

extension HistoryGenerator {
    /// Publishes what cannot be decided, each time with one fault; now and then its correction follows with the same id.
    mutating func publishBad() {
        let kind = Int.random(in: 0..<3, using: &random)
        let good = kind == 0 ? assist() : kind == 1 ? recharge() : reversal(of: recharge())
        var bad = good
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<10: return append(good.topic, good.subject, noEvent(good.draft))
        case 10..<12: return appendTooLarge(good)
        case 12..<14: return appendLargest(good)
        case 14..<34: breakEnvelope(&bad)
        case 34..<50: breakTime(&bad)
        case 50..<58: bad.draft.set("subject", quoted(badNumber()))
        case 58..<63: setNumberInID(&bad)
        default: breakData(&bad)
        }
        append(bad.topic, bad.subject, bad.draft.bytes())
        if random.chance(30) { publish(good) }
    }

    /// Values that are no JSON object at all.
    private mutating func noEvent(_ draft: EventDraft) -> [UInt8]? {
        let text = draft.bytes()
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return nil
        case 1: return []
        case 2: return Array(text.dropLast())
        case 3: return Array(text.prefix(text.count / 2))
        case 4: return text + Array("x".utf8)
        case 5: return Array("[\(draft.text())]".utf8)
        case 6: return Array(draft.text(data: #"{"channel":"\#u{1}"}"#).utf8)
        case 7: return [0xFF, 0xFE] + text
        default:
            // Not UTF-8 in the midst of a string.
            guard let colon = text.firstIndex(of: UInt8(ascii: "/")) else { return [] }
            return text[..<colon] + [0xC3, 0x28] + text[colon...]
        }
    }

    private mutating func appendTooLarge(_ event: Published) {
        if random.chance(50) {
            append(event.topic, event.subject, padded(event.draft, to: 65_537))
        } else {
            let header = TestHeader(name: "filler", value: [UInt8](repeating: 120, count: 65_536))
            append(event.topic, event.subject, event.draft.bytes(), headers: [header])
        }
    }

    /// A good event of exactly the size that is still taken.
    private mutating func appendLargest(_ event: Published) {
        append(event.topic, event.subject, padded(event.draft, to: 65_536))
    }

    private func padded(_ draft: EventDraft, to size: Int) -> [UInt8] {
        var draft = draft
        draft.set("filler", quoted(""))
        let filler = String(repeating: "x", count: size - draft.bytes().count)
        draft.set("filler", "\"\(filler)\"")
        return draft.bytes()
    }

    private mutating func breakEnvelope(_ event: inout Published) {
        let names = ["specversion", "id", "source", "type", "time", "subject"]
        switch Int.random(in: 0..<8, using: &random) {
        case 0: event.draft.set(random.pick(names), nil)
        case 1: event.draft.set(random.pick(names), random.pick(["null", "7", "[]", "{}", "true"]))
        case 2: event.draft.set("specversion", quoted("0.3"))
        case 3: event.draft.set("id", quoted(""))
        case 4: event.draft.set("id", quoted(String(repeating: "i", count: 129)))
        case 5:
            event.draft.set("type", quoted(event.topic == .assist ? "recharge.completed.v1" : "assist.completed.v1"))
        case 6: event.draft.set("type", quoted(random.pick(["credit.settled.v1", "recharge.completed.v2", "", "充值"])))
        default: event.draft.set("data", nil)
        }
    }

    private mutating func breakTime(_ event: inout Published) {
        let text = ChinaTime.text(event.time)
        let malformed = ["", "yesterday", "2026-02-30T10:00:00+08:00", "2026-05-03T24:00:00Z", "2026-05-03T10:60:00Z"]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: event.draft.set("time", quoted(String(text.dropLast(6))))
        case 1:
            event.draft.set("time", quoted(random.pick(malformed + [text + "x", text.prefix(10) + "", "1777773330"])))
        case 2 where event.kind == .reversal:
            event.draft.setData("rechargedAt", quoted(random.pick(["2026-05-03T10:00:00", "soon"])))
        default:
            let ahead: Int64 = options.clock == .campaign ? random.pick([300_001, 3_600_000]) : 86_400_000
            event.draft.set("time", quoted(ChinaTime.text(now + ahead)))
        }
    }

    private mutating func badNumber() -> String {
        random.pick([
            "", "1341160123", "134116012345", "12345678901", "23411601234", "1341160123x", "+8713411601234", "００８６",
        ])
    }

    /// A publisher's fault that must not show a number in a letter's headers.
    private mutating func setNumberInID(_ event: inout Published) {
        event.draft.set("id", quoted("bill-\(event.subject)-\(nextID)"))
        event.draft.set("type", quoted("recharge.unknown.v1"))
    }

    private mutating func breakData(_ event: inout Published) {
        let wrongIntegers = ["5000.0", #""5000""#, "5e3", "null", "true", "[5000]"]
        let badAmounts = ["0", "-1", "-5000", "-9223372036854775808"]
        switch (event.kind, Int.random(in: 0..<6, using: &random)) {
        case (.assist, 0..<3): event.draft.setData("helper", quoted(badNumber()))
        case (.assist, 3): event.draft.setData("helper", random.pick(["13411601234", "null", "{}"]))
        case (.assist, 4): event.draft.setData("helper", nil)
        case (.assist, _): event.draft.setData("channel", random.pick([nil, "1", "null"]))
        case (.recharge, 0): event.draft.setData("amountFen", random.pick(wrongIntegers))
        case (.recharge, 1): event.draft.setData("amountFen", random.pick(badAmounts))
        case (.recharge, 2):
            event.draft.setData("paidFen", random.pick(["-1", "\(event.amountFen + 1)", "9223372036854775807"]))
        case (.recharge, 3):
            let limit = options.campaign.maxRechargeFen
            event.draft.setData("paidFen", nil)
            event.draft.setData("amountFen", "\(random.pick([limit + 1, limit * 100, .max]))")
        case (.recharge, 4):
            let faults = [
                ("carrier", quoted("cmcc")), ("carrier", "1"), ("city", quoted("44200")), ("city", "442000"),
                ("city", quoted("44200x")), ("newSubscriber", "1"), ("package", "58"), ("paidFen", "1.5"),
            ]
            let fault = random.pick(faults)
            event.draft.setData(fault.0, fault.1)
        case (.recharge, _): event.draft.setData(random.pick(["amountFen", "channel"]), nil)
        case (.reversal, 0): event.draft.setData("refundedFen", random.pick(wrongIntegers))
        case (.reversal, 1): event.draft.setData("refundedFen", random.pick(badAmounts))
        case (.reversal, 2): event.draft.setData("rechargeId", random.pick([nil, "7", quoted(""), "null"]))
        case (.reversal, 3): event.draft.setData("refundedFen", nil)
        case (.reversal, 4): event.draft.setData("rechargedAt", "1777773330")
        case (.reversal, _):
            event.draft.setData("rechargeId", quoted(String(repeating: "r", count: 129)))
        }
    }
}
