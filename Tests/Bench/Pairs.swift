import Foundation
import TestSupport

/// Runs the worker and the Kafka Streams yardstick in turn, on one broker, and prints the pairs' ratios. Both count what
/// they read: events, and what one subscriber's partition tells another's.
func measurePairs(_ count: Int, _ options: Options) throws {
    guard let yardstick = ProcessInfo.processInfo.environment["YARDSTICK"] else {
        throw TestFailure("YARDSTICK must name the yardstick's command")
    }
    let server = try KafkaServer(for: .benchmarks)
    let warm = options.events / 2
    try fillYardstick(options, on: server)
    var cpu: [Double] = []
    var speed: [Double] = []
    print("Each: CPU-s per million records, its broker's, and records per second.")
    print("pair   worker             yardstick           CPU ratio  speed ratio   load")
    for pair in 1...count {
        let load = loadAverage()
        let ours = try runBacklog(options, on: server, warm: warm, prints: false)
        let theirs = try runYardstick(yardstick, options, on: server, warm: warm)
        cpu.append(theirs.cpuPerMillionRecords / ours.cpuPerMillionRecords)
        speed.append(ours.recordsPerSecond / theirs.recordsPerSecond)
        print(
            "\(pair)      \(ours)   \(theirs)   \(rounded(cpu[pair - 1]))       \(rounded(speed[pair - 1]))          \(load)"
        )
    }
    print("CPU per record, yardstick to worker: median \(rounded(median(cpu))), \(range(cpu))")
    print("records per second, worker to yardstick: median \(rounded(median(speed))), \(range(speed))")
}

private func range(_ values: [Double]) -> String {
    "\(rounded(values.min() ?? .nan)) to \(rounded(values.max() ?? .nan))"
}

/// The yardstick has no prefix: its topics are filled once, and each of its runs has a group of its own.
private func fillYardstick(_ options: Options, on server: KafkaServer) throws {
    let admin = try TestAdmin(bootstrapServers: server.bootstrapServers)
    let topics = [
        "recharge-events", "assist-events", "ks-helper-rewards", "ks-bonus-credits", "ks-sms-notifications",
        "ks-dead-letters",
    ]
    for topic in topics { try admin.createTopic(topic, partitions: BenchWorker.partitions) }
    var source = BenchEvents(subscribers: options.subscribers, isHot: options.isHot)
    try fill(server, options.events) { source.next() }
}

/// One run of the yardstick, which prints its own figures.
private func runYardstick(
    _ command: String, _ options: Options, on server: KafkaServer, warm: Int
) throws -> BacklogFigures {
    let process = try ChildProcess(
        executable: command,
        arguments: [
            server.bootstrapServers, "\(options.lanes)", "memory", "\(options.events)", "\(options.commitMs)",
            "\(warm)",
        ],
        // Compressed as the worker's producer does.
        environment: ProcessInfo.processInfo.environment.merging(["CODEC": "lz4"]) { _, ours in ours })
    let broker = try cpuTime(of: server.processID)
    _ = try process.waitForExit(timeout: .seconds(600))
    let text = process.tail()
    func figure(_ name: String) throws -> Double {
        guard let match = text.range(of: name + "=[0-9.]+", options: .regularExpression),
            let value = Double(text[match].dropFirst(name.count + 1))
        else { throw TestFailure("the yardstick printed no \(name): \(text)") }
        return value
    }
    return BacklogFigures(
        cpuPerMillionRecords: try figure("cpu_s_per_million"), recordsPerSecond: try figure("records/s"),
        // From the yardstick's start on: the broker was warm before.
        brokerPerMillionRecords: (try cpuTime(of: server.processID) - broker) / (Double(options.events) / 1e6)
    )
}
