/// Memory for a batch's keys and values: chunks that never move, so that pointers into them stay valid until
/// `removeAll`, which keeps the ordinary chunks for the next batch. Used on one thread, but read by a producer's.
final class Arena {
    private static let chunkBytes = 1 << 20

    private var chunks: [UnsafeMutableRawPointer] = []
    private var oversized: [UnsafeMutableRawPointer] = []
    private var current = -1
    private var used = chunkBytes

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
        current = chunks.isEmpty ? -1 : 0
        used = chunks.isEmpty ? Arena.chunkBytes : 0
    }

    private func reserve(_ size: Int) -> UnsafeMutableRawPointer {
        if size > Arena.chunkBytes {
            let chunk = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
            oversized.append(chunk)
            return chunk
        }
        if used + max(size, 1) > Arena.chunkBytes {
            current += 1
            used = 0
            if current == chunks.count {
                chunks.append(.allocate(byteCount: Arena.chunkBytes, alignment: 8))
            }
        }
        defer { used += size }
        return chunks[current] + used
    }
}
