import Foundation
import Oracle
import TestSupport
import Testing

/// What a running worker says of itself over HTTP.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct MonitoringTests {
    private static let anyPort = ["HTTP_ADDRESS": "127.0.0.1:0"]

    @Test func healthAndMetricsOfAWorker() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start("a", Self.anyPort.merging(["WORKER_LANES": "2"]) { $1 })
        let port = try worker.httpPort()
        try worker.waitUntilReady()
        #expect(try HTTPConnection.get("/livez", port: port).body == "ok\n")
        try run.wait(.seconds(10), "a ready worker") { try HTTPConnection.get("/readyz", port: port).status == 200 }
        let verbose = try HTTPConnection.get("/readyz?verbose", port: port).body
        #expect(verbose.contains("[+] lane 1 has all its partitions"), "\(verbose)")
        let asked = try WorkerProcess.run(["health", "--ready"], environment: ["HTTP_ADDRESS": "127.0.0.1:\(port)"])
        #expect(asked.exitCode == 0 && asked.lines.contains("ok"), "\(asked.lines)")
        #expect(try HTTPConnection.request("HEAD", "/metrics", port: port).body.isEmpty)
        #expect(try HTTPConnection.request("POST", "/metrics", port: port).status == 405)

        let good = run.recharge("R1")
        var bad = run.recharge("R2")
        bad.value = Array("{}".utf8)
        try run.publish([good, good, bad])
        try run.waitUntilIdle()
        try run.wait(.seconds(20), "each lane to describe what it has") {
            let metrics = try worker.metrics()
            return metrics[#"lag_records{topic="recharge-events"}"#] == 0
                && metrics["partitions"] == Double(CampaignRun.partitions)
                && metrics["subscribers"] == 1 && metrics["event_duration_seconds_count"] == 3
        }
        let metrics = try worker.metrics()
        for (sample, expected) in [
            (#"records_total{type="recharge",outcome="commanded"}"#, 1.0),
            (#"records_total{type="recharge",outcome="refused"}"#, 1), (#"refusals_total{reason="DUPLICATE"}"#, 1),
            (#"records_total{type="unreadable",outcome="dead"}"#, 1), (#"letters_total{reason="BAD_PAYLOAD"}"#, 1),
            (#"commands_total{command="grant"}"#, 1), ("sms_total", 1),
            (#"transactions_total{outcome="aborted"}"#, 0), ("ready", 1), ("live", 1),
        ] {
            #expect(metrics[sample] == expected, "\(sample)")
        }
        #expect(metrics[#"transactions_total{outcome="committed"}"#] == metrics["commit_duration_seconds_count"])
        #expect(metrics.page.firstMatch(of: /1[3-9]\d{9}/) == nil)
        if Promtool.isThere {
            let check = try Promtool.run(["check", "metrics"], input: metrics.page)
            #expect(check.status == 0 && check.output.isEmpty, "\(check.output)")
        }
        try run.stop(worker)
    }

    @Test func aPortInUseStopsTheStart() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let first = try run.start("a", Self.anyPort)
        let address = "127.0.0.1:\(try first.httpPort())"
        let second = try run.start("b", ["HTTP_ADDRESS": address])
        #expect(try second.waitForExit() == 78)
        #expect(
            second.lines.contains {
                $0.contains("HTTP_ADDRESS \(address) can't be listened on: Address already in use")
            }, "\(second.lines)")
        try first.waitUntilReady()
        try run.stop(first)
    }

    /// It is asked before it has found a broker.
    @Test func aWorkerThatStartsIsLiveAndNotReady() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let silent = try SilentListener()
        let worker = try run.start(
            "a", Self.anyPort.merging(["KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:\(silent.port)"]) { $1 })
        let port = try worker.httpPort()
        #expect(try HTTPConnection.get("/livez", port: port).status == 200)
        let ready = try HTTPConnection.get("/readyz", port: port)
        #expect(ready.status == 503)
        #expect(ready.body == "[-] lane 0 is not in the group\nnot ok\n")
        try worker.kill9()
    }

    /// 64 clients that send a byte now and then hold every connection for 10 s, and no longer.
    @Test func slowClientsDoNotStayForEver() throws {
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start("a", Self.anyPort)
        let port = try worker.httpPort()
        let began = ContinuousClock.now
        let held = try (0..<64).map { _ in try HTTPConnection(port: port) }
        for connection in held { connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nX: ") }
        let waiting = try HTTPConnection(port: port)
        waiting.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        while !waiting.waitForNews(atMostMs: 250), began.duration(to: .now) < .seconds(30) {
            for connection in held { connection.send("y") }
        }
        let waited = began.duration(to: .now)
        #expect(waited > .seconds(5) && waited < .seconds(20), "\(waited)")
        #expect(HTTPAnswer(try waiting.readToEnd()).body == "ok\n")
        for connection in held { #expect(try connection.readToEnd().isEmpty) }
        try worker.waitUntilReady()
        try run.stop(worker)
    }

    /// The worker is not to be started again for what the broker does not do.
    @Test func aBrokerThatHangsLeavesTheWorkerLive() throws {
        guard Proof.isLong else { return }
        let server = try KafkaServer()
        let run = try CampaignRun(CampaignRun.openCampaign(), on: server)
        let worker = try run.start("a", Self.anyPort)
        let port = try worker.httpPort()
        try worker.waitUntilReady()
        try run.publish([run.recharge("R1")])
        server.signal(SIGSTOP)
        defer { server.signal(SIGCONT) }
        let end = ContinuousClock.now + .seconds(45)
        let quiet = try HTTPConnection(port: port)
        while ContinuousClock.now < end {
            #expect(try HTTPConnection.get("/livez", port: port).status == 200)
            _ = quiet.waitForNews(atMostMs: 1000)
        }
        server.signal(SIGCONT)
        try run.waitUntilIdle()
        try run.stop(worker)
        #expect(try run.problems().isEmpty)
    }
}
