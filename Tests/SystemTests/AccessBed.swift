import Foundation
import TestSupport

/// A broker with TLS and ACLs that the tests of access share, and certificates and passwords for those who come.
final class AccessBed: Sendable {
    static let shared = Result { try AccessBed() }
    static let roles = ["worker", "billing", "pages", "gateway", "ops", "monitoring", "admin"]
    static let password = "of-the-worker"

    let certificates: TestCertificates
    let server: KafkaServer
    /// Kafka's own tool, under the name that its archive gives it.
    private let tool: String

    private init() throws {
        certificates = try TestCertificates()
        try certificates.issue("broker", address: "127.0.0.1")
        for role in Self.roles { try certificates.issue(role) }
        server = try KafkaServer(users: ["worker": Self.password], certificates: certificates)
        let folder = FileManager.default.temporaryDirectory.appending(path: "tools-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        tool = folder + "/kafka-acls.sh"
        try """
        #!/bin/sh
        exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -cp "$KAFKA_HOME/libs/*" org.apache.kafka.tools.AclCommand "$@"

        """.write(toFile: tool, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)
    }

    deinit { try? FileManager.default.removeItem(atPath: (tool as NSString).deletingLastPathComponent) }

    /// Runs `deploy/kafka/acls` for a run's topics and group; what it wrote.
    @discardableResult
    func acls(_ words: [String], for run: CampaignRun) throws -> [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try Self.acls(
            words,
            [
                "PATH": (tool as NSString).deletingLastPathComponent + ":" + path,
                "KAFKA_BOOTSTRAP_SERVERS": server.bootstrapServers, "TOPICS_PREFIX": run.prefix,
                "WORKER_GROUP": run.group,
            ])
    }

    /// Runs `deploy/kafka/acls`; what it wrote.
    static func acls(_ words: [String], _ environment: [String: String] = [:]) throws -> [String] {
        let process = try ChildProcess(
            executable: root.appending(path: "deploy/kafka/acls").path, arguments: words,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
        guard try process.waitForExit(timeout: .seconds(120)) == 0 else {
            throw TestFailure("deploy/kafka/acls failed:\n\(process.tail())")
        }
        return process.lines
    }

    /// The project's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Strimzi's resource for a role.
    static func strimzisUser(_ role: String) throws -> String {
        let users = try String(
            contentsOf: root.appending(path: "deploy/kubernetes/strimzi/users.yaml"), encoding: .utf8)
        let user = users.components(separatedBy: "\n---\n").first { $0.contains("\n  name: recharge-\(role)\n") }
        guard let user else { throw TestFailure("\(role) is no KafkaUser") }
        return user
    }

    /// Settings of who comes with a certificate.
    func certified(_ name: String) -> [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": server.tlsServers, "KAFKA_SECURITY_PROTOCOL": "ssl",
            "KAFKA_SSL_CA_LOCATION": certificates.certificate("ca"),
            "KAFKA_SSL_CERTIFICATE_LOCATION": certificates.certificate(name),
            "KAFKA_SSL_KEY_LOCATION": certificates.key(name),
        ]
    }

    /// Settings of the user `worker`, who comes with a password.
    func authenticated(password: String = AccessBed.password) -> [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": server.userServers, "KAFKA_SECURITY_PROTOCOL": "sasl_ssl",
            "KAFKA_SSL_CA_LOCATION": certificates.certificate("ca"), "KAFKA_SASL_MECHANISM": "PLAIN",
            "KAFKA_SASL_USERNAME": "worker", "KAFKA_SASL_PASSWORD": password,
        ]
    }

    /// Tries what a role may do.
    func probe(_ role: String, group: String = "probe") throws -> AccessProbe {
        var properties: [String: String] = [:]
        for (name, value) in certified(role) {
            properties[name.dropFirst("KAFKA_".count).lowercased().replacing("_", with: ".")] = value
        }
        return try AccessProbe(properties, group: group)
    }
}
