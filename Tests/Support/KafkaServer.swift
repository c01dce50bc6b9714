import Foundation
import Glibc
import Synchronization

/// A real Kafka broker for tests: one KRaft node on the loopback interface with a data folder of its own.
public final class KafkaServer: Sendable {
    /// What clients are given as `bootstrap.servers`.
    public let bootstrapServers: String

    /// The same for `users`, who must name themselves: SASL_SSL where the broker has a certificate, else SASL_PLAINTEXT.
    public let userServers: String

    /// The same for clients with a certificate (mTLS), where the broker has one.
    public let tlsServers: String

    private let folder: String
    private let settings: String
    private let purpose: Purpose
    private let broker: Mutex<ChildProcess?>

    /// What the broker's Java is tuned for.
    public enum Purpose: Sendable {
        /// A short life.
        case tests
        /// Speed, once it is warm, as in a real cluster.
        case benchmarks
    }

    private static let home = ProcessInfo.processInfo.environment["KAFKA_HOME"]

    /// True where a broker can be started: `KAFKA_HOME` names a folder with Kafka's `libs`.
    public static var available: Bool {
        home.map { FileManager.default.fileExists(atPath: $0 + "/libs") } ?? false
    }

    /// Why tests that need a broker are skipped.
    public static let reason = "set KAFKA_HOME to a folder with Kafka's libs, and have Java 17 on the PATH"

    private static let sharedServer = Mutex<Result<KafkaServer, any Error>?>(nil)

    /// The broker that all tests of this process share, started at the first call; it ends with the process.
    public static func shared() throws -> KafkaServer {
        try sharedServer.withLock { server in
            if server == nil { server = Result { try KafkaServer() } }
            return try server?.get() ?? KafkaServer()
        }
    }

    /// Formats a data folder, starts a broker and waits until it answers.
    ///
    /// - Parameters:
    ///   - properties: further broker properties, which win over the defaults for tests.
    ///   - purpose: what Java is tuned for.
    ///   - users: with their passwords. Of those who come to `userServers` the broker demands one of them (SASL/PLAIN),
    ///     and they may only do what ACLs allow; who comes to `bootstrapServers` may do all.
    ///   - certificates: its `broker` is the broker's own; clients of the authority `ca` may come to `tlsServers`, and are
    ///     called by their certificate's CN.
    ///   - proxy: carries what clients send to its own `bootstrapServers`; those of `bootstrapServers` go past it.
    /// - Throws: `TestFailure` with the last lines of the broker's log.
    public init(
        properties: [String: String] = [:], for purpose: Purpose = .tests, users: [String: String] = [:],
        certificates: TestCertificates? = nil, behind proxy: KafkaProxy? = nil
    ) throws {
        self.purpose = purpose
        let broker = try Self.freePort()
        let controller = try Self.freePort(besides: [broker])
        let guarded = try Self.freePort(besides: [broker, controller])
        let tls = try Self.freePort(besides: [broker, controller, guarded])
        bootstrapServers = "127.0.0.1:\(broker)"
        tlsServers = "127.0.0.1:\(tls)"
        userServers = "127.0.0.1:\(guarded)"
        folder = FileManager.default.temporaryDirectory.appending(path: "kafka-\(UUID().uuidString)").path
        settings = folder + "/server.properties"
        self.broker = Mutex(nil)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        OrphanGuard.shared.removeAtEnd(folder: folder)
        var all = Self.defaults(broker: broker, controller: controller, folder: folder)
            .merging(properties) { _, given in given }
        if let proxy {
            let port = try Self.freePort(besides: [broker, controller, guarded, tls])
            Self.addListener("PROXIED", at: port, advertising: proxy.port, to: &all)
            proxy.carry(toBrokerAt: port)
        }
        if let certificates { try Self.trust(certificates, at: tls, to: &all) }
        if !users.isEmpty { Self.admit(users, at: guarded, overTLS: certificates != nil, to: &all) }
        let text = all.map { "\($0.key)=\($0.value)\n" }.sorted().joined()
        try text.write(toFile: settings, atomically: true, encoding: .utf8)
        try format()
        try start()
    }

    deinit {
        try? kill9()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts the broker on the data it has, and waits until it answers.
    public func start() throws {
        try broker.withLock { running in
            if let running, running.isRunning { return }
            let child = try Self.java(purpose.flags + ["kafka.Kafka", settings])
            running = child
            try waitUntilItAnswers(child)
        }
    }

    /// Ends the broker in an orderly way.
    public func stop() throws {
        try broker.withLock { running in
            running?.terminate()
            _ = try running?.waitForExit(timeout: .seconds(60))
            running = nil
        }
    }

    /// Ends the broker at once, as a loss of power would for its process.
    public func kill9() throws {
        try broker.withLock { running in
            try running?.kill9()
            running = nil
        }
    }

    /// `stop`, then `start` on the same data and ports.
    public func restart() throws {
        try stop()
        try start()
    }

    /// Waits until the broker has ended by itself.
    public func waitForEnd(timeout: Duration = .seconds(60)) throws {
        _ = try broker.withLock { try $0?.waitForExit(timeout: timeout) }
    }

    /// The broker's process; 0 when none runs.
    public var processID: Int32 { broker.withLock { $0?.processID ?? 0 } }

    /// The last lines of the broker's log.
    public var log: String { broker.withLock { $0?.tail() ?? "" } }

    /// Stops (SIGSTOP) or continues (SIGCONT) the broker's process: an unresponsive broker.
    public func signal(_ number: Int32) { broker.withLock { $0?.signal(number) } }

    /// Changes the rules of what users may do, in the words of Kafka's own tool: `--add --deny-principal User:a ...`.
    public func changeAccess(_ words: [String]) throws {
        try Self.run(
            ["org.apache.kafka.tools.AclCommand", "--bootstrap-server", bootstrapServers, "--force"] + words)
    }

    private func format() throws {
        try Self.run(["kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", settings])
    }

    /// Runs one of Kafka's tools to its end.
    private static func run(_ tool: [String]) throws {
        let process = try java(Purpose.tests.flags + tool)
        guard try process.waitForExit(timeout: .seconds(60)) == 0 else {
            throw TestFailure("Kafka's \(tool[0]) failed:\n\(process.tail())")
        }
    }

    private func waitUntilItAnswers(_ child: ChildProcess) throws {
        let deadline = Deadline(after: .seconds(90))
        let admin = try TestAdmin(bootstrapServers: bootstrapServers)
        while !admin.answers(withinMs: 500) {
            guard child.isRunning else { throw TestFailure("Kafka ended at its start:\n\(child.tail())") }
            if deadline.isOver { throw TestFailure("Kafka did not answer within 90 s:\n\(child.tail())") }
        }
    }

    private static func java(_ arguments: [String]) throws -> ChildProcess {
        guard let home else { throw TestFailure(reason) }
        let flags = [
            "-Xshare:auto",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", home + "/libs/*",
        ]
        return try ChildProcess(
            executable: "/usr/bin/env", arguments: ["java"] + flags + arguments, linesKept: 1_000)
    }

    private static func defaults(broker: UInt16, controller: UInt16, folder: String) -> [String: String] {
        [
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": "1@127.0.0.1:\(controller)",
            "controller.listener.names": "CONTROLLER",
            "listeners": "PLAINTEXT://127.0.0.1:\(broker),CONTROLLER://127.0.0.1:\(controller)",
            "log.dirs": folder + "/data",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": "0",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "5",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "5",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            // Records with timestamps of long ago must not be deleted while a test reads them.
            "log.retention.ms": "-1",
            // Tests make many topics, and delete few.
            "log.cleaner.dedupe.buffer.size": "8388608",
            "log.segment.delete.delay.ms": "1000",
        ]
    }

    /// A port of the loopback interface below the range that outgoing connections take theirs from, so that a broker
    /// finds it free again when it is restarted.
    private static func freePort(besides taken: Set<UInt16> = []) throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 15_000..<32_000)
            if !taken.contains(port), (try? LoopbackSocket(listeningOn: port)) != nil { return port }
        }
        throw TestFailure("no free port on 127.0.0.1")
    }
}

extension KafkaServer.Purpose {
    fileprivate var flags: [String] {
        switch self {
        case .tests: ["-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        case .benchmarks: ["-Xms1g", "-Xmx1g"]
        }
    }
}
