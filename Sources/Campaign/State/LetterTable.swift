internal import CCrypto

/// A shard's letters about input records that are neither RESOLVED nor DISCARDED, with the changes of a batch staged
/// beside what is committed. Letters about gifts stand with their gifts.
struct LetterTable {
    /// What is kept of a letter.
    struct Entry: Equatable {
        var reason: Rejection
        var replays: Int32
        var firstFailedAt: Timestamp
        /// Of key, value and record time: a request must be about this very letter.
        var digest: Digest
    }

    /// The open letters, with the changes of the batch.
    private var entries: [RecordPlace: Entry] = [:]
    /// What the changed ones were before; nil for one that was not there.
    private var before: [RecordPlace: Entry?] = [:]

    /// True when the batch changed a letter.
    var hasChanges: Bool { !before.isEmpty }

    /// How many letters are open, by their reason.
    private(set) var counts: [Rejection: Int] = [:]

    /// Nil for one that is not open. The setter counts with the commit.
    subscript(place: RecordPlace) -> Entry? {
        get { entries[place] }
        set {
            if before[place] == nil { before.updateValue(entries[place], forKey: place) }
            put(newValue, at: place)
        }
    }

    private mutating func put(_ entry: Entry?, at place: RecordPlace) {
        if let old = entries.removeValue(forKey: place) { counts[old.reason, default: 0] -= 1 }
        guard let entry else { return }
        entries[place] = entry
        counts[entry.reason, default: 0] += 1
    }

    /// Takes in what is committed of a letter, nil when it is closed.
    mutating func restore(_ entry: Entry?, of place: RecordPlace) { put(entry, at: place) }

    /// Calls `body` with each changed letter; nil for one that is closed.
    func forEachChange(_ body: (RecordPlace, Entry?) -> Void) {
        for place in before.keys { body(place, entries[place]) }
    }

    /// Adopts the changes.
    mutating func commit() { before.removeAll(keepingCapacity: true) }

    /// Forgets the changes.
    mutating func rollback() {
        for (place, entry) in before { put(entry, at: place) }
        before.removeAll(keepingCapacity: true)
    }
}

/// A SHA-256.
struct Digest: Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static let count = 32

    /// Of a letter's key, value and record time.
    init(key: Bytes?, value: Bytes?, recordTime: Timestamp?) {
        var content = Writer(capacity: 1024)
        content.putOptional(key)
        content.putOptional(value)
        content.putVarint(recordTime?.microseconds ?? 0)
        let input = content.bytes
        withUnsafeMutableBytes(of: &words) { words in
            _ = SHA256(
                input.buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count,
                words.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// As the state keeps it; nil when these are not 32 bytes.
    init?(_ bytes: Bytes) {
        guard bytes.count == Self.count else { return nil }
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes.buffer) }
    }

    func write(to writer: inout Writer) {
        withUnsafeBytes(of: words) { writer.put(Bytes($0)) }
    }

    static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }
}

extension LetterTable.Entry {
    private static let version: UInt8 = 1

    /// Reads what `write` wrote.
    init(_ bytes: Bytes) throws(Reader.Malformed) {
        var reader = Reader(bytes)
        guard try reader.byte() == Self.version, let reason = Rejection(rawValue: try reader.byte()),
            let replays = Int32(exactly: try reader.varint())
        else { throw Reader.Malformed() }
        let firstFailedAt = Timestamp(microseconds: try reader.varint())
        guard let digest = Digest(try reader.take(Digest.count)), reader.isAtEnd else { throw Reader.Malformed() }
        self.init(reason: reason, replays: replays, firstFailedAt: firstFailedAt, digest: digest)
    }

    func write(to writer: inout Writer) {
        writer.put(byte: Self.version)
        writer.put(byte: reason.rawValue)
        writer.putVarint(Int64(replays))
        writer.putVarint(firstFailedAt.microseconds)
        digest.write(to: &writer)
    }
}

extension RecordPlace {
    private static var keyPrefix: Bytes { Bytes("letter/") }

    /// Its letter's key on `campaign-state`: `letter/<topic's number>/<partition>/<offset>`.
    func writeKey(to writer: inout Writer) {
        writer.put(Self.keyPrefix)
        writer.putDecimal(Int64(topic.rawValue))
        writer.put("/")
        writer.putDecimal(Int64(partition))
        writer.put("/")
        writer.putDecimal(offset)
    }

    /// The place that a key of `campaign-state` is about; nil when it is no letter's.
    init?(key: Bytes) throws(Reader.Malformed) {
        guard key.slice(0, Self.keyPrefix.count) == Self.keyPrefix else { return nil }
        let parts = key.slice(Self.keyPrefix.count, key.count).text.split(separator: "/")
        guard parts.count == 3, let topic = UInt8(parts[0]).flatMap({ InputTopic(rawValue: $0) }),
            let partition = Int32(parts[1]), let offset = Int64(parts[2])
        else { throw Reader.Malformed() }
        self.init(topic: topic, partition: partition, offset: offset)
    }
}
