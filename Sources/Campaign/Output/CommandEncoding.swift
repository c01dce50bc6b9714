/// Makes commands and their SMS into bytes (contract, section 4). What many have in common is made once.
struct CommandEncoder: ~Copyable {
    private let confirmWithin: Duration
    /// `/recharge-worker/<campaign>`, within a JSON string.
    private var source = Writer()
    private var campaign = Writer()
    /// By the order of `MessageTemplates.Kind`.
    private let forms: [MessageForm]
    // Many commands are issued at one moment.
    private var issued = TimeText()
    private var confirmBy = TimeText()
    private var notBefore = TimeText()
    private var notAfter = TimeText()

    init(_ campaign: CampaignFile) {
        confirmWithin = campaign.confirmWithin
        source.putEscaped("/recharge-worker/" + campaign.campaign)
        self.campaign.putEscaped(campaign.campaign)
        forms = MessageTemplates.Kind.allCases.map { MessageForm($0, of: campaign.messages, as: .json) }
    }

    /// Writes a credit command.
    mutating func put(_ command: Command, into value: inout Writer) {
        let isReverse = command.id.message == .giftReversed
        putEnvelope(command, into: &value, idSuffix: "", type: isReverse ? "credit.reverse.v1" : "credit.grant.v1")
        value.put("\"cause\":\"")
        value.putEscaped(command.id.eventID)
        if isReverse {
            value.put("\",\"reverses\":\"")
            value.putEscaped(Command.ID.rechargeGift(command.reversedRecharge))
        }
        value.put("\",\"lines\":[")
        value.put(command.lines)
        value.put("],\"totalFen\":")
        value.putDecimal(command.lines.total)
        value.put(",\"campaign\":\"")
        value.put(campaign.bytes)
        value.put("\",\"rulesVersion\":")
        value.putDecimal(command.rulesVersion)
        value.put(",\"eventTime\":\"")
        value.putTime(command.eventTime)
        value.put("\",\"confirmBy\":\"")
        value.put(confirmBy.bytes(of: command.issued + confirmWithin))
        value.put("\"}}")
    }

    /// Writes the SMS command that goes with a credit command.
    mutating func putMessage(of command: Command, into value: inout Writer) {
        let form = forms[command.id.message.order]
        putEnvelope(command, into: &value, idSuffix: "/sms", type: "sms.send.v1")
        value.put(form.bytes(form.head))
        for (name, placeholder) in form.parameters {
            value.put(form.bytes(name))
            value.putValue(of: placeholder, command)
            value.put("\"")
        }
        value.put("},\"text\":\"")
        let units = value.putText(of: command, form)
        value.put("\",\"segments\":")
        value.putDecimal(segmentCount(utf16Units: units))
        let earliest = earliestSending(issued: command.issued, eventTime: command.eventTime)
        value.put(",\"class\":\"service\",\"notBefore\":\"")
        value.put(notBefore.bytes(of: earliest))
        value.put("\",\"notAfter\":\"")
        value.put(notAfter.bytes(of: earliest + .day))
        value.put("\"}}")
    }

    /// Writes what every envelope of ours begins with, up to and with `"data":{`.
    private mutating func putEnvelope(
        _ command: Command, into value: inout Writer, idSuffix: StaticString, type: StaticString
    ) {
        value.put("{\"specversion\":\"1.0\",\"id\":\"")
        value.putEscaped(command.id)
        value.put(idSuffix)
        value.put("\",\"source\":\"")
        value.put(source.bytes)
        value.put("\",\"type\":\"")
        value.put(type)
        value.put("\",\"time\":\"")
        value.put(issued.bytes(of: command.issued))
        value.put("\",\"subject\":\"")
        value.put(command.subject)
        if !command.traceparent.isEmpty {
            value.put("\",\"traceparent\":\"")
            value.putEscaped(command.traceparent)
        }
        value.put("\",\"data\":{")
    }
}

/// A time as text, kept for the next that asks for the same.
private struct TimeText: ~Copyable {
    private var time: Timestamp?
    private var text = Writer(capacity: 32)

    mutating func bytes(of time: Timestamp) -> Bytes {
        if time != self.time {
            text.removeAll()
            text.putTime(time)
            self.time = time
        }
        return text.bytes
    }
}

extension Writer {
    /// Writes the id of a command: `recharge/<event id>/gift`.
    fileprivate mutating func putEscaped(_ id: Command.ID) {
        switch id {
        case .rechargeGift: put("recharge/")
        case .assistGift, .helperGift: put("assist/")
        case .reversal: put("reversal/")
        }
        putEscaped(id.eventID)
        switch id {
        case .rechargeGift, .assistGift: put("/gift")
        case .helperGift: put("/helper")
        case .reversal: put("/reversal")
        }
    }

    fileprivate mutating func put(_ lines: Lines) {
        var isFirst = true
        for benefit in Benefit.allCases where lines[benefit] > 0 {
            put(isFirst ? "{\"benefit\":\"" : ",{\"benefit\":\"")
            isFirst = false
            put(benefit.name)
            put("\",\"fen\":")
            putDecimal(lines[benefit])
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
