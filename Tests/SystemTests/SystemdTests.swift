import TestSupport
import Testing

/// What systemd hears of a worker that it started as a unit of `Type=notify`.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct SystemdTests {
    @Test func aWorkerSaysWhenItIsReadyAndWhenItStops() throws {
        let systemd = try NotificationSocket()
        let run = try CampaignRun(CampaignRun.openCampaign())
        let worker = try run.start("a", ["WORKER_LANES": "2", "NOTIFY_SOCKET": systemd.name])
        try worker.waitUntilReady()
        #expect(systemd.next(atMostMs: 10_000) == "READY=1")
        #expect(systemd.next(atMostMs: 0) == nil)
        try run.stop(worker)
        #expect(systemd.next(atMostMs: 0) == "STOPPING=1")
        #expect(systemd.next(atMostMs: 0) == nil)
    }
}
