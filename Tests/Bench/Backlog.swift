import TestSupport

/// What a run over a backlog cost, warm-up left out. Records are events, and the mail that accepted assists lead to.
struct BacklogFigures: CustomStringConvertible {
    var cpuPerMillionRecords: Double
    var recordsPerSecond: Double
    var brokerPerMillionRecords: Double

    var description: String {
        "\(rounded(cpuPerMillionRecords))  \(rounded(brokerPerMillionRecords))  \(rounded(recordsPerSecond, 0))"
    }
}

/// Prints what one run over a backlog costs.
func measureBacklog(_ options: Options) throws {
    let server = try KafkaServer(for: .benchmarks)
    _ = try runBacklog(options, on: server, warm: options.events / 2, prints: true)
}

/// Fills the topics, lets the worker decide it all, and measures behind the first `warm` records.
func runBacklog(_ options: Options, on server: KafkaServer, warm: Int, prints: Bool) throws -> BacklogFigures {
    let worker = try BenchWorker(options, on: server)
    var source = BenchEvents(subscribers: options.subscribers, isHot: options.isHot)
    try worker.produce(options.events) { source.next() }
    let load = loadAverage()
    try worker.start()
    try worker.waitUntilDone(Int64(warm))
    // A transaction may have carried it further.
    let first = try worker.recordsDone()
    let (started, cpu, broker) = (nanoseconds(), try worker.cpuSeconds(), try cpuTime(of: server.processID))
    try worker.waitUntilAllDone()
    let last = try worker.recordsDone()
    let millions = Double(last - first) / 1e6
    let figures = BacklogFigures(
        cpuPerMillionRecords: (try worker.cpuSeconds() - cpu) / millions,
        recordsPerSecond: millions * 1e9 * 1e6 / Double(nanoseconds() - started),
        brokerPerMillionRecords: (try cpuTime(of: server.processID) - broker) / millions)
    if prints {
        print("events                      \(options.events), \(warm) of them to warm up; load before: \(load)")
        print("lanes, commit interval      \(options.lanes), \(options.commitMs) ms")
        let records = Double(last) / Double(options.events)
        print("records read an event       \(rounded(records))")
        print("events a transaction        \(options.events / max(1, try worker.transactions()))")
        print("CPU-s per million events    \(rounded(figures.cpuPerMillionRecords * records))")
        print("events per second           \(rounded(figures.recordsPerSecond / records, 0))")
        print("broker's CPU-s per million  \(rounded(figures.brokerPerMillionRecords * records))")
        print("worker's memory, MB         \(rounded(try worker.residentMegabytes(), 0))")
        // Markers of transactions included.
        for topic in ["bonus-credits", "sms-notifications", "campaign-mail", "campaign-state", "campaign-stats"] {
            print(
                "records out an event        \(rounded(Double(try worker.records(of: topic)) / Double(options.events))) \(topic)"
            )
        }
    }
    try worker.stop()
    return figures
}
