import Campaign

/// How far a worker is behind its partitions' ends.
struct Lag: Sendable {
    /// A partition of an input.
    struct Place: Hashable, Sendable {
        let topic: InputTopic
        let partition: Int32
    }

    /// How far the worker has come in one.
    struct Progress: Sendable {
        let place: Place
        /// The next offset to read.
        let offset: Int64
        /// When the last record that was decided since the start was published, of Unix time.
        let decidedMs: Int64?
    }

    private struct End {
        var offset: Int64
        /// When nothing waited there.
        var caughtUpMs: Int64?
        let firstSeenMs: Int64
    }

    private var ends: [Place: End] = [:]

    /// Takes in where the partitions end, and with it who has read to there.
    mutating func note(_ ends: [Place: Int64], _ progress: [Progress], nowMs: Int64) {
        for (place, offset) in ends {
            self.ends[place, default: End(offset: offset, caughtUpMs: nil, firstSeenMs: nowMs)].offset = offset
        }
        for own in progress {
            guard let end = self.ends[own.place], own.offset >= end.offset else { continue }
            self.ends[own.place]?.caughtUpMs = nowMs
        }
    }

    /// Records that wait, and for how long the oldest of them has at most, in seconds.
    func behind(_ topic: InputTopic, _ progress: [Progress], nowMs: Int64) -> (records: Int64, seconds: Double) {
        var records: Int64 = 0
        var oldestMs: Int64 = 0
        for own in progress where own.place.topic == topic {
            guard let end = ends[own.place], end.offset > own.offset else { continue }
            records += end.offset - own.offset
            // What waits was published after what was decided, and after nothing waited.
            let since = [own.decidedMs, end.caughtUpMs].compactMap { $0 }.max() ?? end.firstSeenMs
            oldestMs = max(oldestMs, nowMs - since)
        }
        return (records, Double(oldestMs) / 1000)
    }
}
