import Foundation
import TestSupport

/// Sends events at a rate that does not wait for anybody, and prints how long it took from the moment at which each was
/// to be sent until a reader of committed records had its command.
func measureLatency(_ rate: Int, _ options: Options) throws {
    let server = try KafkaServer(for: .benchmarks)
    let worker = try BenchWorker(options, on: server)
    try worker.start()
    let count = min(options.events, rate * 20)
    let sending = try Sending(worker, count: count, rate: rate, subscribers: options.subscribers)
    let reader = try TestReader(bootstrapServers: server.bootstrapServers, topic: worker.prefix + "bonus-credits")
    let ended = sending.start()
    var seen = 0
    var latencies: [Double] = []
    try reader.read(timeout: .seconds(120), what: "the last command") { records in
        let now = nanoseconds()
        for record in records[seen...] {
            guard let index = Sending.index(of: record), index > count / 10 else { continue }
            latencies.append(Double(now - sending.intended(index)) / 1e6)
        }
        seen = records.count
        return try ended() && latencies.count >= sending.expected
    }
    latencies.sort()
    func percentile(_ share: Double) -> String {
        rounded(latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))], 1)
    }
    print("events per second, sent             \(rate), commit interval \(options.commitMs) ms; load \(loadAverage())")
    print("commands seen, a tenth left out     \(latencies.count)")
    print("milliseconds: p50 \(percentile(0.5))  p99 \(percentile(0.99))  p99.9 \(percentile(0.999))")
    try worker.stop()
}
