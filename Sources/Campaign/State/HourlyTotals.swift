/// What a shard's events of one hour add up to: the monitoring's figures. An event counts in the hour of its own time.
public struct HourlyTotals: Equatable, Sendable {
    /// Recharges in the window and the audience.
    public var recharges: Int64 = 0
    /// Their face value in fen.
    public var rechargeFen: Fen = 0
    /// Those of new subscribers.
    public var newSubscribers: Int64 = 0
    /// Accepted assists.
    public var assists: Int64 = 0
    /// Grants that were commanded.
    public var grants: Int64 = 0
    /// What was granted, per benefit.
    public var granted = Lines()
    /// Reverses that were commanded.
    public var reverses: Int64 = 0
    /// What was taken back in fen.
    public var reversedFen: Fen = 0

    /// Nothing yet.
    public init() {}

    private static let version: UInt8 = 1

    init(_ record: Bytes) throws(Reader.Malformed) {
        var reader = Reader(record)
        guard try reader.byte() == Self.version else { throw Reader.Malformed() }
        recharges = try reader.varint()
        rechargeFen = try reader.varint()
        newSubscribers = try reader.varint()
        assists = try reader.varint()
        grants = try reader.varint()
        for benefit in Benefit.allCases { granted[benefit] = try reader.varint() }
        reverses = try reader.varint()
        reversedFen = try reader.varint()
        guard reader.isAtEnd else { throw Reader.Malformed() }
    }

    func write(to writer: inout Writer) {
        writer.put(byte: Self.version)
        writer.putVarint(recharges)
        writer.putVarint(rechargeFen)
        writer.putVarint(newSubscribers)
        writer.putVarint(assists)
        writer.putVarint(grants)
        for index in granted.fen.indices { writer.putVarint(granted.fen[index]) }
        writer.putVarint(reverses)
        writer.putVarint(reversedFen)
    }

    mutating func add(_ command: Command) {
        if case .reversal = command.id {
            reverses += 1
            reversedFen += command.lines.total
            return
        }
        grants += 1
        granted += command.lines
    }

    mutating func add(_ event: Event, _ decision: Decision) {
        switch (event.kind, decision) {
        case (.recharge, .refused(.outOfWindow)), (.recharge, .refused(.notInAudience)): break
        case (.recharge(let recharge), _):
            recharges += 1
            rechargeFen += recharge.amountFen
            if recharge.isNewSubscriber { newSubscribers += 1 }
        case (.assist, .waiting), (.assist, .commanded): assists += 1
        default: break
        }
    }
}

extension Writer {
    /// Writes the totals as `campaign-stats` has them.
    mutating func putJSON(_ totals: HourlyTotals, partition: Int32, hour: Int64, campaign: String) {
        put("{\"campaign\":\"")
        putEscaped(campaign)
        put("\",\"partition\":")
        putDecimal(Int64(partition))
        put(",\"hour\":\"")
        putTime(Timestamp(microseconds: hour * Duration.hour.microseconds))
        put("\",\"recharges\":")
        putDecimal(totals.recharges)
        put(",\"rechargeFen\":")
        putDecimal(totals.rechargeFen)
        put(",\"newSubscribers\":")
        putDecimal(totals.newSubscribers)
        put(",\"assists\":")
        putDecimal(totals.assists)
        put(",\"grants\":")
        putDecimal(totals.grants)
        put(",\"grantedFen\":{")
        for benefit in Benefit.allCases {
            if benefit != .instantDiscount { put(",") }
            put("\"")
            put(benefit.name)
            put("\":")
            putDecimal(totals.granted[benefit])
        }
        put("},\"reverses\":")
        putDecimal(totals.reverses)
        put(",\"reversedFen\":")
        putDecimal(totals.reversedFen)
        put("}")
    }
}
