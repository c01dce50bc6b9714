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
            + pair("SMS", expected.commands, records("sms-notifications", actual), problems(sms:_:))
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

    /// What differs between a command and the record of it.
    public func problems(command: ExpectedCommand, _ record: TestRecord) -> [String] {
        var check = Check("command \(command.id)", record)
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

    // MARK: Letters

    /// What differs between a dead letter and the record of it.
    public func problems(letter: ExpectedLetter, _ record: TestRecord) -> [String] {
        var check = Check("letter \(letter.id)", record)
        check.equal("partition", record.partition, letter.partition)
        check.equal("key", record.key, letter.record.key)
        check.equal("value", record.value, letter.record.value)
        let original = letter.record.headers
        check.equal("original headers", Array(record.headers.prefix(original.count)), original)
        let added = record.headers.dropFirst(original.count)
        check.equal("headers twice", Set(added.map(\.name)).count, added.count)
        func header(_ name: String) -> String? {
            added.first { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
        }
        let failed = ChinaTime.text(record.timestamp)
        let exact = [
            "__dlq.errors.topic": letter.record.topic, "__dlq.errors.partition": "\(letter.record.partition)",
            "__dlq.errors.offset": "\(letter.record.offset)", "__dlq.errors.group": group,
            "kafka_dlt-original-topic": letter.record.topic, "recharge.letter.id": letter.id,
            "recharge.letter.kind": "event", "recharge.letter.reason": letter.reason.rawValue,
            "recharge.letter.class": letter.reason.letterClass ?? "",
            "recharge.letter.record-time": ChinaTime.text(letter.record.timestamp),
            "recharge.letter.first-failed-at": failed, "recharge.letter.last-failed-at": failed,
        ]
        for (name, value) in exact { check.equal(name, header(name), value) }
        let free = ["__dlq.errors.message", "__dlq.errors.delivery.count", "recharge.letter.stage"]
        for name in free where (header(name) ?? "").isEmpty { check.add("\(name) is missing") }
        if let id = letter.eventID, !SubscriberNumber.isIn(id) {
            check.equal("event-id", header("recharge.letter.event-id"), id)
        }
        if let time = letter.eventTime {
            check.equal("event-time", header("recharge.letter.event-time"), ChinaTime.text(time))
            if let version = header("recharge.letter.rules-version") {
                check.equal("rules-version", version, campaign.version(at: time).map { "\($0.number)" })
            }
        }
        check.equal("replays", header("recharge.letter.replays") ?? "0", "0")
        let known = Set(exact.keys).union(free).union(
            ["event-id", "event-time", "rules-version", "replays"].map { "recharge.letter." + $0 })
        for name in added.map(\.name) where !known.contains(name) { check.add("header \(name) is not of the contract") }
        for name in added.map(\.name) where SubscriberNumber.isIn(header(name) ?? "") {
            check.add("\(name) holds a subscriber's number")
        }
        return check.problems
    }

    /// What differs between a status and the record of it.
    public func problems(status: ExpectedStatus, _ record: TestRecord) -> [String] {
        var check = Check("status \(status.letterID)", record)
        check.equal("partition", record.partition, status.partition)
        check.equal("key", record.keyText, status.letterID)
        check.equal("state", check.json["state"]?.string, status.state)
        check.equal("reason", check.json["reason"]?.string, status.reason.rawValue)
        check.equal("replays", check.json["replays"]?.integer, 0)
        _ = check.instant("at", check.json["at"])
        if status.state == "RESOLVED", check.json["decision"]?.string == nil { check.add("decision is missing") }
        return check.problems
    }
}
