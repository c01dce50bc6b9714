extension Letter {
    /// What a letter may repeat of its record, in bytes: `dead-letters` takes 2 MiB, and our own headers need room.
    private static let mostRepeated = (2 << 20) - (64 << 10)

    /// The letter as it fits into its topic. A record that was published compressed can be far larger than its topic's
    /// bound; what of it does not fit stays where it was read, and the letter says where that is. The largest part goes
    /// first: a value that fits can be replayed.
    func fitting() -> Letter {
        guard case .record(var source) = content, source.size > Self.mostRepeated else { return self }
        var letter = self
        letter.fault.message += " (\(source.size) bytes are too many to repeat here: read them where they stand)"
        if source.headers.bytes.count > source.value?.count ?? 0 { source.headers = .none } else { source.value = nil }
        if source.size > Self.mostRepeated {
            source.key = nil
            source.value = nil
            source.headers = .none
        }
        letter.content = .record(source)
        return letter
    }

    /// What its status is when it is written.
    var status: LetterStatus {
        LetterStatus(
            name: name, state: replays >= Self.mostReplays ? .parked : .open, at: failedAt, reason: fault.rejection,
            replays: replays, why: fault.message)
    }

    var kind: String {
        switch content {
        case .command: "command"
        case .record(let record): record.topic == .receipts ? "receipt" : "event"
        }
    }
}

extension Writer {
    /// Adds the headers of the contract, section 5, to a run of `Headers`. A header with nothing to say is left out.
    /// `origin` is where the letter's record was first read, or where its command stands; `id` is the letter's.
    mutating func putHeaders(
        of letter: Letter, id: Bytes, origin: (topic: String, partition: Int32, offset: Int64), group: String
    ) {
        putHeader("__dlq.errors.topic", origin.topic)
        putHeader("__dlq.errors.partition", "\(origin.partition)")
        putHeader("__dlq.errors.offset", "\(origin.offset)")
        putHeader("__dlq.errors.group", group)
        putHeader("__dlq.errors.message", letter.fault.message)
        putHeader("__dlq.errors.delivery.count", "\(letter.replays + 1)")
        putHeader("kafka_dlt-original-topic", origin.topic)
        putHeader(Bytes("recharge.letter.id"), id)
        putHeader("recharge.letter.kind", letter.kind)
        putHeader("recharge.letter.reason", "\(letter.fault.rejection.name)")
        putHeader("recharge.letter.class", "\(letter.letterClass.name)")
        putHeader("recharge.letter.stage", letter.stage.rawValue)
        if !letter.eventID.isEmpty { putHeader("recharge.letter.event-id", masked(letter.eventID.text)) }
        if let time = letter.eventTime { putHeader("recharge.letter.event-time", time.description) }
        putHeader("recharge.letter.first-failed-at", letter.firstFailedAt.description)
        putHeader("recharge.letter.last-failed-at", letter.failedAt.description)
        if case .record(let record) = letter.content {
            putHeader("recharge.letter.record-time", record.timestamp.description)
        }
        if let version = letter.rulesVersion { putHeader("recharge.letter.rules-version", "\(version)") }
        putHeader("recharge.letter.replays", "\(letter.replays)")
    }

    private mutating func putHeader(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { putHeader(Bytes(name), Bytes(UnsafeRawBufferPointer($0))) }
    }

    /// Writes a letter's id; `inputNames` are the full topic names in the order of `InputTopic`.
    mutating func put(_ name: LetterName, inputNames: [String]) {
        switch name {
        case .record(let place):
            put(text: inputNames[Int(place.topic.rawValue)])
            put("/")
            putDecimal(Int64(place.partition))
            put("/")
            putDecimal(place.offset)
        case .gift(let command):
            put("gift/")
            put(command)
        }
    }

    /// Writes a status as JSON. What people wrote may hold a number, which is masked.
    mutating func put(_ status: LetterStatus) {
        put("{\"state\":\"")
        put(text: status.state.rawValue)
        put("\",\"at\":\"")
        putTime(status.at)
        put("\",\"by\":\"")
        if status.by.isEmpty { put("recharge-worker") } else { putEscaped(masked(status.by.text)) }
        put("\",\"why\":\"")
        putEscaped(masked(status.why))
        put("\",\"replays\":")
        putDecimal(status.replays)
        put(",\"reason\":\"")
        put(status.reason.name)
        if let decision = status.decision {
            put("\",\"decision\":\"")
            put(decision)
        }
        put("\"}")
    }

    private mutating func put(_ decision: LetterStatus.Decision) {
        switch decision {
        case .command(let id): putEscaped(id)
        case .recharge(let id):
            put("recharge/")
            putEscaped(id)
        case .refused(let reason): put(reason.name)
        case .receipt(let id):
            put("receipt/")
            putEscaped(id)
        case .word(let word): put(word)
        }
    }
}
