extension Letter {
    /// What a letter may repeat of its record, in bytes: `dead-letters` takes 2 MiB, and our own headers need room.
    private static let mostRepeated = (2 << 20) - (64 << 10)

    /// The letter as it fits into its topic. A record that was published compressed can be far larger than its topic's
    /// bound; what of it does not fit stays where it was read, and the letter says where that is.
    func fitting() -> Letter {
        var letter = self
        let besideValue = (source.key?.count ?? 0) + source.headers.bytes.count
        guard source.size > Self.mostRepeated else { return letter }
        letter.source.value = nil
        if besideValue > Self.mostRepeated {
            letter.source.key = nil
            letter.source.headers = .none
        }
        letter.fault.message += " (\(source.size) bytes are too many to repeat here: read them where they stand)"
        return letter
    }
}

/// A letter's id: `<topic>/<partition>/<offset>` of the input where it was first read.
func letterID(_ topic: String, _ partition: Int32, _ offset: Int64) -> String {
    "\(topic)/\(partition)/\(offset)"
}

extension Writer {
    /// Adds the headers of the contract, section 5, to a run of `Headers`. A header with nothing to say is left out.
    mutating func putHeaders(of letter: Letter, topic: String, group: String) {
        let source = letter.source
        putHeader("__dlq.errors.topic", topic)
        putHeader("__dlq.errors.partition", "\(source.partition)")
        putHeader("__dlq.errors.offset", "\(source.offset)")
        putHeader("__dlq.errors.group", group)
        putHeader("__dlq.errors.message", letter.fault.message)
        putHeader("__dlq.errors.delivery.count", "1")
        putHeader("kafka_dlt-original-topic", topic)
        putHeader("recharge.letter.id", letterID(topic, source.partition, source.offset))
        putHeader("recharge.letter.kind", "event")
        putHeader("recharge.letter.reason", "\(letter.fault.rejection.name)")
        putHeader("recharge.letter.class", "\(letter.fault.rejection.letterClass.name)")
        putHeader("recharge.letter.stage", letter.stage.rawValue)
        if !letter.eventID.isEmpty { putHeader("recharge.letter.event-id", masked(letter.eventID.text)) }
        if let time = letter.eventTime { putHeader("recharge.letter.event-time", time.description) }
        putHeader("recharge.letter.first-failed-at", letter.failedAt.description)
        putHeader("recharge.letter.last-failed-at", letter.failedAt.description)
        putHeader("recharge.letter.record-time", source.timestamp.description)
        if let version = letter.rulesVersion { putHeader("recharge.letter.rules-version", "\(version)") }
        putHeader("recharge.letter.replays", "0")
    }

    private mutating func putHeader(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { putHeader(Bytes(name), Bytes(UnsafeRawBufferPointer($0))) }
    }

    /// Writes the status OPEN of a new letter.
    mutating func putStatus(of letter: Letter) {
        putStatus("OPEN", at: letter.failedAt, why: letter.fault.message, reason: letter.fault.rejection)
        put("}")
    }

    /// Writes the status RESOLVED of a letter that a later event made good.
    mutating func putStatus(of resolution: Resolution) {
        putStatus(
            "RESOLVED", at: resolution.at, why: "its recharge was decided on the net amount",
            reason: resolution.rejection)
        put(",\"decision\":\"")
        put("recharge/")
        putEscaped(resolution.rechargeID)
        put("\"}")
    }

    private mutating func putStatus(_ state: StaticString, at: Timestamp, why: String, reason: Rejection) {
        put("{\"state\":\"")
        put(state)
        put("\",\"at\":\"")
        putTime(at)
        put("\",\"by\":\"recharge-worker\",\"why\":\"")
        putEscaped(why)
        put("\",\"replays\":0,\"reason\":\"")
        put(reason.name)
        put("\"")
    }
}
