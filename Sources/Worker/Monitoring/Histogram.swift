/// How often something took how long, in seconds.
struct Histogram: Sendable {
    /// The upper bounds of all buckets but the last, which has none.
    let bounds: [Double]
    /// By bucket, each for itself.
    private(set) var counts: [Int64]
    private(set) var sum = 0.0

    /// Rising bounds.
    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Of a transaction's commit.
    static var ofCommits: Histogram {
        Histogram([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    }

    /// From an event's publication to its commit: a backlog may be hours old.
    static var ofEvents: Histogram {
        Histogram([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200])
    }

    mutating func observe(_ seconds: Double, times: Int = 1) {
        var bucket = 0
        while bucket < bounds.count, seconds > bounds[bucket] { bucket += 1 }
        counts[bucket] += Int64(times)
        sum += seconds * Double(times)
    }

    mutating func add(_ other: Histogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        sum += other.sum
    }

    mutating func removeAll() {
        for bucket in counts.indices { counts[bucket] = 0 }
        sum = 0
    }
}
