/// Memory for a batch's keys and values: chunks that never move, so that pointers into them stay valid until
/// `removeAll`, which keeps the ordinary chunks for the next batch. Used on one thread, but read by a producer's.
final class Arena {
    private static let chunkBytes = 1 << 20

    private var chunks: [UnsafeMutableRawPointer] = []
    private var oversized: [UnsafeMutableRawPointer] = []
    private var current = -1
    /// Where the next bytes go, and how many there is room for.
    private var next: UnsafeMutableRawPointer?
    private var left = 0

    deinit {
        for chunk in chunks { chunk.deallocate() }
        for chunk in oversized { chunk.deallocate() }
    }

    /// Copies bytes; an empty buffer has an address too, which tells it from none.
    func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer {
        let place = reserve(bytes.count)
        if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
        return place
    }

    func removeAll() {
        for chunk in oversized { chunk.deallocate() }
        oversized.removeAll(keepingCapacity: true)
        current = -1
        next = nil
        left = 0
    }

    private func reserve(_ size: Int) -> UnsafeMutableRawPointer {
        if let place = next, size <= left {
            next = place + size
            left &-= size
            return place
        }
        return reserveAnew(size)
    }

    private func reserveAnew(_ size: Int) -> UnsafeMutableRawPointer {
        if size > Arena.chunkBytes {
            let chunk = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
            oversized.append(chunk)
            return chunk
        }
        current += 1
        if current == chunks.count { chunks.append(.allocate(byteCount: Arena.chunkBytes, alignment: 8)) }
        next = chunks[current] + size
        left = Arena.chunkBytes - size
        return chunks[current]
    }
}
