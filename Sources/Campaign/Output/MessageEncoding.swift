extension Writer {
    /// Writes the SMS command of a credit command. `text` is scratch for the rendered text.
    mutating func putMessage(of command: Command, source: String, campaign: CampaignFile, text: inout Writer) {
        let kind = command.id.message
        putEnvelope(command, idSuffix: "/sms", type: "sms.send.v1", source: source)
        put("\"template\":\"")
        put(kind.rawValue)
        put("\",\"parameters\":{")
        putParameters(of: command, campaign.messages.pieces(kind))
        text.removeAll()
        text.putText(of: command, campaign.messages)
        put("},\"text\":\"")
        putEscaped(text.bytes)
        put("\",\"segments\":")
        putDecimal(segmentCount(text.bytes))
        let notBefore = earliestSending(issued: command.issued, eventTime: command.eventTime)
        put(",\"class\":\"service\",\"notBefore\":\"")
        putTime(notBefore)
        put("\",\"notAfter\":\"")
        putTime(notBefore + .day)
        put("\"}}")
    }

    private mutating func putParameters(of command: Command, _ pieces: [MessageTemplates.Piece]) {
        var isFirst = true
        for placeholder in MessageTemplates.Placeholder.allCases where pieces.contains(.placeholder(placeholder)) {
            put(isFirst ? "\"" : ",\"")
            isFirst = false
            put(placeholder.rawValue)
            put("\":\"")
            putValue(of: placeholder, command)
            put("\"")
        }
    }

    /// Writes the text as the subscriber reads it, the signature in 【】 first.
    mutating func putText(of command: Command, _ messages: MessageTemplates) {
        put("【")
        put(messages.signature)
        put("】")
        for piece in messages.pieces(command.id.message) {
            switch piece {
            case .literal(let text): put(text)
            case .placeholder(let placeholder): putValue(of: placeholder, command)
            }
        }
    }

    private mutating func putValue(of placeholder: MessageTemplates.Placeholder, _ command: Command) {
        switch placeholder {
        case .date: putDate(command.eventTime)
        case .amount: putYuan(command.amountFen)
        case .credit: putYuan(command.lines.total)
        case .refunded: putYuan(command.refundedFen)
        case .breakdown: putBreakdown(command.lines)
        }
    }

    /// Writes `（含立减5元、套餐优惠11.6元）`: each line but the bonus credit; nothing when there is none.
    private mutating func putBreakdown(_ lines: Lines) {
        var isFirst = true
        for benefit in Benefit.allCases where lines[benefit] > 0 {
            guard let name = benefit.chineseName else { continue }
            put(isFirst ? "（含" : "、")
            isFirst = false
            put(name)
            putYuan(lines[benefit])
            put("元")
        }
        if !isFirst { put("）") }
    }
}

extension Benefit {
    /// As an SMS calls it; nil for the bonus credit, which is the gift itself.
    fileprivate var chineseName: StaticString? {
        switch self {
        case .instantDiscount: "立减"
        case .bonusCredit: nil
        case .package: "套餐优惠"
        case .assist, .helper: "好友助力"
        case .compensation: "补偿"
        }
    }
}

/// How many SMS a text takes: 70 UTF-16 units in one, else 67 in each (contract, section 4).
func segmentCount(_ text: Bytes) -> Int64 {
    // Every byte that begins a character counts one unit; those of four bytes, above U+FFFF, count two.
    let units = text.buffer.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
    return units <= 70 ? 1 : Int64((units + 66) / 67)
}

/// When an SMS may be sent: at once, but what comes late waits for 08:00 between 21:00 and 08:00 (contract, section 4).
func earliestSending(issued: Timestamp, eventTime: Timestamp) -> Timestamp {
    guard issued > eventTime + .seconds(1800) else { return issued }
    let ofDay = issued.local.microsecondOfDay
    let morning = 8 * Duration.hour.microseconds
    if ofDay < morning { return issued + Duration(microseconds: morning - ofDay) }
    guard ofDay >= 21 * Duration.hour.microseconds else { return issued }
    return issued + Duration(microseconds: Duration.day.microseconds + morning - ofDay)
}
