import HTTP
import Kafka
import Testing

@testable import Worker

@Suite struct HealthTests {
    private static let now: Int64 = 1_000_000

    private func vitals(_ lanes: [LaneDecisions.Readiness], stillMs: [Int64] = []) throws -> Vitals {
        let vitals = Vitals(try exampleCampaign(), lanes: lanes.count)
        for (lane, readiness) in lanes.enumerated() { vitals.lanes[lane].readiness = readiness }
        for (lane, still) in stillMs.enumerated() { vitals.lanes[lane].move(nowMs: Self.now - still) }
        return vitals
    }

    private func live(_ vitals: Vitals, isVerbose: Bool = false) -> HTTPResponse {
        HTTPResponse(vitals.liveness(nowMs: Self.now), isVerbose: isVerbose)
    }

    @Test func lanesThatMoveAreLive() throws {
        let vitals = try vitals([.ready, .joining], stillMs: [0, 30_000])
        #expect(live(vitals) == HTTPResponse(200, "ok\n"))
        #expect(live(vitals, isVerbose: true) == HTTPResponse(200, "[+] lane 0 moves\n[+] lane 1 moves\nok\n"))
    }

    @Test func aLaneThatStandsStillIsNamed() throws {
        let vitals = try vitals([.ready, .ready], stillMs: [42_000, 0])
        #expect(live(vitals) == HTTPResponse(503, "[-] lane 0 has not moved for 42 s\nnot ok\n"))
    }

    /// Before it runs, and while only the broker can move it on.
    @Test func aLaneThatWaitsIsLive() throws {
        let vitals = try vitals([.ready], stillMs: [42_000])
        vitals.lanes[0].wait()
        #expect(live(vitals).status == 200)
        #expect(live(try self.vitals([.joining])).status == 200)
    }

    @Test func readyMeansAllPartitionsOfAllLanes() throws {
        #expect(HTTPResponse(try vitals([.ready, .ready]).readiness, isVerbose: false) == HTTPResponse(200, "ok\n"))
        #expect(
            HTTPResponse(try vitals([.ready, .joining, .restoring(3)]).readiness, isVerbose: false)
                == HTTPResponse(
                    503, "[-] lane 1 is not in the group\n[-] lane 2 has 3 partitions to restore\nnot ok\n"))
    }

    @Test func whoIsAskedToStopIsNotReady() throws {
        let vitals = try vitals([.ready])
        vitals.drain()
        let page = HTTPResponse(vitals.readiness, isVerbose: true)
        #expect(page.status == 503)
        #expect(page.body == "[+] lane 0 has all its partitions\n[-] the worker was asked to stop\nnot ok\n")
    }

    @Test func pathsAreThree() throws {
        let vitals = try vitals([.ready])
        #expect(["/livez", "/readyz", "/metrics"].allSatisfy { page($0, vitals).status == 200 })
        #expect(["/", "/livez/", "/metrics2", ""].allSatisfy { page($0, vitals).status == 404 })
    }

    private func page(_ path: String, _ vitals: Vitals) -> HTTPResponse {
        Endpoints.answer(HTTPRequest(path: path), vitals)
    }
}

/// What a lane lacks, as its decisions go on.
@Suite struct ReadinessTests {
    private func decisions(_ outcomes: [LaneDecisions.Outcome]) -> LaneDecisions {
        var decisions = LaneDecisions()
        for outcome in outcomes { _ = decisions.next(after: outcome) }
        return decisions
    }

    private static func assigned(_ partitions: [Int32]) -> LaneDecisions.Outcome {
        var polled = LaneDecisions.Polled()
        polled.rebalances = [.assigned(partitions)]
        return .polled(polled)
    }

    private static let start: [LaneDecisions.Outcome] = [.done, assigned([1, 2])]
    private static let ready =
        start + [
            .done, .done, .decided(hasWork: true), .done, .done, .done, .ended(unansweredRequests: 0), .done,
        ]
    private static let inCommit: [LaneDecisions.Outcome] = [
        .polled(complete), .decided(hasWork: true), .done, .done, .done,
    ]
    private static var complete: LaneDecisions.Polled {
        var polled = LaneDecisions.Polled()
        polled.records = 1
        polled.isComplete = true
        return polled
    }

    @Test func aLaneBecomesReadyOnceItsOffsetsAreCommitted() {
        #expect(decisions([]).readiness == .joining)
        #expect(decisions([.done]).readiness == .joining)
        #expect(decisions(Self.start).readiness == .restoring(2))
        for count in Self.start.count..<(Self.ready.count - 1) {
            #expect(decisions(Array(Self.ready.prefix(count))).readiness == .restoring(2))
        }
        #expect(decisions(Self.ready).readiness == .ready)
        #expect(decisions([.done, Self.assigned([]), .done]).readiness == .ready)
    }

    @Test func anAbortIsCountedAndLeavesItReady() {
        let failed = Self.ready + Self.inCommit + [.failed(.abort, "no")]
        #expect(decisions(failed).readiness == .ready)
        #expect(decisions(failed).failedTransactions == 1)
        #expect(decisions(failed + [.ended(unansweredRequests: 0), .done]).failedTransactions == 1)
    }

    @Test func aTransactionOfUnknownEndIsCountedAndMakesItRestore() {
        let failed = Self.ready + Self.inCommit + [.failed(.renew, "no")]
        #expect(decisions(failed).readiness == .restoring(2))
        #expect(decisions(failed).failedTransactions == 1)
    }

    @Test func aLostMembershipIsSaid() {
        #expect(decisions(Self.ready + [.failed(.rejoin, "no")]).readiness == .joining)
    }
}
