import Foundation
import Glibc
import TestSupport

/// A campaign of the benchmark on a broker: its topics under a prefix of their own, so that every run begins anew.
final class BenchWorker {
    static let partitions: Int32 = 12
    private static let inputs = ["recharge-events", "assist-events", "campaign-mail"]

    let server: KafkaServer
    let prefix = "bench\(UInt32.random(in: 0 ... .max))-"
    private let options: Options
    private let offsets: GroupOffsets
    private var process: WorkerProcess?

    init(_ options: Options, on server: KafkaServer) throws {
        self.options = options
        self.server = server
        offsets = try GroupOffsets(bootstrapServers: server.bootstrapServers, group: prefix + "group")
        let made = try WorkerProcess.run(["topics", "create"], environment: environment)
        guard made.exitCode == 0 else { throw TestFailure("topics create: \(made.lines)") }
    }

    private var environment: [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": server.bootstrapServers, "TOPICS_PREFIX": prefix,
            "TOPICS_PARTITIONS": "\(Self.partitions)", "WORKER_ID": prefix + "worker",
            "WORKER_GROUP": prefix + "group", "WORKER_LANES": "\(options.lanes)", "HTTP_ADDRESS": "off",
            "COMMIT_INTERVAL_MS": "\(options.commitMs)", "CAMPAIGN_FILE": benchFolder + "/campaign.yaml",
        ]
    }

    /// Starts the worker; the seconds until all partitions are restored.
    @discardableResult
    func start() throws -> Double {
        let started = nanoseconds()
        let process = try WorkerProcess(arguments: ["run"], environment: environment)
        self.process = process
        try process.waitUntilReady(timeout: .seconds(120))
        return Double(nanoseconds() - started) / 1e9
    }

    /// Ends it in an orderly way.
    func stop() throws {
        process?.terminate()
        guard let code = try process?.waitForExit(), code == 0 else {
            throw TestFailure("the worker did not end with 0")
        }
        process = nil
    }

    /// Produces events to the input topics.
    func produce(_ count: Int, _ next: () -> BenchEvents.Record) throws {
        try fill(server, prefix: prefix, count, next)
    }

    /// Records that were read, mail between shards included, and whose decisions are committed.
    func recordsDone() throws -> Int64 {
        try Self.inputs.reduce(0) { sum, topic in
            try offsets.committed(prefix + topic, partitions: Self.partitions).reduce(sum) { $0 + max(0, $1) }
        }
    }

    /// Waits until so many records are done.
    func waitUntilDone(_ count: Int64) throws {
        try wait("\(count) records are done") { try self.recordsDone() >= count }
    }

    /// Waits until every input topic is read to its end. The last that a partition of mail holds are markers of the
    /// transactions that wrote there, one of each lane at most, and no position need be behind them.
    func waitUntilAllDone() throws {
        try wait("all topics are read") {
            try Self.inputs.allSatisfy { topic in
                let done = try self.offsets.committed(self.prefix + topic, partitions: Self.partitions)
                let ends = try self.offsets.ends(self.prefix + topic, partitions: Self.partitions)
                return zip(done, ends).allSatisfy {
                    $0 >= $1 - Int64(topic == "campaign-mail" ? self.options.lanes : 0)
                }
            }
        }
    }

    private func wait(_ what: String, until isDone: () throws -> Bool) throws {
        let deadline = Deadline(after: .seconds(600))
        while try !isDone() {
            guard process?.process.isRunning == true else { throw TestFailure("the worker ended:\n\(tail)") }
            if deadline.isOver { throw TestFailure("it did not come so far within 10 minutes that \(what)") }
            offsets.pause()
        }
    }

    /// Records in a topic, markers of transactions included.
    func records(of topic: String) throws -> Int64 {
        try offsets.ends(prefix + topic, partitions: Self.partitions).reduce(0, +)
    }

    /// Transactions so far: each leaves a marker behind the offsets that it sent. No other group is on the broker.
    func transactions() throws -> Int {
        let topic = "__consumer_offsets"
        let partitions = try TestAdmin(bootstrapServers: server.bootstrapServers).partitions(of: topic)
        let reader = try TestReader(bootstrapServers: server.bootstrapServers, topic: topic)
        try reader.readToEnd()
        return Int(try offsets.ends(topic, partitions: partitions).reduce(0, +)) - reader.records.count
    }

    /// CPU time so far, in seconds.
    func cpuSeconds() throws -> Double { try cpuTime(of: process?.process.processID ?? 0) }

    /// Memory in MB.
    func residentMegabytes() throws -> Double { try memoryInUse(of: process?.process.processID ?? 0) }

    private var tail: String { process?.process.tail() ?? "" }
}

/// Memory of a process in MB.
func memoryInUse(of processID: Int32) throws -> Double {
    let status = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return (Double(line.filter(\.isNumber)) ?? .nan) / 1024
}

/// CPU time of a process so far, in seconds, of all its threads, in user and system mode.
func cpuTime(of processID: Int32) throws -> Double {
    let text = try String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8)
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return .nan }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// The machine's load over the last minute.
func loadAverage() -> String {
    (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first.map(String.init) ?? "?"
}
