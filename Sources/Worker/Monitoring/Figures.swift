import Campaign

/// All that lanes published, under one lock: what `/metrics` shows.
struct Figures: Sendable {
    /// What one shard is at its lane's last report.
    struct OfShard: Sendable {
        let subscribers: Int
        /// Commands that billing has to answer.
        var giftsOpen: Int64 = 0
        /// When the oldest of them was sent; nil when there is none.
        var oldestGift: Timestamp?
        var lettersOpen = Counts<Rejection>()
        /// By input topic.
        let progress: [Lag.Progress]
    }

    var tally = Tally()
    var committed: Int64 = 0
    /// Transactions that were aborted, or whose end nobody knows.
    var aborted: Int64 = 0
    var commits = Histogram.ofCommits
    var events = Histogram.ofEvents
    var restores: Int64 = 0
    var lastRestoreSeconds = 0.0
    var lag = Lag()
    /// By lane.
    var shards: [[OfShard]]

    init(lanes: Int) { shards = Array(repeating: [], count: lanes) }

    var progress: [Lag.Progress] { shards.flatMap { $0.flatMap(\.progress) } }
}
