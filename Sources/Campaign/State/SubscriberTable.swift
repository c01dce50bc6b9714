/// The records of a shard's subscribers, by number, with the changes of a batch staged beside what is committed.
///
/// A staged record is what a lookup finds; `commit` makes it the committed one, `rollback` forgets it.
struct SubscriberTable: ~Copyable {
    /// A place of the open-addressing table; number 0 is a free place.
    private struct Slot {
        var number: UInt64 = 0
        var committed: UnsafeMutableRawPointer?
        /// Which of `changes` is this subscriber's; -1 for none.
        var change = -1
    }

    private struct Change {
        let number: PhoneNumber
        var place: Int
        var block: UnsafeMutableRawPointer
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private var pool = BlockPool()
    /// The staged records.
    private var changes: [Change] = []
    /// The staged record that was replaced last: views into it live until the next is.
    private var replaced: UnsafeMutableRawPointer?
    /// How many subscribers are known, with those of the batch.
    private(set) var count = 0

    init() {
        mask = 255
        slots = Self.freeSlots(mask + 1)
    }

    deinit { slots.deallocate() }

    private static func freeSlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: count)
        slots.initialize(repeating: Slot(), count: count)
        return slots
    }

    /// The place of a number: where it is, or where it would be put.
    private func place(of number: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
        while slots[place].number != number, slots[place].number != 0 { place = (place + 1) & mask }
        return place
    }

    /// True when a record is staged.
    var hasChanges: Bool { !changes.isEmpty }

    /// The record of a subscriber as the batch left it; valid until it is staged anew or the batch ends.
    func record(of number: PhoneNumber) -> Bytes? {
        let slot = slots[place(of: number.value)]
        let block = slot.change < 0 ? slot.committed : changes[slot.change].block
        return block.map { BlockPool.record(in: $0) }
    }

    /// Keeps a changed record for the commit.
    mutating func stage(_ record: Bytes, of number: PhoneNumber) {
        let place = claim(number.value)
        let block = pool.store(record)
        let change = slots[place].change
        guard change < 0 else {
            if let replaced { pool.release(replaced) }
            replaced = changes[change].block
            changes[change].block = block
            return
        }
        slots[place].change = changes.count
        changes.append(Change(number: number, place: place, block: block))
    }

    /// Keeps a restored record at once; a later one of the same number replaces it.
    mutating func restore(_ record: Bytes, of number: PhoneNumber) {
        let place = claim(number.value)
        if let previous = slots[place].committed { pool.release(previous) }
        slots[place].committed = pool.store(record)
    }

    /// Calls `body` with every staged record.
    func forEachChange(_ body: (PhoneNumber, Bytes) -> Void) {
        for change in changes { body(change.number, BlockPool.record(in: change.block)) }
    }

    /// Makes the staged records the committed ones; shows each with the one that it replaces.
    mutating func commit(_ body: (PhoneNumber, _ before: Bytes?, _ after: Bytes) -> Void) {
        for change in changes {
            let previous = slots[change.place].committed
            body(
                change.number, previous.map { BlockPool.record(in: $0) }, BlockPool.record(in: change.block))
            if let previous { pool.release(previous) }
            slots[change.place].committed = change.block
            slots[change.place].change = -1
        }
        changes.removeAll(keepingCapacity: true)
    }

    /// Forgets the staged records. A subscriber who was new in the batch keeps an empty place.
    mutating func rollback() {
        for change in changes {
            pool.release(change.block)
            slots[change.place].change = -1
        }
        changes.removeAll(keepingCapacity: true)
    }

    /// Calls `body` with every committed record.
    func forEachCommitted(_ body: (PhoneNumber, Bytes) -> Void) {
        for place in 0...mask {
            guard let block = slots[place].committed, let number = PhoneNumber(value: slots[place].number) else {
                continue
            }
            body(number, BlockPool.record(in: block))
        }
    }

    private mutating func claim(_ number: UInt64) -> Int {
        let found = place(of: number)
        if slots[found].number == number { return found }
        count += 1
        guard count * 4 > (mask + 1) * 3 else {
            slots[found].number = number
            return found
        }
        grow()
        let moved = place(of: number)
        slots[moved].number = number
        return moved
    }

    private mutating func grow() {
        let old = slots
        let oldCount = mask + 1
        mask = oldCount * 2 - 1
        slots = Self.freeSlots(mask + 1)
        for index in 0..<oldCount where old[index].number != 0 {
            let moved = place(of: old[index].number)
            slots[moved] = old[index]
            if old[index].change >= 0 { changes[old[index].change].place = moved }
        }
        old.deallocate()
    }
}
