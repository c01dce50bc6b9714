package import Campaign
import Glibc

/// The clocks of the machine.
package enum Clock {
    /// The time that people agree on; it may step.
    package static func now() -> Timestamp {
        Timestamp(microseconds: read(CLOCK_REALTIME))
    }

    /// Milliseconds that only go forward.
    static func monotonicMilliseconds() -> Int64 {
        read(CLOCK_MONOTONIC) / 1000
    }

    /// Microseconds that only go forward.
    static func monotonicMicroseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
