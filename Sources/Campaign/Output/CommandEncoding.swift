/// Makes commands and their SMS into bytes (contract, section 4). What many have in common is made once.
struct CommandEncoder: ~Copyable {
    /// `,"campaign":"<campaign>","rulesVersion":`
    private var campaign = Writer()
    /// By the order of `MessageTemplates.Kind`, as are the next two.
    private let forms: [MessageForm]
    private let creditEnvelopes: [EnvelopeText]
    private let messageEnvelopes: [EnvelopeText]
    // Many commands are issued at one moment, and so have the same bounds.
    private var confirmBy = TimeText()
    private var sending = TimeText()

    init(_ campaign: CampaignFile) {
        self.campaign.put(",\"campaign\":\"")
        self.campaign.putEscaped(campaign.campaign)
        self.campaign.put("\",\"rulesVersion\":")
        let kinds = MessageTemplates.Kind.allCases
        forms = kinds.map { MessageForm($0, of: campaign.messages, as: .json) }
        creditEnvelopes = kinds.map { kind in
            EnvelopeText(campaign, idSuffix: "", type: kind == .giftReversed ? "credit.reverse.v1" : "credit.grant.v1")
        }
        messageEnvelopes = kinds.map { _ in EnvelopeText(campaign, idSuffix: "/sms", type: "sms.send.v1") }
    }

    /// Writes a credit command.
    mutating func put(_ command: Command, into value: inout Writer) {
        let kind = command.id.message
        value.put(command, creditEnvelopes[kind.order])
        value.put("\"cause\":\"")
        value.putEscaped(command.id.eventID)
        if kind == .giftReversed {
            value.put("\",\"reverses\":\"")
            value.putEscaped(Command.ID.rechargeGift(command.reversedRecharge))
        }
        value.put("\",\"lines\":[")
        value.put(command.lines)
        value.put("],\"totalFen\":")
        value.putDecimal(command.lines.total)
        value.put(campaign.bytes)
        value.putDecimal(command.rulesVersion)
        value.put(",\"eventTime\":\"")
        value.putTime(command.eventTime)
        value.put(
            confirmBy.bytes(at: command.confirmBy) { text, time in
                text.put("\",\"confirmBy\":\"")
                text.putTime(time)
                text.put("\"}}")
            })
    }

    /// Writes the SMS command that goes with a credit command; returns how many single SMS it takes.
    mutating func putMessage(of command: Command, into value: inout Writer) -> Int64 {
        let order = command.id.message.order
        let form = forms[order]
        value.put(command, messageEnvelopes[order])
        value.put(form.bytes(form.head))
        for (name, placeholder) in form.parameters {
            value.put(form.bytes(name))
            value.putValue(of: placeholder, command)
            value.put("\"")
        }
        value.put("},\"text\":\"")
        let segments = segmentCount(utf16Units: value.putText(of: command, form))
        value.put("\",\"segments\":")
        value.putDecimal(segments)
        value.put(
            sending.bytes(at: earliestSending(issued: command.issued, eventTime: command.eventTime)) { text, earliest in
                text.put(",\"class\":\"service\",\"notBefore\":\"")
                text.putTime(earliest)
                text.put("\",\"notAfter\":\"")
                text.putTime(earliest + .day)
                text.put("\"}}")
            })
        return segments
    }
}

/// A text that depends on a time, kept for the next that asks for the same.
private struct TimeText: ~Copyable {
    private var time: Timestamp?
    private var text = Writer()

    mutating func bytes(at time: Timestamp, _ write: (inout Writer, Timestamp) -> Void) -> Bytes {
        if time != self.time {
            text.removeAll()
            write(&text, time)
            self.time = time
        }
        return text.bytes
    }
}

/// What stands in envelopes of one type between the id and the subject.
private final class EnvelopeText {
    private let beforeTime: String
    private var text = TimeText()

    init(_ campaign: CampaignFile, idSuffix: String, type: String) {
        var source = Writer()
        source.putEscaped("/recharge-worker/" + campaign.campaign)
        beforeTime = "\(idSuffix)\",\"source\":\"\(source.bytes.text)\",\"type\":\"\(type)\",\"time\":\""
    }

    func bytes(issued: Timestamp) -> Bytes {
        text.bytes(at: issued) { text, time in
            text.put(text: beforeTime)
            text.putTime(time)
            text.put("\",\"subject\":\"")
        }
    }
}

extension Writer {
    /// Writes what every envelope of ours begins with, up to and with `"data":{`.
    fileprivate mutating func put(_ command: Command, _ envelope: EnvelopeText) {
        put("{\"specversion\":\"1.0\",\"id\":\"")
        putEscaped(command.id)
        put(envelope.bytes(issued: command.issued))
        put(command.subject)
        if !command.traceparent.isEmpty {
            put("\",\"traceparent\":\"")
            putEscaped(command.traceparent)
        }
        put("\",\"data\":{")
    }

    /// Writes the id of a command into a JSON string: `recharge/<event id>/gift`.
    mutating func putEscaped(_ id: Command.ID) {
        put(id.prefix)
        putEscaped(id.eventID)
        put(id.suffix)
    }

    /// Writes the id of a command as it is.
    mutating func put(_ id: Command.ID) {
        put(id.prefix)
        put(id.eventID)
        put(id.suffix)
    }

    fileprivate mutating func put(_ lines: Lines) {
        var isFirst = true
        lines.forEach { benefit, fen in
            put(isFirst ? "{\"benefit\":\"" : ",{\"benefit\":\"")
            isFirst = false
            put(benefit.name)
            put("\",\"fen\":")
            putDecimal(fen)
            put("}")
        }
    }
}

/// When an SMS may be sent: at once, but what comes late waits for 08:00 between 21:00 and 08:00 (contract, section 4).
func earliestSending(issued: Timestamp, eventTime: Timestamp) -> Timestamp {
    guard issued > eventTime + .seconds(1800) else { return issued }
    let ofDay = issued.microsecondOfDay
    let morning = 8 * Duration.hour.microseconds
    if ofDay < morning { return issued + Duration(microseconds: morning - ofDay) }
    guard ofDay >= 21 * Duration.hour.microseconds else { return issued }
    return issued + Duration(microseconds: Duration.day.microseconds + morning - ofDay)
}
