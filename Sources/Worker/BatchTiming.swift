/// When a batch closes: an interval after the last one closed and nothing more waits, or an interval after its own first
/// record. So an event that comes alone is decided at once, and under load what waits already is taken along. All times
/// are milliseconds that only go forward.
struct BatchTiming {
    let interval: Int64
    private var opened: Int64 = 0
    private var closed: Int64?

    init(interval: Int64) { self.interval = interval }

    /// The first record was added.
    mutating func open(at now: Int64) { opened = now }

    /// The batch is complete.
    mutating func close(at now: Int64) { closed = now }

    /// How long an open batch waits for its next record.
    func wait(at now: Int64) -> Int64 { closed.map { max(0, $0 + interval - now) } ?? 0 }

    /// Whether the open batch's time is over.
    func isOver(at now: Int64, nothingWaits: Bool) -> Bool {
        opened + interval <= now || nothingWaits && wait(at: now) == 0
    }
}
