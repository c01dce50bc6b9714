/// A subscriber's record: one form for memory, changelog and restore.
///
/// Byte 0 is the form's version, bytes 1 to 8 the earliest deadline of a gift, byte 9 whether something ends with the
/// grace, so that a shard finds its deadlines without decoding.
enum SubscriberRecord {
    /// Form 1 knew nothing of gifts; no release wrote it.
    static let version: UInt8 = 2

    /// The deadline of a record that has none.
    static let noDeadline = Timestamp(microseconds: .max)

    /// The earliest deadline of a gift in a record; `noDeadline` when it has none.
    static func giftDeadline(of record: Bytes) -> Timestamp {
        guard record.count >= 9 else { return noDeadline }
        return Timestamp(
            microseconds: Int64(littleEndian: record.buffer.loadUnaligned(fromByteOffset: 1, as: Int64.self)))
    }

    /// Whether something in a record ends with the grace.
    static func waitsForEndOfGrace(_ record: Bytes) -> Bool { record.count >= 10 && record[9] != 0 }
}

extension Writer {
    /// Writes a subscriber's record.
    mutating func put(_ subscriber: borrowing Subscriber) {
        put(byte: SubscriberRecord.version)
        put(subscriber.earliestGiftDeadline)
        put(byte: subscriber.waitsForEndOfGrace ? 1 : 0)
        putVarint(subscriber.paysAssistsUntil == nil ? 0 : 1)
        if let until = subscriber.paysAssistsUntil { put(until) }
        put(subscriber.recharges) { $0.put($1) }
        put(subscriber.reversals) { $0.put($1) }
        put(subscriber.assists) { $0.put($1) }
        put(subscriber.paidClaims) { $0.put($1) }
    }

    private mutating func put<Entry>(_ entries: Entries<Entry>, _ encode: (inout Writer, Entry) -> Void) {
        putVarint(Int64(entries.count))
        for index in entries.indices {
            let bytes = entries.bytes(at: index)
            if bytes.isEmpty { encode(&self, entries[index]) } else { put(bytes) }
        }
    }

    private mutating func put(_ recharge: Subscriber.Recharge) {
        putCounted(recharge.id)
        put(recharge.time)
        putVarint(recharge.amountFen)
        putVarint(recharge.paidFen ?? -1)
        putOptional(recharge.package)
        putVarint(recharge.version)
        put(byte: recharge.outcome.number)
        putVarint(recharge.refundedFen)
        putVarint(recharge.given[.instantDiscount])
        putVarint(recharge.given[.bonusCredit])
        putVarint(recharge.given[.package])
        put(recharge.gift)
    }

    private mutating func put(_ reversal: Subscriber.Reversal) {
        putCounted(reversal.id)
        put(reversal.time)
        putCounted(reversal.rechargeID)
        putVarint(reversal.refundedFen)
        put(byte: reversal.outcome.number)
        put(byte: reversal.record == nil ? 0 : 1)
        if let record = reversal.record { put(record) }
        put(reversal.gift)
    }

    private mutating func put(_ assist: Subscriber.Assist) {
        putCounted(assist.id)
        put(assist.time)
        putVarint(Int64(assist.helper.value))
        putVarint(assist.worthFen)
        put(byte: assist.outcome.number)
        put(assist.gift)
    }

    private mutating func put(_ claim: Subscriber.PaidClaim) {
        putCounted(claim.id)
        put(claim.eventTime)
        put(claim.gift)
    }
}

extension Subscriber {
    /// Reads a record into this value, whose memory is reused. Texts are views into `record`.
    mutating func read(_ record: Bytes) throws(Reader.Malformed) {
        removeAll()
        recordBytes = record.count
        var reader = Reader(record)
        guard try reader.byte() == SubscriberRecord.version else { throw Reader.Malformed() }
        _ = try reader.time()
        _ = try reader.byte()
        if try reader.varint() == 1 { paysAssistsUntil = try reader.time() }
        try reader.entries(into: &recharges) { (reader) throws(Reader.Malformed) in try reader.recharge() }
        try reader.entries(into: &reversals) { (reader) throws(Reader.Malformed) in try reader.reversal() }
        try reader.entries(into: &assists) { (reader) throws(Reader.Malformed) in try reader.assist() }
        try reader.entries(into: &paidClaims) { (reader) throws(Reader.Malformed) in try reader.paidClaim() }
        guard reader.isAtEnd else { throw Reader.Malformed() }
    }
}

extension Reader {
    fileprivate mutating func entries<Entry>(
        into entries: inout Entries<Entry>, _ read: (inout Reader) throws(Malformed) -> Entry
    ) throws(Malformed) {
        for _ in 0..<(try count()) {
            let start = position
            let entry = try read(&self)
            entries.append(entry, readFrom: bytes(from: start))
        }
    }

    fileprivate mutating func recharge() throws(Malformed) -> Subscriber.Recharge {
        let id = try counted()
        let booked = try time()
        let amount = try varint()
        let paid = try varint()
        let package = try optional().bytes
        let version = try varint()
        let outcome = try outcome()
        let refunded = try varint()
        var given = Lines()
        given[.instantDiscount] = try line()
        given[.bonusCredit] = try line()
        given[.package] = try line()
        return Subscriber.Recharge(
            id: id, time: booked, amountFen: amount, paidFen: paid < 0 ? nil : paid, package: package, version: version,
            outcome: outcome, refundedFen: refunded, given: given, gift: try gift())
    }

    fileprivate mutating func reversal() throws(Malformed) -> Subscriber.Reversal {
        Subscriber.Reversal(
            id: try counted(), time: try time(), rechargeID: try counted(),
            refundedFen: try varint(), outcome: try outcome(), record: try byte() == 0 ? nil : try sourceRecord(),
            gift: try gift())
    }

    fileprivate mutating func assist() throws(Malformed) -> Subscriber.Assist {
        Subscriber.Assist(
            id: try counted(), time: try time(), helper: try number(),
            worthFen: try varint(), outcome: try outcome(), gift: try gift())
    }

    fileprivate mutating func paidClaim() throws(Malformed) -> Subscriber.PaidClaim {
        let id = try counted()
        let helped = try time()
        guard let gift = try gift() else { throw Malformed() }
        return Subscriber.PaidClaim(id: id, eventTime: helped, gift: gift)
    }

    private mutating func outcome() throws(Malformed) -> Subscriber.Outcome {
        guard let outcome = Subscriber.Outcome(number: try byte()) else { throw Malformed() }
        return outcome
    }
}

extension Subscriber.Outcome {
    /// As the record keeps it: a reason's own number, or one above them all.
    var number: UInt8 {
        switch self {
        case .refused(let reason): reason.rawValue
        case .done: 200
        case .waiting: 201
        case .dead: 202
        }
    }

    init?(number: UInt8) {
        switch number {
        case 200: self = .done
        case 201: self = .waiting
        case 202: self = .dead
        default:
            guard let reason = Reason(rawValue: number) else { return nil }
            self = .refused(reason)
        }
    }
}
