import TestSupport

/// Sends events at a rate that does not wait for anybody, and prints how long it took from the moment at which each was
/// to be sent until a reader of committed records had its command. The first half warms up: the broker's Java takes half
/// a minute.
func measureLatency(_ rate: Int, _ options: Options) throws {
    let server = try KafkaServer(for: .benchmarks)
    let worker = try BenchWorker(options, on: server)
    try worker.start()
    let count = rate * 80
    let sending = try Sending(worker, count: count, rate: rate, subscribers: options.subscribers)
    let arrivals = Arrivals(of: count)
    let reader = try TestReader(
        bootstrapServers: server.bootstrapServers, topic: worker.prefix + "bonus-credits",
        keeping: { record in
            arrivals.note(record)
            return nil
        })
    let (cpu, broker) = (try worker.cpuSeconds(), try cpuTime(of: server.processID))
    let ended = sending.start()
    try reader.read(timeout: .seconds(240), what: "the last command") { _ in
        try ended() && arrivals.count >= sending.expected
    }
    let millions = Double(count) / 1e6
    let cpus = [(try worker.cpuSeconds() - cpu) / millions, (try cpuTime(of: server.processID) - broker) / millions]
    let latencies = arrivals.times[(count / 2)...].enumerated().filter { $0.element > 0 }
        .map { Double($0.element - sending.intended(count / 2 + $0.offset)) / 1e6 }.sorted()
    func percentile(_ share: Double) -> String {
        rounded(latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))], 1)
    }
    print("events per second, sent             \(rate), commit interval \(options.commitMs) ms; load \(loadAverage())")
    print("events a transaction                \(count / max(1, try worker.transactions()))")
    print("CPU-s per million: worker, broker   \(rounded(cpus[0])), \(rounded(cpus[1])), the warm-up included")
    print("commands seen of the second half    \(latencies.count)")
    print("milliseconds: p50 \(percentile(0.5))  p99 \(percentile(0.99))  p99.9 \(percentile(0.999))")
    try worker.stop()
}

/// When each event's command came.
private final class Arrivals {
    /// By the event's number, in nanoseconds; 0 where none came.
    private(set) var times: [Int64]
    private(set) var count = 0

    init(of count: Int) { times = Array(repeating: 0, count: count) }

    func note(_ record: TestRecord) {
        guard let index = Sending.index(of: record), times[index] == 0 else { return }
        times[index] = nanoseconds()
        count += 1
    }
}
