/// What an input record turned out to be.
public struct DecodedRecord {
    /// The subscriber that the record is about, also when the rest of it is bad; nil when it can't be read.
    public var subject: PhoneNumber?
    /// The event's id as far as it could be read.
    public var id: Bytes
    /// The event's time as far as it could be read.
    public var time: Timestamp?
    /// The event, or what is wrong with it.
    public var result: Result<Event, Fault>

    fileprivate init(subject: PhoneNumber?, id: Bytes, time: Timestamp?, result: Result<Event, Fault>) {
        self.subject = subject
        self.id = id
        self.time = time
        self.result = result
    }

    /// A record of which nothing can be read.
    fileprivate init(_ fault: String) {
        self.init(subject: nil, id: .none, time: nil, result: .failure(Fault(.badPayload, fault)))
    }
}

/// Why an event can't be decided. The message is for ops and never quotes the event.
public struct Fault: Error, Equatable {
    /// The reason of the letter.
    public var rejection: Rejection
    /// What is wrong, in one short sentence.
    public var message: String
    /// The member that it is about, as a JSON pointer into the value: `/data/amountFen`, also where it is missing. Empty
    /// when it is about all of the value, or about more than the value.
    public var pointer: String

    init(_ rejection: Rejection, _ message: String) {
        self.rejection = rejection
        self.message = message
        pointer = ""
    }

    /// A fault of one member, `data.amountFen`, which the sentence begins with.
    init(_ rejection: Rejection, _ member: String, _ predicate: String) {
        self.rejection = rejection
        message = "\(member) \(predicate)"
        pointer = "/" + member.replacing(".", with: "/")
    }
}

/// Takes input records apart (contract, sections 2 and 3). One for each thread.
public struct EventDecoder: ~Copyable {
    /// The most bytes of a value, and of key and headers together.
    static let largestPart = 64 * 1024
    /// The most bytes of a package's code: a shard remembers it with the recharge.
    static let longestPackage = 256
    /// How far an event's time may lie after its record's timestamp.
    static let clockTolerance = Duration.seconds(300)

    private var parser = JSONParser()
    private var envelopeMembers = Envelope.members()
    private var rechargeMembers = Event.Recharge.members()

    /// A decoder with memory of its own.
    public init() {}

    /// Decodes a record of an event topic. Checks go in the contract's order; the first that fails names the reason.
    public mutating func decode(_ record: SourceRecord) -> DecodedRecord {
        guard let value = record.value else { return DecodedRecord("there is no value") }
        // Many headers of nothing have no size, but take room where the record is kept or sent on.
        guard value.count <= Self.largestPart, record.keyAndHeadersSize <= Self.largestPart,
            record.headers.bytes.count <= 4 * Self.largestPart
        else { return DecodedRecord("a value is at most 64 KiB, and so are key and headers together") }
        guard let object = parser.object(value) else {
            return DecodedRecord("the value is not a JSON object in UTF-8")
        }
        envelopeMembers.look(at: object)
        let envelope = Envelope(envelopeMembers)
        let subject = envelope.subject.flatMap { PhoneNumber($0) }
        let time = envelope.time.flatMap { try? Timestamp($0) }
        return DecodedRecord(
            subject: subject, id: envelope.usableID, time: time,
            result: Result { () throws(Fault) in try event(envelope, record, subject: subject, time: time) })
    }

    private mutating func event(
        _ envelope: Envelope, _ record: SourceRecord, subject: PhoneNumber?, time: Timestamp?
    ) throws(Fault) -> Event {
        let data = try envelope.check()
        guard let type = EventType(envelope.type, on: record.topic) else {
            throw Fault(.unknownType, "type", "is none that this topic takes")
        }
        // What did not read says why when it is read again.
        let time = if let time { time } else { try readTime(envelope.time ?? .none, member: "time") }
        guard time <= record.timestamp + Self.clockTolerance else {
            throw Fault(.timeInFuture, "time", "is more than 5 minutes after the record's timestamp")
        }
        guard let subject else {
            throw Fault(.badNumber, "subject", "is no subscriber's number")
        }
        let kind: Event.Kind
        do {
            switch type {
            case .rechargeCompleted: kind = .recharge(try recharge(data))
            case .rechargeReversed: kind = .reversal(try Event.Reversal(data))
            case .assistCompleted: kind = .assist(try Event.Assist(data))
            case .creditSettled: kind = .receipt(try Event.Receipt(data))
            }
        } catch let wrong as JSONObject.WrongKind {
            throw Fault(.badPayload, "data.\(wrong.member)", "must be \(wrong.wanted)")
        } catch {
            throw error as? Fault ?? Fault(.badPayload, "data", "can't be read")
        }
        return Event(
            id: envelope.usableID, time: time, subject: subject,
            traceparent: traceContext(envelope.traceparent) ?? traceContext(record.headers.last("traceparent"))
                ?? .none,
            kind: kind)
    }

    private mutating func recharge(_ data: JSONObject) throws -> Event.Recharge {
        rechargeMembers.look(at: data)
        return try Event.Recharge(rechargeMembers)
    }
}

/// The event types of the contract, section 3.
private enum EventType {
    case rechargeCompleted, rechargeReversed, assistCompleted, creditSettled

    init?(_ name: Bytes?, on topic: InputTopic) {
        switch topic {
        case .recharges where name == Bytes("recharge.completed.v1"): self = .rechargeCompleted
        case .recharges where name == Bytes("recharge.reversed.v1"): self = .rechargeReversed
        case .assists where name == Bytes("assist.completed.v1"): self = .assistCompleted
        case .receipts where name == Bytes("credit.settled.v1"): self = .creditSettled
        default: return nil
        }
    }
}

extension InputTopic {
    /// The types of the events that the topic takes, by their names.
    public var eventTypes: [String] {
        switch self {
        case .recharges: ["recharge.completed.v1", "recharge.reversed.v1"]
        case .assists: ["assist.completed.v1"]
        case .receipts: ["credit.settled.v1"]
        case .mail, .requests: []
        }
    }
}

/// The members of a CloudEvents envelope; what is missing or of the wrong kind is nil.
private struct Envelope {
    let specversion, id, source, type, time, subject, traceparent: Bytes?
    let data: JSONObject?

    static func members() -> JSONMembers {
        JSONMembers(["specversion", "id", "source", "type", "time", "subject", "traceparent", "data"])
    }

    init(_ members: borrowing JSONMembers) {
        specversion = try? members.string(0)
        id = try? members.string(1)
        source = try? members.string(2)
        type = try? members.string(3)
        time = try? members.string(4)
        subject = try? members.string(5)
        traceparent = try? members.string(6)
        data = try? members.object(7)
    }

    /// The id where it has a length that we can keep.
    var usableID: Bytes {
        guard let id, id.count <= 128 else { return .none }
        return id
    }

    /// Checks what every event must have, and returns its data.
    func check() throws(Fault) -> JSONObject {
        guard specversion == Bytes("1.0") else { throw Fault(.badPayload, "specversion", "must be the text 1.0") }
        guard let id, (1...128).contains(id.count) else {
            throw Fault(.badPayload, "id", "must be a text of 1 to 128 bytes")
        }
        guard let source, !source.isEmpty else { throw Fault(.badPayload, "source", "must be a text") }
        guard type != nil else { throw Fault(.badPayload, "type", "must be a text") }
        guard time != nil else { throw Fault(.badPayload, "time", "must be a text") }
        guard subject != nil else { throw Fault(.badPayload, "subject", "must be a text") }
        guard let data else { throw Fault(.badPayload, "data", "must be an object") }
        return data
    }
}

extension Event.Recharge {
    fileprivate static func members() -> JSONMembers {
        JSONMembers(["amountFen", "channel", "paidFen", "package", "carrier", "city", "newSubscriber"])
    }

    fileprivate init(_ data: borrowing JSONMembers) throws {
        let amount = try required(data.integer(0), "data.amountFen")
        _ = try required(data.string(1), "data.channel")
        let paid = try data.integer(2)
        let package = try data.string(3)
        let carrierText = try data.string(4)
        let cityText = try data.string(5)
        let isNew = try data.bool(6)
        let carrier = carrierText.flatMap { text in Carrier.allCases.first { text == $0.rawValue } }
        guard carrierText == nil || carrier != nil else {
            throw Fault(.badPayload, "data.carrier", "is none of CMCC, CUCC, CTCC, CBN")
        }
        let city = cityText.flatMap(cityCode)
        guard cityText == nil || city != nil else {
            throw Fault(.badPayload, "data.city", "is no 6-digit code of GB/T 2260")
        }
        guard (package?.count ?? 0) <= EventDecoder.longestPackage else {
            throw Fault(.badPayload, "data.package", "must be a text of at most 256 bytes")
        }
        guard amount > 0 else { throw Fault(.badAmount, "data.amountFen", "must be above 0") }
        if let paid, paid < 0 || paid > amount {
            throw Fault(.badAmount, "data.paidFen", "must be from 0 to amountFen")
        }
        self.init(
            amountFen: amount, paidFen: paid, package: package, carrier: carrier, city: city,
            isNewSubscriber: isNew ?? false)
    }
}

extension Event.Reversal {
    fileprivate init(_ data: JSONObject) throws {
        let recharge = try required(data.string("rechargeId"), "data.rechargeId")
        let refunded = try required(data.integer("refundedFen"), "data.refundedFen")
        guard (1...128).contains(recharge.count) else {
            throw Fault(.badPayload, "data.rechargeId", "must be a text of 1 to 128 bytes")
        }
        var rechargedAt: Timestamp?
        if let text = try data.string("rechargedAt") {
            rechargedAt = try readTime(text, member: "data.rechargedAt")
        }
        guard refunded > 0 else { throw Fault(.badAmount, "data.refundedFen", "must be above 0") }
        self.init(rechargeID: recharge, refundedFen: refunded, rechargedAt: rechargedAt)
    }
}

extension Event.Assist {
    fileprivate init(_ data: JSONObject) throws {
        let text = try required(data.string("helper"), "data.helper")
        _ = try required(data.string("channel"), "data.channel")
        guard let helper = PhoneNumber(text) else {
            throw Fault(.badNumber, "data.helper", "is no subscriber's number")
        }
        self.init(helper: helper)
    }
}

extension Event.Receipt {
    fileprivate init(_ data: JSONObject) throws {
        let command = try required(data.string("commandId"), "data.commandId")
        let outcome = try required(data.string("outcome"), "data.outcome")
        let credited = try required(data.integer("creditedFen"), "data.creditedFen")
        let reason = try data.string("reason")
        let isRetryable = try data.bool("retryable") ?? false
        guard credited >= 0 else { throw Fault(.badAmount, "data.creditedFen", "must not be below 0") }
        switch outcome {
        case Bytes("credited"): self.init(commandID: command, answer: .credited(credited))
        case Bytes("rejected"):
            self.init(
                commandID: command,
                answer: .refused(isRetryable: isRetryable, hasNoGrant: reason == Bytes("NO_GRANT")))
        default: throw Fault(.badPayload, "data.outcome", "is neither credited nor rejected")
        }
    }
}

/// A member that must be there; one that is null counts as missing.
private func required<Value>(_ value: Value?, _ member: StaticString) throws(Fault) -> Value {
    guard let value else { throw Fault(.badPayload, "\(member)", "is missing") }
    return value
}

private func readTime(_ text: Bytes, member: String) throws(Fault) -> Timestamp {
    do throws(TimeError) {
        return try Timestamp(text)
    } catch {
        switch error {
        case .malformed: throw Fault(.badPayload, member, "is not an RFC 3339 time")
        case .noOffset: throw Fault(.noTimezone, member, "has no offset, write for example +08:00")
        }
    }
}

/// A code of GB/T 2260: 6 digits.
private func cityCode(_ text: Bytes) -> UInt32? {
    guard text.count == 6, text.buffer.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.buffer.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
}

/// A `traceparent` is passed on as it is, if it is text of a length that we can keep.
private func traceContext(_ text: Bytes?) -> Bytes? {
    guard let text, (1...256).contains(text.count), String(validating: text.buffer, as: UTF8.self) != nil
    else { return nil }
    return text
}
