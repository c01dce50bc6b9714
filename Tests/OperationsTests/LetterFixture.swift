import Foundation
import TestSupport

/// Letters and statuses as the worker publishes them, on topics of their own.
struct LetterFixture {
    let server: KafkaServer
    let prefix: String
    let producer: TestProducer
    static let partitions: Int32 = 3

    init() throws {
        server = try KafkaServer.shared()
        prefix = "letters\(UInt32.random(in: 0 ... .max))."
        producer = try TestProducer(bootstrapServers: server.bootstrapServers)
        let made = try WorkerProcess.run(["topics", "create"], environment: environment, timeout: .seconds(60))
        guard made.exitCode == 0 else { throw TestFailure("topics create: \(made.lines)") }
    }

    var environment: [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": server.bootstrapServers, "TOPICS_PREFIX": prefix,
            "TOPICS_PARTITIONS": "\(Self.partitions)", "CAMPAIGN_FILE": "/nowhere",
        ]
    }

    /// Runs a verb; its output lines, standard error's among them.
    func run(_ line: String) throws -> (exitCode: Int32, lines: [String]) {
        try WorkerProcess.run(
            ["letters"] + line.split(separator: " ").map(String.init), environment: environment, timeout: .seconds(60))
    }

    /// An event that became a letter `minutes` after 10 o'clock.
    func addEvent(
        _ offset: Int, reason: String = "UNKNOWN_PACKAGE", class letterClass: String = "policy", number: String,
        fen: Int = 5000, minutes: Int = 0, partition: Int32 = 0, event: String? = nil, subject: String? = nil
    ) throws {
        let id = event ?? "E\(offset)"
        let value =
            #"{"specversion":"1.0","id":"\#(id)","source":"/b","type":"recharge.completed.v1","#
            + #""time":"2026-05-03T09:00:00+08:00","subject":"\#(subject ?? number)","data":{"amountFen":\#(fen),"channel":"app"}}"#
        try add(
            id: "\(prefix)recharge-events/\(partition)/\(offset)", kind: "event", reason: reason,
            class: letterClass, event: id, key: number, value: value, minutes: minutes, partition: partition,
            topic: "recharge-events", offset: offset)
    }

    /// A gift that became a letter.
    func addGift(_ event: String, reason: String = "GIFT_DELAYED", number: String, fen: Int, minutes: Int = 0)
        throws
    {
        let value =
            #"{"specversion":"1.0","id":"recharge/\#(event)/gift","source":"/recharge-worker/x","#
            + #""type":"credit.grant.v1","time":"2026-05-03T09:00:00+08:00","subject":"\#(number)","#
            + #""data":{"cause":"\#(event)","lines":[{"benefit":"bonus-credit","fen":\#(fen)}],"totalFen":\#(fen)}}"#
        try add(
            id: "gift/recharge/\(event)/gift", kind: "command", reason: reason, class: "sla", event: event, key: number,
            value: value, minutes: minutes, partition: 1, topic: "bonus-credits", offset: -1)
    }

    private func add(
        id: String, kind: String, reason: String, class letterClass: String, event: String, key: String, value: String,
        minutes: Int, partition: Int32, topic: String, offset: Int
    ) throws {
        let failed = Self.time(minutes)
        let headers = [
            ("tenant", "a"), ("__dlq.errors.topic", prefix + topic), ("__dlq.errors.partition", "\(partition)"),
            ("__dlq.errors.offset", "\(offset)"), ("__dlq.errors.message", "why \(reason)"),
            ("recharge.letter.id", id), ("recharge.letter.kind", kind), ("recharge.letter.reason", reason),
            ("recharge.letter.class", letterClass), ("recharge.letter.stage", "decide"),
            ("recharge.letter.event-id", event.replacing(/(1[3-9]\d)\d{4}(\d{4})/) { "\($0.1)****\($0.2)" }),
            ("recharge.letter.first-failed-at", failed),
            ("recharge.letter.last-failed-at", failed), ("recharge.letter.replays", "0"),
        ].map { TestHeader($0.0, $0.1) }
        try producer.produce(
            topic: prefix + "dead-letters", partition: partition, key: key, value: value, headers: headers)
        try addStatus(id, "OPEN", reason: reason, minutes: minutes, partition: partition)
    }

    /// A status of a letter.
    func addStatus(
        _ id: String, _ state: String, reason: String = "UNKNOWN_PACKAGE", minutes: Int, replays: Int = 0,
        partition: Int32 = 0, by: String = "recharge-worker", decision: String? = nil
    ) throws {
        let end = decision.map { #","decision":"\#($0)"}"# } ?? "}"
        try producer.produce(
            topic: prefix + "dead-letter-status", partition: partition, key: id,
            value: #"{"state":"\#(state)","at":"\#(Self.time(minutes))","by":"\#(by)","why":"so \#(state)","#
                + #""replays":\#(replays),"reason":"\#(reason)""# + end)
    }

    static func time(_ minutes: Int) -> String {
        let (hour, minute) = (10 + minutes / 60, minutes % 60)
        return "2026-05-03T\(hour):\(minute < 10 ? "0" : "")\(minute):00.000+08:00"
    }
}
