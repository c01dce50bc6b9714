import HTTP

/// One of the things that must hold for a worker to be live, or ready.
struct HealthCheck {
    /// Which, and what is missing where it does not hold.
    let text: String
    let holds: Bool
}

extension Vitals {
    /// How long a lane may stand still before the process should be started again.
    private static let longestStillMs: Int64 = 30_000

    /// Whether each lane moves. A lane that waits for the broker does.
    func liveness(nowMs: Int64) -> [HealthCheck] {
        lanes.enumerated().map { lane, pulse in
            let still = pulse.stillMs(nowMs: nowMs)
            return still <= Self.longestStillMs
                ? HealthCheck(text: "lane \(lane) moves", holds: true)
                : HealthCheck(text: "lane \(lane) has not moved for \(still / 1000) s", holds: false)
        }
    }

    /// Whether each lane is in the group and has its shards, and the worker is not about to end.
    var readiness: [HealthCheck] {
        lanes.enumerated().map { lane, pulse in
            switch pulse.readiness {
            case .ready: HealthCheck(text: "lane \(lane) has all its partitions", holds: true)
            case .joining: HealthCheck(text: "lane \(lane) is not in the group", holds: false)
            case .restoring(let partitions):
                HealthCheck(text: "lane \(lane) has \(partitions) partitions to restore", holds: false)
            }
        } + [
            isDraining
                ? HealthCheck(text: "the worker was asked to stop", holds: false)
                : HealthCheck(text: "the worker was not asked to stop", holds: true)
        ]
    }
}

extension HTTPResponse {
    /// Health as a page: what does not hold is always named, the rest on request.
    init(_ checks: [HealthCheck], isVerbose: Bool) {
        let isWell = checks.allSatisfy(\.holds)
        let shown = checks.filter { isVerbose || !$0.holds }
        let lines = shown.map { "[\($0.holds ? "+" : "-")] \($0.text)\n" }.joined()
        self.init(isWell ? 200 : 503, lines + (isWell ? "ok\n" : "not ok\n"))
    }
}
