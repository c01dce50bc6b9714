/// The records of a shard's subscribers, by number, with the changes of a batch staged beside what is committed.
///
/// A staged record is what a lookup finds; `commit` makes it the committed one, `rollback` forgets it.
struct SubscriberTable: ~Copyable {
    /// A place of the open-addressing table; number 0 is a free place.
    private struct Slot {
        var number: UInt64 = 0
        var committed: UnsafeMutableRawPointer?
        var staged: UnsafeMutableRawPointer?
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private var pool = BlockPool()
    /// Numbers with a staged record.
    private(set) var touched: [PhoneNumber] = []
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

    /// The record of a subscriber as the batch left it; valid until it is staged anew or the batch ends.
    func record(of number: PhoneNumber) -> Bytes? {
        let slot = slots[place(of: number.value)]
        return (slot.staged ?? slot.committed).map { BlockPool.record(in: $0) }
    }

    /// The record of a subscriber as the last commit left it.
    func committedRecord(of number: PhoneNumber) -> Bytes? {
        slots[place(of: number.value)].committed.map { BlockPool.record(in: $0) }
    }

    /// Keeps a changed record for the commit.
    mutating func stage(_ record: Bytes, of number: PhoneNumber) {
        let place = claim(number.value)
        if let previous = slots[place].staged {
            pool.release(previous)
        } else {
            touched.append(number)
        }
        slots[place].staged = pool.store(record)
    }

    /// Keeps a restored record at once; a later one of the same number replaces it.
    mutating func restore(_ record: Bytes, of number: PhoneNumber) {
        let place = claim(number.value)
        if let previous = slots[place].committed { pool.release(previous) }
        slots[place].committed = pool.store(record)
    }

    /// Makes the staged records the committed ones.
    mutating func commit() {
        for number in touched {
            let place = place(of: number.value)
            if let previous = slots[place].committed { pool.release(previous) }
            slots[place].committed = slots[place].staged
            slots[place].staged = nil
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// Forgets the staged records. A subscriber who was new in the batch keeps an empty place.
    mutating func rollback() {
        for number in touched {
            let place = place(of: number.value)
            if let staged = slots[place].staged { pool.release(staged) }
            slots[place].staged = nil
        }
        touched.removeAll(keepingCapacity: true)
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
            slots[place(of: old[index].number)] = old[index]
        }
        old.deallocate()
    }
}
