/// A shard's own record: written with every transaction, so that state and offsets can be held against each other.
struct ShardRecord: Equatable {
    private static let version: UInt8 = 2

    /// The partition count that the state was made with; it is for life.
    var partitionCount: Int32
    /// The campaign's name.
    var campaign: String
    /// The latest time of an event that a rules version decided; nil before the first.
    var decidedUntil: Timestamp?
    /// What the shard's commands add up to.
    var sums = GiftSums()
    /// The next offset to read of each topic; nil for one that is not followed yet.
    var positions: [Int64?]

    init(partitionCount: Int32, campaign: String) {
        self.partitionCount = partitionCount
        self.campaign = campaign
        positions = Array(repeating: nil, count: InputTopic.allCases.count)
    }

    init(_ bytes: Bytes) throws(Reader.Malformed) {
        var reader = Reader(bytes)
        guard try reader.byte() == Self.version, let count = Int32(exactly: try reader.varint()) else {
            throw Reader.Malformed()
        }
        self.init(partitionCount: count, campaign: try reader.counted().text)
        if try reader.varint() == 1 { decidedUntil = Timestamp(microseconds: try reader.varint()) }
        sums = GiftSums(
            grantedFen: try reader.varint(), reversedFen: try reader.varint(), confirmedFen: try reader.varint(),
            waiting: try reader.varint(), delayed: try reader.varint(), rejected: try reader.varint(),
            mismatched: try reader.varint())
        for _ in 0..<(try reader.count()) {
            guard let topic = InputTopic(rawValue: try reader.byte()) else { throw Reader.Malformed() }
            positions[Int(topic.rawValue)] = try reader.varint()
        }
        guard reader.isAtEnd else { throw Reader.Malformed() }
    }

    func write(to writer: inout Writer) {
        writer.put(byte: Self.version)
        writer.putVarint(Int64(partitionCount))
        writer.putVarint(Int64(campaign.utf8.count))
        writer.put(text: campaign)
        writer.putVarint(decidedUntil == nil ? 0 : 1)
        if let decidedUntil { writer.putVarint(decidedUntil.microseconds) }
        for sum in [sums.grantedFen, sums.reversedFen, sums.confirmedFen] { writer.putVarint(sum) }
        for count in [sums.waiting, sums.delayed, sums.rejected, sums.mismatched] { writer.putVarint(count) }
        let known = InputTopic.allCases.filter { positions[Int($0.rawValue)] != nil }
        writer.putVarint(Int64(known.count))
        for topic in known {
            writer.put(byte: topic.rawValue)
            writer.putVarint(positions[Int(topic.rawValue)] ?? 0)
        }
    }
}
