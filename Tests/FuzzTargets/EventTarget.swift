@testable import Campaign

/// Any value is an event within the contract's bounds, or a fault that says why not.
func checkEvent(_ input: UnsafeRawBufferPointer) {
    // Behind a zero byte, which JSON can't hold, come headers.
    let end = input.firstIndex(of: 0) ?? input.count
    let value = Bytes(UnsafeRawBufferPointer(rebasing: input[..<end]))
    let headers = Headers(bytes: Bytes(UnsafeRawBufferPointer(rebasing: input[min(end + 1, input.count)...])))
    for topic in InputTopic.allCases {
        let record = SourceRecord(
            topic: topic, partition: 0, offset: 0, timestamp: published, key: Bytes("13900000001"), value: value,
            headers: headers)
        decoder.decoded(record)
    }
}

/// 2026-05-03T10:00:00+08:00, in the window of the example.
let published = Timestamp(milliseconds: 1_777_773_600_000)

/// As in the worker, one decoder sees all records: what it keeps of one must not touch the next.
nonisolated(unsafe) private var decoder = CheckedDecoder()

private struct CheckedDecoder: ~Copyable {
    private var decoder = EventDecoder()
    private var second = EventDecoder()
    private var text = Writer()

    mutating func decoded(_ record: SourceRecord) {
        let decoded = decoder.decode(record)
        mustHold(decoded.id.count <= 128, "a usable id is short")
        switch decoded.result {
        case .failure(let fault):
            mustHold(!fault.message.isEmpty, "a fault says why")
            let member = fault.pointer.dropFirst().replacing("/", with: ".")
            mustHold(fault.message.hasPrefix(member), "a fault's sentence begins with its member: \(fault)")
        case .success(let event):
            mustHold(event.id == decoded.id && !event.id.isEmpty, "an event has the id of its letter")
            mustHold(event.subject == decoded.subject, "an event has the subject of its letter")
            mustHold(event.time == decoded.time, "an event has the time of its letter")
            mustHold(event.time <= record.timestamp + .seconds(300), "no event is of the future")
            mustHold(event.traceparent.count <= 256, "a trace context is short")
            checkBounds(event.kind, record.topic)
            checkSpelling(event, record)
        }
    }

    private func checkBounds(_ kind: Event.Kind, _ topic: InputTopic) {
        switch kind {
        case .recharge(let recharge):
            mustHold(topic == .recharges, "a recharge is one of its own topic")
            mustHold(recharge.amountFen > 0, "an amount is above 0")
            mustHold((0...recharge.amountFen).contains(recharge.paidFen ?? 0), "no more is paid than the amount")
            mustHold((recharge.package?.count ?? 0) <= 256, "a package's code is short")
            mustHold((recharge.city ?? 0) <= 999_999, "a city has six digits")
        case .reversal(let reversal):
            mustHold(topic == .recharges, "a reversal is one of its own topic")
            mustHold(reversal.refundedFen > 0, "a refund is above 0")
            mustHold((1...128).contains(reversal.rechargeID.count), "a recharge has an id")
        case .assist:
            mustHold(topic == .assists, "an assist is one of its own topic")
        case .receipt(let receipt):
            mustHold(topic == .receipts, "a receipt is one of its own topic")
            if case .credited(let fen) = receipt.answer { mustHold(fen >= 0, "no less than nothing is credited") }
        }
    }

    /// What was understood of an event, written anew as plainly as can be, is the same event.
    private mutating func checkSpelling(_ event: Event, _ record: SourceRecord) {
        text.removeAll()
        text.put(plain: event)
        var plain = record
        plain.value = text.bytes
        plain.headers = .none
        guard case .success(let again) = second.decode(plain).result else {
            return mustHold(false, "what was understood is understood again: \(text.bytes.text)")
        }
        mustHold(
            again.id == event.id && again.time == event.time && again.subject == event.subject
                && again.traceparent == event.traceparent, "an envelope comes back: \(text.bytes.text)")
        switch (again.kind, event.kind) {
        case (.recharge(let one), .recharge(let other)): mustHold(one == other, "a recharge comes back")
        case (.reversal(let one), .reversal(let other)): mustHold(one == other, "a reversal comes back")
        case (.assist(let one), .assist(let other)): mustHold(one == other, "an assist comes back")
        case (.receipt(let one), .receipt(let other)): mustHold(one == other, "a receipt comes back")
        default: mustHold(false, "an event keeps its kind")
        }
    }
}

extension Writer {
    /// Writes an event as JSON of the contract, with nothing that it can do without.
    fileprivate mutating func put(plain event: Event) {
        put("{\"specversion\":\"1.0\",\"source\":\"/fuzz\",\"id\":")
        put(quoted: event.id)
        put(",\"time\":\"")
        putMicroseconds(event.time)
        put("\",\"subject\":\"")
        putDigits(event.subject.value)
        put("\"")
        if !event.traceparent.isEmpty {
            put(",\"traceparent\":")
            put(quoted: event.traceparent)
        }
        put(plain: event.kind)
        put("}}")
    }

    private mutating func put(plain kind: Event.Kind) {
        switch kind {
        case .recharge(let recharge):
            put(",\"type\":\"recharge.completed.v1\",\"data\":{\"channel\":\"\",\"amountFen\":")
            putDecimal(recharge.amountFen)
            if let paid = recharge.paidFen { put(text: ",\"paidFen\":\(paid)") }
            if let package = recharge.package {
                put(",\"package\":")
                put(quoted: package)
            }
            if let carrier = recharge.carrier { put(text: ",\"carrier\":\"\(carrier.rawValue)\"") }
            if let city = recharge.city {
                put(text: ",\"city\":\"\(String(repeating: "0", count: 6 - String(city).count))\(city)\"")
            }
            if recharge.isNewSubscriber { put(",\"newSubscriber\":true") }
        case .reversal(let reversal):
            put(",\"type\":\"recharge.reversed.v1\",\"data\":{\"rechargeId\":")
            put(quoted: reversal.rechargeID)
            put(text: ",\"refundedFen\":\(reversal.refundedFen)")
            if let time = reversal.rechargedAt {
                put(",\"rechargedAt\":\"")
                putMicroseconds(time)
                put("\"")
            }
        case .receipt(let receipt):
            put(",\"type\":\"credit.settled.v1\",\"data\":{\"commandId\":")
            put(quoted: receipt.commandID)
            switch receipt.answer {
            case .none: break
            case .credited(let fen): put(text: ",\"outcome\":\"credited\",\"creditedFen\":\(fen)")
            case .refused(let isRetryable, let hasNoGrant):
                put(text: ",\"outcome\":\"rejected\",\"creditedFen\":0,\"retryable\":\(isRetryable)")
                if hasNoGrant { put(",\"reason\":\"NO_GRANT\"") }
            }
        case .assist(let assist):
            put(
                text:
                    ",\"type\":\"assist.completed.v1\",\"data\":{\"channel\":\"\",\"helper\":\"\(assist.helper.value)\""
            )
        }
    }

    private mutating func put(quoted text: Bytes) {
        put("\"")
        putEscaped(text)
        put("\"")
    }

    /// As the contract writes times, but to the microsecond, for an event's time is compared to it.
    private mutating func putMicroseconds(_ time: Timestamp) {
        let zone = "+08:00".utf8.count
        putTime(time)
        truncate(to: count - zone)
        let rest = String(floorModulo(time.microseconds, 1000))
        put(text: String(repeating: "0", count: 3 - rest.count) + rest + "+08:00")
    }

    private func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        value - floorDivide(value, divisor) * divisor
    }
}
