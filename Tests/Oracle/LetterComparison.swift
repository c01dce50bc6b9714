public import TestSupport

/// Compares letters and their statuses.
extension Comparison {
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
        let exact = exactHeaders(of: letter, failed: record.timestamp)
        for (name, value) in exact { check.equal(name, header(name), value) }
        let free = ["__dlq.errors.message", "recharge.letter.stage"]
        for name in free where (header(name) ?? "").isEmpty { check.add("\(name) is missing") }
        if let id = letter.eventID, !SubscriberNumber.isIn(id) {
            check.equal("event-id", header("recharge.letter.event-id"), id)
        }
        if let time = letter.eventTime {
            check.equal("event-time", header("recharge.letter.event-time"), ChinaTime.text(time))
            if let version = header("recharge.letter.rules-version") {
                let expected = letter.rulesVersion ?? campaign.version(at: time)?.number
                check.equal("rules-version", version, expected.map { "\($0)" })
            }
        }
        let known = Set(exact.keys).union(free).union(
            ["event-id", "event-time", "rules-version"].map { "recharge.letter." + $0 })
        for name in added.map(\.name) where !known.contains(name) { check.add("header \(name) is not of the contract") }
        for name in added.map(\.name) where SubscriberNumber.isIn(header(name) ?? "") {
            check.add("\(name) holds a subscriber's number")
        }
        return check.problems
    }

    /// The headers that can be told to the letter.
    private func exactHeaders(of letter: ExpectedLetter, failed: Int64) -> [String: String] {
        var headers = [
            "__dlq.errors.topic": letter.record.topic, "__dlq.errors.partition": "\(letter.record.partition)",
            "__dlq.errors.offset": "\(letter.record.offset)", "__dlq.errors.group": group,
            "__dlq.errors.delivery.count": "\(letter.replays + 1)",
            "kafka_dlt-original-topic": letter.record.topic, "recharge.letter.id": letter.id,
            "recharge.letter.kind": letter.kind.rawValue, "recharge.letter.reason": letter.reason.rawValue,
            "recharge.letter.class": letter.letterClass,
            "recharge.letter.first-failed-at": ChinaTime.text(letter.firstFailedAt ?? failed),
            "recharge.letter.last-failed-at": ChinaTime.text(failed), "recharge.letter.replays": "\(letter.replays)",
        ]
        if letter.kind == .command {
            headers["recharge.letter.stage"] = "settle"
        } else {
            headers["recharge.letter.record-time"] = ChinaTime.text(letter.record.timestamp)
        }
        return headers
    }

    /// What differs between a status and the record of it.
    public func problems(status: ExpectedStatus, _ record: TestRecord) -> [String] {
        var check = Check("status \(status.letterID)", record)
        check.equal("partition", record.partition, status.partition)
        check.equal("key", record.keyText, status.letterID)
        check.equal("state", check.json["state"]?.string, status.state)
        check.equal("reason", check.json["reason"]?.string, status.reason.rawValue)
        check.equal("replays", check.json["replays"]?.integer, Int64(status.replays))
        check.equal("by", check.json["by"]?.string, status.by ?? "recharge-worker")
        _ = check.instant("at", check.json["at"])
        if let why = status.why { check.equal("why", check.json["why"]?.string, why) }
        let decision = check.json["decision"]?.string
        if let expected = status.decision { check.equal("decision", decision, expected) }
        check.equal("has a decision", decision != nil, status.state == "RESOLVED")
        let known: Set<String> = ["state", "at", "by", "why", "replays", "reason", "decision"]
        for name in check.json.names.subtracting(known).sorted() { check.add("member \(name) is not of the contract") }
        return check.problems
    }
}
