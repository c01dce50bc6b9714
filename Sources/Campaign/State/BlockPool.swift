/// Memory for records of many sizes: each in a block of the smallest size class that holds it, so that a changed record
/// mostly finds a block without asking the system.
///
/// A block begins with 8 bytes of its own: the record's length and the size class.
struct BlockPool: ~Copyable {
    private static let headSize = 8
    private static let chunkSize = 1 << 18
    /// Classes rise by a quarter of a power of two: at most a fifth of a block is unused. Larger records are the system's.
    static let classCount = 2 + 7 * 4

    private var free = [UnsafeMutableRawPointer?](repeating: nil, count: classCount)
    private var chunks: [UnsafeMutableRawPointer] = []
    private var chunkUsed = chunkSize
    private var large: Set<UnsafeMutableRawPointer> = []

    deinit {
        for chunk in chunks { chunk.deallocate() }
        for block in large { block.deallocate() }
    }

    /// The record in a block.
    static func record(in block: UnsafeMutableRawPointer) -> Bytes {
        Bytes(start: UnsafeRawPointer(block + headSize), count: Int(block.load(as: UInt32.self)))
    }

    /// Copies a record into a block.
    mutating func store(_ record: Bytes) -> UnsafeMutableRawPointer {
        let size = record.count + Self.headSize
        let sizeClass = Self.sizeClass(of: size)
        let block = sizeClass < Self.classCount ? take(sizeClass) : takeLarge(size)
        block.storeBytes(of: UInt32(record.count), as: UInt32.self)
        block.storeBytes(of: UInt32(sizeClass), toByteOffset: 4, as: UInt32.self)
        if let source = record.start { (block + Self.headSize).copyMemory(from: source, byteCount: record.count) }
        return block
    }

    /// Gives a block back.
    mutating func release(_ block: UnsafeMutableRawPointer) {
        let sizeClass = Int(block.load(fromByteOffset: 4, as: UInt32.self))
        guard sizeClass < Self.classCount else {
            large.remove(block)
            return block.deallocate()
        }
        block.storeBytes(of: free[sizeClass], as: UnsafeMutableRawPointer?.self)
        free[sizeClass] = block
    }

    /// 32, 48, and from 64 on four to each power of two: 64, 80, 96, 112, 128, 160, ...
    static func size(of sizeClass: Int) -> Int {
        guard sizeClass >= 2 else { return sizeClass == 0 ? 32 : 48 }
        return (1 << (4 + (sizeClass - 2) / 4)) * (4 + (sizeClass - 2) % 4)
    }

    /// The smallest class that holds so many bytes; `classCount` or above when none does.
    static func sizeClass(of size: Int) -> Int {
        guard size > 64 else { return size <= 32 ? 0 : size <= 48 ? 1 : 2 }
        let power = Int.bitWidth - 1 - (size - 1).leadingZeroBitCount
        return 2 + (power - 6) * 4 + ((size - 1) >> (power - 2)) - 4 + 1
    }

    private mutating func take(_ sizeClass: Int) -> UnsafeMutableRawPointer {
        if let block = free[sizeClass] {
            free[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
            return block
        }
        let size = Self.size(of: sizeClass)
        if chunkUsed + size > Self.chunkSize {
            chunks.append(UnsafeMutableRawPointer.allocate(byteCount: Self.chunkSize, alignment: 16))
            chunkUsed = 0
        }
        defer { chunkUsed += size }
        return chunks[chunks.count - 1] + chunkUsed
    }

    private mutating func takeLarge(_ size: Int) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        large.insert(block)
        return block
    }
}
