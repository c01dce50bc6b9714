public import TestSupport

/// Compares what the worker wrote with what the oracle expects, record by record. What depends on the moment of issue
/// is judged by its rule: `confirmBy`, an SMS' `notBefore` and `notAfter`, a letter's and status' times.
public struct Comparison {
    /// The campaign that both ran.
    public let campaign: OracleCampaign
    /// Partitions of each topic.
    public let partitions: Int32
    /// Consumer group in letters.
    public let group: String
    let prefix: String

    /// A comparison of topics with a prefix.
    public init(
        _ campaign: OracleCampaign, partitions: Int32, topicsPrefix: String = "", group: String = "recharge-worker"
    ) {
        self.campaign = campaign
        self.partitions = partitions
        self.group = group
        prefix = topicsPrefix
    }

    /// What differs in one step: the outputs of each topic must be the expected ones in the expected order.
    ///
    /// - Parameter actual: the records of `bonus-credits`, `sms-notifications`, `dead-letters` and
    ///   `dead-letter-status`; others are not looked at.
    /// - Returns: nothing if all is as it must be.
    public func problems(_ expected: Outcome, _ actual: [TestRecord]) -> [String] {
        pair("command", expected.commands, records("bonus-credits", actual), problems(command:_:))
            + pair(
                "SMS", expected.commands.filter { $0.sentBefore == nil }, records("sms-notifications", actual),
                problems(sms:_:))
            + pair("letter", expected.letters, records("dead-letters", actual), problems(letter:_:))
            + pair("status", expected.statuses, records("dead-letter-status", actual), problems(status:_:))
    }

    func records(_ topic: String, _ records: [TestRecord]) -> [TestRecord] {
        records.filter { $0.topic == prefix + topic }
    }

    private func pair<Wanted>(
        _ what: String, _ wanted: [Wanted], _ actual: [TestRecord], _ compare: (Wanted, TestRecord) -> [String]
    ) -> [String] {
        guard wanted.count == actual.count else {
            return [
                "\(what): \(wanted.count) expected, \(actual.count) written; expected \(wanted), "
                    + "written \(actual.map { $0.valueText ?? "-" })"
            ]
        }
        return zip(wanted, actual).flatMap(compare)
    }

    // MARK: Commands

    /// What differs between a command and the record of it; one that was sent before is the same byte for byte.
    public func problems(command: ExpectedCommand, _ record: TestRecord) -> [String] {
        var check = Check("command \(command.id)", record)
        if let sent = command.sentBefore { check.equal("a copy's value", record.value, sent) }
        check.envelope(command.id, command, campaign)
        check.place(command.subject, partitions)
        let issued = check.instant("time", check.json["time"])
        var data: [JSON.Member] = [
            .init(name: "cause", value: .string(command.cause)),
            .init(
                name: "lines",
                value: .array(
                    command.lines.map {
                        .object([
                            .init(name: "benefit", value: .string($0.benefit)),
                            .init(name: "fen", value: .number("\($0.fen)")),
                        ])
                    })),
            .init(name: "totalFen", value: .number("\(command.totalFen)")),
            .init(name: "campaign", value: .string(campaign.name)),
            .init(name: "rulesVersion", value: .number("\(command.rulesVersion)")),
            .init(name: "eventTime", value: .string(ChinaTime.text(command.eventTime))),
        ]
        if let reverses = command.reverses { data.append(.init(name: "reverses", value: .string(reverses))) }
        if let issued {
            data.append(.init(name: "confirmBy", value: .string(ChinaTime.text(issued + campaign.confirmWithin))))
        }
        check.members(of: check.json["data"], are: data)
        return check.problems
    }

    /// What differs between a command's SMS and the record of it.
    public func problems(sms command: ExpectedCommand, _ record: TestRecord) -> [String] {
        var check = Check("SMS of \(command.id)", record)
        var sms = command
        sms.type = "sms.send.v1"
        check.envelope(command.id + "/sms", sms, campaign)
        check.place(command.subject, partitions)
        let text = SMSText(campaign: campaign, command: command)
        let parameters = text.parameters.sorted { $0.key < $1.key }
        var data: [JSON.Member] = [
            .init(name: "template", value: .string(command.template)),
            .init(name: "text", value: .string(text.text)),
            .init(name: "segments", value: .number("\(text.segments)")),
            .init(name: "class", value: .string("service")),
        ]
        if let issued = check.instant("time", check.json["time"]) {
            let notBefore = SMSText.notBefore(issued: issued, eventTime: command.eventTime)
            data += [
                .init(name: "notBefore", value: .string(ChinaTime.text(notBefore))),
                .init(name: "notAfter", value: .string(ChinaTime.text(notBefore + 86_400_000))),
            ]
        }
        check.members(of: check.json["data"], are: data, besides: "parameters")
        check.members(
            of: check.json["data"]?["parameters"],
            are: parameters.map { .init(name: $0.key, value: .string($0.value)) })
        return check.problems
    }
}
