import Foundation
import TestSupport

/// Sends events at a rate that does not wait for anybody, and prints how long it took from the moment at which each was
/// to be sent until a reader of committed records had its command. The first half warms up: the broker's Java takes 10 s
/// and more.
func measureLatency(_ rate: Int, _ options: Options) throws {
    let server = try KafkaServer(for: .benchmarks)
    let worker = try BenchWorker(options, on: server)
    try worker.start()
    let count = min(options.events, rate * 40)
    let sending = try Sending(worker, count: count, rate: rate, subscribers: options.subscribers)
    let reader = try TestReader(bootstrapServers: server.bootstrapServers, topic: worker.prefix + "bonus-credits")
    let ended = sending.start()
    // Looked at when all are there: meanwhile the reader has nothing to do but to read.
    var arrivals: [(records: Int, at: Int64)] = []
    try reader.read(timeout: .seconds(180), what: "the last command") { records in
        if records.count > arrivals.last?.records ?? 0 { arrivals.append((records.count, nanoseconds())) }
        return try ended() && records.count >= sending.expected
    }
    var latencies: [Double] = []
    var arrival = arrivals.startIndex
    for (position, record) in reader.records.enumerated() {
        if position == arrivals[arrival].records { arrival += 1 }
        guard let index = Sending.index(of: record), index >= count / 2 else { continue }
        latencies.append(Double(arrivals[arrival].at - sending.intended(index)) / 1e6)
    }
    latencies.sort()
    func percentile(_ share: Double) -> String {
        rounded(latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))], 1)
    }
    print("events per second, sent             \(rate), commit interval \(options.commitMs) ms; load \(loadAverage())")
    print("events a transaction                \(count / max(1, try worker.transactions()))")
    print("commands seen of the second half    \(latencies.count)")
    print("milliseconds: p50 \(percentile(0.5))  p99 \(percentile(0.99))  p99.9 \(percentile(0.999))")
    try worker.stop()
}
