import TestSupport
import Testing

@testable import Campaign

/// The table of records against a dictionary, and its memory and deadlines against the plainest models.
@Suite struct SubscriberTables {
    @Test(
        arguments: [(seed: 1, numbers: 50), (seed: 2, numbers: 3_000), (seed: 3, numbers: 40_000)] as [(UInt64, Int)])
    func `behave as a dictionary with a batch`(seed: UInt64, numbers: Int) throws {
        var random = SeededRandom(seed: seed)
        var table = SubscriberTable()
        var committed: [UInt64: [UInt8]] = [:]
        var staged: [UInt64: [UInt8]] = [:]
        for operation in 0..<100_000 {
            let value = 13_000_000_000 + UInt64.random(in: 0..<UInt64(numbers), using: &random) * 65_537
            let number = try #require(PhoneNumber(value: value))
            switch Int.random(in: 0..<1_000, using: &random) {
            case 0..<600:
                let record = Self.record(&random)
                record.withUnsafeBytes { table.stage(Bytes($0), of: number) }
                staged[value] = record
            case 600..<640 where staged[value] == nil:
                let record = Self.record(&random)
                record.withUnsafeBytes { table.restore(Bytes($0), of: number) }
                committed[value] = record
            case 640..<650:
                var replaced: [UInt64: [UInt8]] = [:]
                var adopted: [UInt64: [UInt8]] = [:]
                table.commit { number, before, after in
                    replaced[number.value] = before.map { Array($0.buffer) }
                    adopted[number.value] = Array(after.buffer)
                }
                guard adopted == staged, replaced == committed.filter({ staged[$0.key] != nil }) else {
                    Issue.record("seed \(seed), operation \(operation): the commit showed other records")
                    return
                }
                committed.merge(staged) { _, new in new }
                staged = [:]
            case 650..<655:
                table.rollback()
                staged = [:]
            default: break
            }
            let found = table.record(of: number).map { Array($0.buffer) }
            guard found == staged[value] ?? committed[value] else {
                Issue.record("seed \(seed), operation \(operation), number \(value): \(found ?? [])")
                return
            }
        }
        var changes: [(UInt64, [UInt8])] = []
        table.forEachChange { number, record in changes.append((number.value, Array(record.buffer))) }
        #expect(changes.count == staged.count && table.hasChanges != staged.isEmpty, "seed \(seed)")
        #expect(Dictionary(changes) { $1 } == staged, "seed \(seed)")
        var all: [UInt64: [UInt8]] = [:]
        table.forEachCommitted { number, record in all[number.value] = Array(record.buffer) }
        #expect(all == committed, "seed \(seed)")
    }

    /// Mostly small, some of the system's size, some of none.
    private static func record(_ random: inout SeededRandom) -> [UInt8] {
        let bounds = random.chance(1) ? 7_000...7_300 : random.pick([0...0, 9...60, 9...60, 9...400])
        let byte = UInt8.random(in: 0...255, using: &random)
        return Array(repeating: byte, count: Int.random(in: bounds, using: &random))
    }

    @Test func `a block pool keeps records of every size apart`() {
        var pool = BlockPool()
        let sizes = Array(0...300) + [1_000, 4_087, 4_088, 4_089, 7_159, 7_160, 7_161, 8_000, 100_000, 1 << 22]
        var blocks: [(block: UnsafeMutableRawPointer, record: [UInt8])] = []
        for (round, size) in (sizes + sizes.reversed()).enumerated() {
            let record = Array(repeating: UInt8(truncatingIfNeeded: round), count: size)
            blocks.append((record.withUnsafeBytes { pool.store(Bytes($0)) }, record))
        }
        for (block, record) in blocks {
            #expect(Array(BlockPool.record(in: block).buffer) == record, "\(record.count) bytes")
            #expect(UInt(bitPattern: block) % 8 == 0)
        }
        for index in blocks.indices where index % 2 == 0 { pool.release(blocks[index].block) }
        for index in blocks.indices where index % 2 == 1 {
            let (block, record) = blocks[index]
            #expect(
                Array(BlockPool.record(in: block).buffer) == record, "\(record.count) bytes, after others were released"
            )
        }
    }

    @Test func `a block is of the smallest class that holds it`() {
        let sizes = (0..<BlockPool.classCount).map(BlockPool.size)
        #expect(sizes == sizes.sorted() && sizes.first == 32 && sizes.last == 7_168)
        for size in 9...7_168 {
            #expect(BlockPool.sizeClass(of: size) == sizes.firstIndex { $0 >= size }, "\(size) bytes")
        }
        #expect(BlockPool.sizeClass(of: 7_169) >= BlockPool.classCount)
    }

    @Test(arguments: [0, 24, 25, 100, 7_000])
    func `a released block is used again`(size: Int) {
        var pool = BlockPool()
        let record = Array(repeating: UInt8(1), count: size)
        let first = record.withUnsafeBytes { pool.store(Bytes($0)) }
        let second = record.withUnsafeBytes { pool.store(Bytes($0)) }
        #expect(first != second)
        pool.release(first)
        pool.release(second)
        let again = [1, 2].map { _ in record.withUnsafeBytes { pool.store(Bytes($0)) } }
        #expect(Set(again) == [first, second])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `deadlines come out in their order`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var index = DeadlineIndex()
        var model: [(deadline: Timestamp, number: PhoneNumber)] = []
        for operation in 0..<2_000 {
            if random.chance(60) {
                let deadline = Timestamp(microseconds: .random(in: 0..<50, using: &random))
                let number = try #require(PhoneNumber(value: 13_000_000_000 + .random(in: 0..<20, using: &random)))
                index.insert(deadline, number)
                model.append((deadline, number))
            } else {
                let horizon = Timestamp(microseconds: .random(in: 0..<60, using: &random))
                let earliest = model.map(\.deadline).min()
                #expect(index.earliest?.deadline == earliest, "seed \(seed), operation \(operation)")
                let due = index.takeDue(horizon)
                #expect(
                    (due != nil) == (earliest.map { $0 <= horizon } ?? false), "seed \(seed), operation \(operation)")
                guard let due else { continue }
                #expect(due.deadline == earliest, "seed \(seed), operation \(operation)")
                let place = model.firstIndex { $0.deadline == due.deadline && $0.number == due.number }
                model.remove(at: try #require(place, "seed \(seed), operation \(operation)"))
            }
        }
    }
}
