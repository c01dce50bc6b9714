import Campaign

/// Spreads requests over time, so many a second.
struct RequestSchedule {
    /// How often a sender asks, at the least, in milliseconds.
    static let tickMs: Int32 = 100

    private let rate: Int64
    /// When the next request may go.
    private var next: Timestamp?

    init(rate: Int) { self.rate = Int64(rate) }

    /// How many requests go out now. A sender that was held up makes up for two ticks at most.
    mutating func take(atMost most: Int, _ now: Timestamp) -> Int {
        let longAgo = Timestamp(microseconds: now.microseconds - 2000 * Int64(Self.tickMs))
        let start = max(next ?? now, longAgo)
        guard start <= now, most > 0 else { return 0 }
        let count = min(Int64(most), 1 + (now.microseconds - start.microseconds) * rate / 1_000_000)
        next = Timestamp(microseconds: start.microseconds + count * 1_000_000 / rate)
        return Int(count)
    }
}
