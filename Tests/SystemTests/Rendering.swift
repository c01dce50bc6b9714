import Oracle
import TestSupport

/// Writes what the oracle expects as the records that a worker would write: the comparison must find nothing to say.
struct Rendering {
    let campaign: OracleCampaign
    let partitions: Int32
    /// The worker's clock.
    var issued: Int64 = 1_790_000_000_000

    func records(_ outcome: Outcome) -> [TestRecord] {
        outcome.commands.flatMap { $0.sentBefore == nil ? [command($0), sms($0)] : [command($0)] }
            + outcome.letters.map(letter)
            + outcome.statuses.map(status)
    }

    private func command(_ command: ExpectedCommand) -> TestRecord {
        if let sent = command.sentBefore { return message("bonus-credits", command, value: sent) }
        let lines = command.lines.map { #"{"benefit":"\#($0.benefit)","fen":\#($0.fen)}"# }.joined(separator: ",")
        let reverses = command.reverses.map { #","reverses":\#(text($0))"# } ?? ""
        return message(
            "bonus-credits", command, command.id, command.type,
            #"{"cause":\#(text(command.cause)),"lines":[\#(lines)],"totalFen":\#(command.totalFen)\#(reverses),"#
                + #""campaign":"\#(campaign.name)","rulesVersion":\#(command.rulesVersion),"#
                + #""eventTime":"\#(ChinaTime.text(command.eventTime))","#
                + #""confirmBy":"\#(ChinaTime.text(issued + campaign.confirmWithin))"}"#)
    }

    private func sms(_ command: ExpectedCommand) -> TestRecord {
        let sms = SMSText(campaign: campaign, command: command)
        let parameters = sms.parameters.map { #""\#($0.key)":\#(text($0.value))"# }.joined(separator: ",")
        let notBefore = SMSText.notBefore(issued: issued, eventTime: command.eventTime)
        return message(
            "sms-notifications", command, command.id + "/sms", "sms.send.v1",
            #"{"template":"\#(command.template)","parameters":{\#(parameters)},"text":\#(text(sms.text)),"#
                + #""segments":\#(sms.segments),"class":"service","notBefore":"\#(ChinaTime.text(notBefore))","#
                + #""notAfter":"\#(ChinaTime.text(notBefore + 86_400_000))"}"#)
    }

    private func message(
        _ topic: String, _ command: ExpectedCommand, _ id: String, _ type: String, _ data: String
    ) -> TestRecord {
        let traceparent = command.traceparent.map { #","traceparent":\#(text($0))"# } ?? ""
        let value =
            #"{"specversion":"1.0","id":\#(text(id)),"source":"/recharge-worker/\#(campaign.name)","type":"\#(type)","#
            + #""time":"\#(ChinaTime.text(issued))","subject":"\#(command.subject)"\#(traceparent),"data":\#(data)}"#
        return message(topic, command, value: Array(value.utf8))
    }

    private func message(_ topic: String, _ command: ExpectedCommand, value: [UInt8]) -> TestRecord {
        TestRecord(
            topic: topic, partition: SubscriberNumber.partition(of: command.subject, among: partitions), offset: 0,
            timestamp: issued, key: Array(command.subject.utf8), value: value,
            headers: [TestHeader("content-type", "application/cloudevents+json")])
    }

    private func letter(_ letter: ExpectedLetter) -> TestRecord {
        var headers = letter.record.headers
        func add(_ name: String, _ text: String?) {
            if let text { headers.append(TestHeader(name, text)) }
        }
        add("__dlq.errors.topic", letter.record.topic)
        add("__dlq.errors.partition", "\(letter.record.partition)")
        add("__dlq.errors.offset", "\(letter.record.offset)")
        add("__dlq.errors.group", "recharge-worker")
        add("__dlq.errors.message", "why")
        add("__dlq.errors.delivery.count", "\(letter.replays + 1)")
        add("kafka_dlt-original-topic", letter.record.topic)
        add("recharge.letter.id", letter.id)
        add("recharge.letter.kind", letter.kind.rawValue)
        add("recharge.letter.reason", letter.reason.rawValue)
        add("recharge.letter.class", letter.letterClass)
        add("recharge.letter.stage", letter.kind == .command ? "settle" : "decide")
        add("recharge.letter.event-id", letter.eventID.map { $0.contains("bill-") ? "bill-***" : $0 })
        add("recharge.letter.event-time", letter.eventTime.map(ChinaTime.text))
        add("recharge.letter.first-failed-at", ChinaTime.text(letter.firstFailedAt ?? issued))
        add("recharge.letter.last-failed-at", ChinaTime.text(issued))
        if letter.kind != .command { add("recharge.letter.record-time", ChinaTime.text(letter.record.timestamp)) }
        add("recharge.letter.replays", "\(letter.replays)")
        return TestRecord(
            topic: "dead-letters", partition: letter.partition, offset: 0, timestamp: issued, key: letter.record.key,
            value: letter.record.value, headers: headers)
    }

    private func status(_ status: ExpectedStatus) -> TestRecord {
        let value =
            #"{"state":"\#(status.state)","at":"\#(ChinaTime.text(issued))","by":\#(text(status.by ?? "recharge-worker")),"#
            + #""why":\#(text(status.why ?? "why")),"replays":\#(status.replays),"reason":"\#(status.reason.rawValue)""#
            + (status.state == "RESOLVED" ? #","decision":\#(text(status.decision ?? "granted"))}"# : "}")
        return TestRecord(
            topic: "dead-letter-status", partition: status.partition, offset: 0, timestamp: issued,
            key: Array(status.letterID.utf8), value: Array(value.utf8))
    }

    private func text(_ text: String) -> String {
        "\""
            + text.unicodeScalars.map { scalar in
                scalar == "\"" || scalar == "\\"
                    ? "\\\(scalar)" : scalar.value < 32 ? "\\u00" + hex(scalar.value) : "\(scalar)"
            }.joined() + "\""
    }

    private func hex(_ value: UInt32) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
}
