/// The texts of an SMS as the contract has them.
public struct SMSText {
    let campaign: OracleCampaign
    let command: ExpectedCommand

    /// The SMS of a command.
    public init(campaign: OracleCampaign, command: ExpectedCommand) {
        self.campaign = campaign
        self.command = command
    }

    private static let names = ["instant-discount": "立减", "package": "套餐优惠", "assist": "好友助力"]

    /// The placeholders that the template uses, with what stands for them.
    public var parameters: [String: String] {
        var values = [
            "date": ChinaTime.date(command.eventTime), "credit": Self.yuan(command.totalFen), "breakdown": breakdown,
        ]
        values["amount"] = command.amountFen.map(Self.yuan)
        values["refunded"] = command.refundedFen.map(Self.yuan)
        return values.filter { template.contains("{\($0.key)}") }
    }

    /// Signature first, placeholders filled in.
    public var text: String {
        let body = parameters.reduce(template) { text, parameter in
            text.split(separator: "{\(parameter.key)}", omittingEmptySubsequences: false)
                .joined(separator: parameter.value)
        }
        return "【\(campaign.signature)】" + body
    }

    /// How many parts the network makes of it.
    public var segments: Int {
        let units = text.utf16.count
        return units <= 70 ? 1 : (units + 66) / 67
    }

    private var template: String { campaign.templates[command.template] ?? "" }

    private var breakdown: String {
        let parts = command.lines.compactMap { line in Self.names[line.benefit].map { "\($0)\(Self.yuan(line.fen))元" } }
        return parts.isEmpty ? "" : "（含\(parts.joined(separator: "、"))）"
    }

    /// Fen in yuan without needless zeros: `100`, `99.5`, `0.05`.
    static func yuan(_ fen: Int64) -> String {
        let cents = fen % 100
        if cents == 0 { return "\(fen / 100)" }
        return cents % 10 == 0 ? "\(fen / 100).\(cents / 10)" : "\(fen / 100).\(cents < 10 ? "0" : "")\(cents)"
    }

    /// The earliest moment of sending: old news is not sent between 21:00 and 08:00.
    public static func notBefore(issued: Int64, eventTime: Int64) -> Int64 {
        let timeOfDay = ChinaTime.timeOfDay(issued)
        let isNight = timeOfDay >= 21 * 3_600_000 || timeOfDay < 8 * 3_600_000
        return isNight && issued - eventTime > 30 * 60_000 ? ChinaTime.next(hour: 8, after: issued - 1) : issued
    }
}
