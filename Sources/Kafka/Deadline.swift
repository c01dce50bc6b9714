internal import Glibc

/// A point on the monotonic clock.
struct Deadline {
    private let at: Int64

    init(afterMs milliseconds: Int32) { at = Deadline.now + Int64(milliseconds) }

    /// 0 once it is over.
    var remainingMs: Int32 { Int32(clamping: max(at - Deadline.now, 0)) }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
