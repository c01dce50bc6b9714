import TestSupport

/// Prints how long a start takes with the state of so many subscribers, and what memory they need.
func measureRestore(_ subscribers: Int, _ options: Options) throws {
    let server = try KafkaServer(for: .benchmarks)
    let worker = try BenchWorker(options, on: server)
    var source = BenchEvents(subscribers: subscribers)
    var subject = 0
    try worker.produce(subscribers) {
        defer { subject += 1 }
        return source.recharge(subject, at: subject % 3600)
    }
    let empty = try worker.start()
    try worker.waitUntilAllDone()
    print("memory behind the backlog, MB     \(rounded(try worker.residentMegabytes(), 0))")
    try worker.stop()
    let full = try worker.start()
    print("subscribers, one recharge each    \(subscribers)")
    print("start to ready, no state, s       \(rounded(empty))")
    print("start to ready, restored, s       \(rounded(full))")
    print("memory behind the restore, MB     \(rounded(try worker.residentMegabytes(), 0))")
    try worker.stop()
}
