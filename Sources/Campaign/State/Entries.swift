/// A part of a subscriber's record: entries in their order, each with the bytes that it was read from. Most of a record
/// stays as it is, and what did not change is written as it was read.
struct Entries<Entry>: RandomAccessCollection, ExpressibleByArrayLiteral {
    private struct Kept {
        var entry: Entry
        /// None for an entry that is new or has changed.
        var bytes: Bytes
    }

    private var kept: [Kept] = []

    /// None of these has been written yet.
    init(_ entries: [Entry]) {
        kept = entries.map { Kept(entry: $0, bytes: .none) }
    }

    init(arrayLiteral entries: Entry...) { self.init(entries) }

    var startIndex: Int { 0 }
    var endIndex: Int { kept.count }
    subscript(index: Int) -> Entry { kept[index].entry }

    /// The bytes that an unchanged entry was read from; none for another.
    func bytes(at index: Int) -> Bytes { kept[index].bytes }

    /// Adds an entry; one that is read comes with its bytes, which must live as long as this does.
    mutating func append(_ entry: Entry, readFrom bytes: Bytes = .none) {
        kept.append(Kept(entry: entry, bytes: bytes))
    }

    /// Changes an entry.
    mutating func change(_ index: Int, _ body: (inout Entry) -> Void) {
        kept[index].bytes = .none
        body(&kept[index].entry)
    }

    /// Forgets all entries and keeps the memory.
    mutating func removeAll() {
        if !kept.isEmpty { kept.removeAll(keepingCapacity: true) }
    }
}

extension Entries: Equatable where Entry: Equatable {
    /// Equal when the entries are, wherever they come from.
    static func == (left: Entries, right: Entries) -> Bool { left.elementsEqual(right) }
}
