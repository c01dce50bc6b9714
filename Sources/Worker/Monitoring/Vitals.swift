package import Campaign
import Synchronization

/// What others may know of a running worker: how its lanes are, and what they did. Lanes write it, HTTP reads it.
package final class Vitals: Sendable {
    let campaign: CampaignFile
    /// By lane.
    let lanes: [LanePulse]
    let figures: Mutex<Figures>
    private let stopRequested = Atomic<Bool>(false)

    /// Of a worker with so many lanes, none of which runs yet.
    package init(_ campaign: CampaignFile, lanes: Int) {
        self.campaign = campaign
        self.lanes = (0..<lanes).map { _ in LanePulse() }
        figures = Mutex(Figures(lanes: lanes))
    }

    /// True once the worker finishes what it has and ends.
    var isDraining: Bool { stopRequested.load(ordering: .relaxed) }

    /// Where the inputs ended a moment ago.
    func note(ends: [Lag.Place: Int64]) {
        let now = Clock.now().milliseconds
        figures.withLock { $0.lag.note(ends, $0.progress, nowMs: now) }
    }

    func drain() { stopRequested.store(true, ordering: .relaxed) }
}

/// Whether a lane moves, and what it lacks.
final class LanePulse: Sendable {
    /// Of the monotonic clock; `waiting` while only the broker can move the lane on.
    private let movedMs = Atomic<Int64>(waiting)
    private let state = Mutex(LaneDecisions.Readiness.joining)

    private static let waiting = Int64.max

    /// The lane turns to its next action.
    func move(nowMs: Int64) { movedMs.store(nowMs, ordering: .relaxed) }

    /// The lane waits for the broker as long as it takes, or does not run.
    func wait() { movedMs.store(Self.waiting, ordering: .relaxed) }

    /// How long the lane has not moved, in milliseconds.
    func stillMs(nowMs: Int64) -> Int64 {
        let moved = movedMs.load(ordering: .relaxed)
        return moved == Self.waiting ? 0 : nowMs - moved
    }

    var readiness: LaneDecisions.Readiness {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
