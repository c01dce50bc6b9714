extension Writer {
    /// Writes the id of a command: `recharge/<event id>/gift`.
    mutating func putEscaped(_ id: Command.ID) {
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

    /// Writes what every envelope of ours begins with, up to and with `"data":{`.
    mutating func putEnvelope(
        _ command: Command, idSuffix: StaticString, type: StaticString, source: String
    ) {
        put("{\"specversion\":\"1.0\",\"id\":\"")
        putEscaped(command.id)
        put(idSuffix)
        put("\",\"source\":\"")
        putEscaped(source)
        put("\",\"type\":\"")
        put(type)
        put("\",\"time\":\"")
        putTime(command.issued)
        put("\",\"subject\":\"")
        putDigits(command.subject.value)
        if !command.traceparent.isEmpty {
            put("\",\"traceparent\":\"")
            putEscaped(command.traceparent)
        }
        put("\",\"data\":{")
    }

    /// Writes a credit command.
    mutating func put(_ command: Command, source: String, campaign: CampaignFile) {
        let isReverse = command.id.message == .giftReversed
        putEnvelope(
            command, idSuffix: "", type: isReverse ? "credit.reverse.v1" : "credit.grant.v1", source: source)
        put("\"cause\":\"")
        putEscaped(command.id.eventID)
        if isReverse {
            put("\",\"reverses\":\"")
            putEscaped(Command.ID.rechargeGift(command.reversedRecharge))
        }
        put("\",\"lines\":[")
        var isFirst = true
        for benefit in Benefit.allCases where command.lines[benefit] > 0 {
            put(isFirst ? "{\"benefit\":\"" : ",{\"benefit\":\"")
            isFirst = false
            put(benefit.name)
            put("\",\"fen\":")
            putDecimal(command.lines[benefit])
            put("}")
        }
        put("],\"totalFen\":")
        putDecimal(command.lines.total)
        put(",\"campaign\":\"")
        putEscaped(campaign.campaign)
        put("\",\"rulesVersion\":")
        putDecimal(command.rulesVersion)
        put(",\"eventTime\":\"")
        putTime(command.eventTime)
        put("\",\"confirmBy\":\"")
        putTime(command.issued + campaign.confirmWithin)
        put("\"}}")
    }
}
