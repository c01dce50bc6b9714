import Campaign

/// When a transaction's records were published, in runs of one partition and one moment.
struct Arrivals {
    struct Run {
        let topic: InputTopic
        let partition: Int32
        /// Of Unix time.
        let publishedMs: Int64
        var count: Int
    }

    private(set) var runs: [Run] = []

    /// Notes a record; one without a timestamp has nothing to say.
    mutating func note(_ topic: InputTopic, _ partition: Int32, publishedMs: Int64) {
        guard publishedMs >= 0 else { return }
        if let last = runs.last, last.publishedMs == publishedMs, last.partition == partition, last.topic == topic {
            runs[runs.count - 1].count += 1
        } else {
            runs.append(Run(topic: topic, partition: partition, publishedMs: publishedMs, count: 1))
        }
    }

    mutating func removeAll() { runs.removeAll(keepingCapacity: true) }
}
