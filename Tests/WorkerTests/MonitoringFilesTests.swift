import Foundation
import TestSupport
import Testing

/// Alerts and dashboard speak of metrics that there are, and of places in the runbook that there are.
@Suite struct MonitoringFilesTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: projectFolder.appending(path: path), encoding: .utf8)
    }

    /// The names of all samples.
    private static func samples() throws -> Set<String> {
        Set(try MetricsTests.page().matches(of: /(?m)^(recharge_worker_\w+)/).map { String($0.1) })
    }

    private static func named(in text: String) -> Set<String> {
        Set(text.matches(of: /recharge_worker_\w+/).map { String($0.0) })
    }

    @Test(arguments: ["deploy/grafana/worker.json", "deploy/prometheus/alerts.yaml"])
    func everyMetricExists(path: String) throws {
        let named = Self.named(in: try Self.text(path))
        #expect(named.count > 5)
        #expect(named.subtracting(try Self.samples()).isEmpty)
    }

    @Test func theDashboardShowsEveryMetric() throws {
        let known = try Self.samples().subtracting(try Self.helpers())
        let shown = Self.named(in: try Self.text("deploy/grafana/worker.json"))
        #expect(known.subtracting(shown).isEmpty)
    }

    /// What only alerts look at, or what a histogram's buckets say as well.
    private static func helpers() throws -> Set<String> {
        try samples().filter {
            $0.hasSuffix("_sum") || $0.hasSuffix("_count") || $0.hasSuffix("_timestamp_seconds")
        }
    }

    @Test func everyQueryOfTheDashboardIsWhole() throws {
        let json = try JSONSerialization.jsonObject(with: Data(try Self.text("deploy/grafana/worker.json").utf8))
        let panels = try #require((json as? [String: Any])?["panels"] as? [[String: Any]])
        let queries = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }.compactMap { $0["expr"] as? String }
        #expect(queries.count > 20)
        for query in queries {
            #expect(query.count { $0 == "(" } == query.count { $0 == ")" }, "\(query)")
            #expect(query.contains("recharge_worker_"))
        }
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
    }

    /// GitHub makes a heading's anchor of its words in lower case, with hyphens.
    @Test func everyAlertHasItsPlaceInTheRunbook() throws {
        let alerts = try Self.text("deploy/prometheus/alerts.yaml")
        let places = alerts.matches(of: /runbook: docs\/OPERATIONS\.md#([a-z-]+)\n/).map { String($0.1) }
        #expect(places.count == alerts.ranges(of: "- alert: ").count)
        let anchors = try Self.text("docs/OPERATIONS.md").matches(of: /(?m)^#+ (.+)$/).map {
            $0.1.lowercased().replacing(" ", with: "-")
        }
        #expect(Set(places).subtracting(anchors).isEmpty, "\(anchors)")
    }

    @Test(.enabled(if: Promtool.isThere, Comment(rawValue: Promtool.reason)))
    func alertsFireWhenTheyShould() throws {
        let folder = projectFolder.appending(path: "deploy/prometheus")
        let check = try Promtool.run(["check", "rules", folder.appending(path: "alerts.yaml").path])
        #expect(check.status == 0, "\(check.output)")
        let tests = try Promtool.run(["test", "rules", folder.appending(path: "alerts_test.yaml").path])
        #expect(tests.status == 0, "\(tests.output)")
        let alerts = try Self.text("deploy/prometheus/alerts.yaml").matches(of: /alert: (\w+)/).map { $0.1 }
        let tested = try Self.text("deploy/prometheus/alerts_test.yaml")
        for alert in alerts { #expect(tested.contains("alertname: \(alert)"), "\(alert)") }
    }
}
