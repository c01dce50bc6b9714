import Foundation
import Oracle
import TestSupport
import Testing

/// TLS and passwords: what works, what each mistake is called, and that no secret is told.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct TransportTests {
    @Test func campaignsRunWithCertificatesAndWithPasswords() throws {
        let bed = try AccessBed.shared.get()
        let run = try CampaignRun(CampaignRun.openCampaign(), on: bed.server)
        try bed.acls(["worker"], for: run)
        let history = run.history(events: 600, seed: 8)
        try run.adopt(history)
        let half = history.records.count / 2
        for (settings, records) in [
            (bed.certified("worker"), history.records[..<half]), (bed.authenticated(), history.records[half...]),
        ] {
            let worker = try run.start("a", settings)
            try run.publish(records)
            try run.waitUntilIdle()
            try run.stop(worker)
        }
        let problems = try run.problems()
        #expect(problems.isEmpty, "\(problems.count) differences: \(problems.prefix(5))")
    }

    /// A mistake in settings or certificates, and what the one line about it says.
    private struct Mistake {
        let change: [String: String]
        let exitCode: Int32
        let words: [String]
    }

    @Test func eachMistakeGivesOneClearLine() throws {
        let bed = try AccessBed.shared.get()
        let certificates = bed.certificates
        try certificates.issue("worker", file: "expired", days: -1)
        try certificates.addAuthority("other")
        try certificates.issue("worker", file: "stranger", by: "other")
        let port = bed.server.tlsServers.split(separator: ":").last ?? ""
        let plain = bed.server.bootstrapServers
        let mistakes = [
            Mistake(
                change: bed.certified("expired"), exitCode: 78, words: ["refuse our certificate", "not expired"]),
            Mistake(change: bed.certified("stranger"), exitCode: 78, words: ["refuse our certificate", "CA"]),
            Mistake(
                change: ["KAFKA_SSL_CERTIFICATE_LOCATION": "", "KAFKA_SSL_KEY_LOCATION": ""], exitCode: 78,
                words: ["refuse our certificate", "ssl.certificate.location"]),
            Mistake(
                change: ["KAFKA_SSL_CA_LOCATION": certificates.certificate("other")], exitCode: 78,
                words: ["of a CA that ssl.ca.location does not hold"]),
            Mistake(
                change: ["KAFKA_BOOTSTRAP_SERVERS": "localhost:\(port)"], exitCode: 78,
                words: ["for another host name", "bootstrap.servers"]),
            Mistake(
                change: ["KAFKA_SSL_KEY_LOCATION": "none.key"], exitCode: 78, words: ["can't read none.key: No such"]),
            Mistake(
                change: ["KAFKA_SSL_CA_LOCATION": "none.pem"], exitCode: 78, words: ["can't read none.pem: No such"]),
            Mistake(
                change: ["KAFKA_SSL_KEY_LOCATION": certificates.key("billing")], exitCode: 78,
                words: ["ssl.key.location", "key values mismatch"]),
            Mistake(change: ["KAFKA_BOOTSTRAP_SERVERS": plain], exitCode: 69, words: ["no TLS", "security.protocol"]),
            Mistake(change: ["KAFKA_SECURITY_PROTOCOL": "plaintext"], exitCode: 69, words: ["security.protocol"]),
            Mistake(change: bed.authenticated(password: "wrong"), exitCode: 77, words: ["sasl.password"]),
        ]
        let run = try CampaignRun(CampaignRun.openCampaign(), on: bed.server)
        let workers = try mistakes.map { try run.start("a", bed.certified("worker").merging($0.change) { $1 }) }
        for (mistake, worker) in zip(mistakes, workers) {
            #expect(try worker.waitForExit(timeout: .seconds(60)) == mistake.exitCode, "\(worker.lines)")
            #expect(worker.lines.count == 1, "\(worker.lines)")
            let line = worker.lines.last ?? ""
            for words in mistake.words { #expect(line.contains(words), "\(line)") }
        }
    }

    @Test func aBrokersCertificateThatExpiredIsCalledSo() throws {
        let certificates = try TestCertificates()
        try certificates.issue("broker", days: -1, address: "127.0.0.1")
        let server = try KafkaServer(certificates: certificates)
        let check = try WorkerProcess.run(
            ["topics", "check"],
            environment: [
                "KAFKA_BOOTSTRAP_SERVERS": server.tlsServers, "KAFKA_SECURITY_PROTOCOL": "ssl",
                "KAFKA_SSL_CA_LOCATION": certificates.certificate("ca"),
            ])
        #expect(check.exitCode == 78)
        #expect(check.lines.count == 1 && check.lines[0].contains("it has expired"), "\(check.lines)")
    }

    @Test func secretsAreNotTold() throws {
        let bed = try AccessBed.shared.get()
        let run = try CampaignRun(CampaignRun.openCampaign(), on: bed.server)
        let secret = "planted-\(UInt32.random(in: 0 ... .max))"
        let settings = bed.authenticated(password: secret).merging([
            "KAFKA_SSL_KEY_PASSWORD": secret, "KAFKA_SSL_KEYSTORE_PASSWORD": secret, "KAFKA_DEBUG": "all",
            "KAFKA_LOG_LEVEL": "7", "LOG_LEVEL": "debug",
        ]) { $1 }
        let others = [
            settings, settings.merging(["KAFKA_SASL_MECHANISM": "SCRAM-SHA-512"]) { $1 },
            // A key may be given as text; this is none.
            settings.merging(["KAFKA_SSL_KEY_PEM": secret]) { $1 },
        ]
        let verbs = [
            ["run"], ["config"], ["config", "--json"], ["topics", "check"], ["letters", "groups"], ["--help"],
            ["run", "--help"],
        ]
        let processes = try others.flatMap { settings in
            try verbs.map { try WorkerProcess(arguments: $0, environment: run.environment(worker: "a", settings)) }
        }
        for process in processes {
            _ = try process.waitForExit(timeout: .seconds(90))
            #expect(!process.lines.isEmpty)
            let told = process.lines.filter { $0.contains(secret) }
            #expect(told.isEmpty, "\(told)")
        }
    }
}
