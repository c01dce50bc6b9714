import Foundation
import Testing
import Worker

@testable import Operations

@Suite struct ConfigVerbTests {
    private static let environment = [
        "KAFKA_BOOTSTRAP_SERVERS": "h:1", "WORKER_LANES": "2", "COMMIT_INTERVAL_MS": "20", "WORKER_ID": "w",
        "KAFKA_SASL_PASSWORD": "open-sesame", "KAFKA_SSL_KEY_LOCATION": "/run/key.pem", "KAFKA_HOME": "/opt/kafka",
        "PATH": "/bin",
    ]

    private func outcome(_ line: String, _ environment: [String: String] = environment) -> Outcome {
        Program.outcome(arguments: line.split(separator: " ").map(String.init), environment: environment)
    }

    /// The table's lines as words.
    private func rows(_ outcome: Outcome) -> [[Substring]] { outcome.output.map { $0.split(separator: " ") } }

    @Test func everySettingHasItsValueAndItsSource() {
        let shown = outcome("config --worker-lanes 3 --kafka-client-id me")
        #expect(shown.exitCode == .ok && shown.errors.isEmpty, "\(shown.errors)")
        let rows = rows(shown)
        for row in [
            ["KAFKA_BOOTSTRAP_SERVERS", "environment", "h:1"], ["CAMPAIGN_FILE", "default", "campaign.yaml"],
            ["WORKER_LANES", "flag", "3"], ["COMMIT_INTERVAL_MS", "environment", "20"],
            ["TOPICS_PREFIX", "default", "(empty)"], ["HTTP_ADDRESS", "default", "127.0.0.1:8080"],
            ["KAFKA_CLIENT_ID", "flag", "me"], ["KAFKA_SSL_KEY_LOCATION", "environment", "/run/key.pem"],
            ["KAFKA_SASL_PASSWORD", "environment", "(hidden)"],
        ] { #expect(rows.contains(row.map { $0[...] }), "\(row) in \(shown.output)") }
        #expect(Setting.all.allSatisfy { setting in rows.contains { $0.first == setting.name[...] } })
        #expect(!shown.output.contains { $0.hasPrefix("KAFKA_HOME") || $0.hasPrefix("PATH") })
    }

    @Test(arguments: [
        "KAFKA_SASL_PASSWORD", "KAFKA_SSL_KEY_PASSWORD", "KAFKA_SSL_KEYSTORE_PASSWORD", "KAFKA_SSL_KEY_PEM",
        "KAFKA_SSL_CERTIFICATE_PEM", "KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET", "KAFKA_SASL_OAUTHBEARER_CONFIG",
        "KAFKA_SASL_JAAS_CONFIG", "KAFKA_SSL_KEY", "KAFKA_SSL_KEYPASSWORD", "KAFKA_SASL_PASWORD_SECRET",
    ])
    func secretsAreHidden(_ name: String) {
        for line in ["config", "config --json"] {
            let shown = outcome(line, ["KAFKA_BOOTSTRAP_SERVERS": "h:1", name: "open-sesame"])
            #expect(shown.output.contains { $0.contains(name) }, "\(shown.output)")
            #expect(!(shown.output + shown.errors).contains { $0.contains("sesame") }, "\(shown)")
        }
    }

    @Test func theJSONFormHasTheSame() throws {
        struct Report: Decodable {
            struct Entry: Decodable, Equatable {
                let name: String
                let property: String?
                let source: String
                let value: String?
            }
            let settings: [Entry]
        }
        let shown = outcome("config --json --worker-group=a\"b")
        let report = try JSONDecoder().decode(Report.self, from: Data(shown.output.joined().utf8))
        #expect(report.settings.count == Setting.all.count + 2)
        for entry in [
            Report.Entry(name: "WORKER_LANES", property: nil, source: "environment", value: "2"),
            .init(name: "WORKER_GROUP", property: nil, source: "flag", value: "a\"b"),
            .init(name: "TOPICS_PREFIX", property: nil, source: "default", value: ""),
            .init(name: "KAFKA_SASL_PASSWORD", property: "sasl.password", source: "environment", value: nil),
        ] { #expect(report.settings.contains(entry), "\(entry)") }
    }

    @Test func whatRunWouldRefuseIsShownAndSaid() {
        let bad = outcome("config", ["WORKER_LANES": "many"])
        #expect(rows(bad).contains(["WORKER_LANES", "environment", "many"]))
        #expect(bad.exitCode == .badConfiguration)
        #expect(bad.errors.count == 2, "\(bad.errors)")
        #expect(outcome("config --worker-lanes many").exitCode == .usage)
    }

    @Test func aValueStaysOneLine() {
        let shown = outcome("config", ["KAFKA_BOOTSTRAP_SERVERS": "h:1\u{1B}[2J\nx"])
        #expect(shown.output.count == Setting.all.count)
        #expect(!shown.output.joined().contains("\u{1B}"))
    }
}
