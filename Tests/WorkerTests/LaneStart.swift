import Kafka
import Testing

@testable import Worker

/// Where a test of a lane begins: a way that must go well.
struct LaneStart: Sendable, CustomTestStringConvertible {
    let name: String
    let outcomes: [LaneDecisions.Outcome]
    let depth: Int

    var testDescription: String { name }

    /// The way there.
    func walk() throws -> LaneWalk {
        var walk = LaneWalk()
        for outcome in outcomes {
            let objection = walk.take(outcome)
            try #require(objection == nil)
        }
        return walk
    }

    /// Two partitions are assigned and their positions announced: next comes a poll.
    static let announced: [LaneDecisions.Outcome] = [
        .done, .polled(assignment), .done, .done, .decided(hasWork: true), .done, .done, .done,
        .ended(unansweredRequests: 0), .done,
    ]

    private static var assignment: LaneDecisions.Polled {
        var polled = LaneDecisions.Polled()
        polled.rebalances = [.assigned([1, 2])]
        return polled
    }

    /// Calls that fail each time.
    enum Failure: Sendable, CaseIterable {
        case connect, begin, produce, sendOffsets, commit, restore, assign, release, rewind

        func concerns(_ action: LaneDecisions.Action) -> Bool {
            switch (self, action) {
            case (.connect, .connect), (.begin, .begin), (.produce, .produce), (.sendOffsets, .sendOffsets),
                (.commit, .commit), (.restore, .restore), (.assign, .assign), (.release, .release), (.rewind, .rewind):
                true
            default: false
            }
        }

        /// The outcome that leads to the call that fails; polls find full batches, or what the group wants.
        func leading(_ walk: LaneWalk) -> LaneDecisions.Outcome {
            switch walk.action {
            case .poll:
                var polled = LaneDecisions.Polled()
                polled.records = 3
                polled.isComplete = true
                if self == .restore || self == .assign { polled.rebalances = [.assigned([3])] }
                if self == .release { polled.rebalances = [.revoked([1])] }
                return .polled(polled)
            case .decide: return .decided(hasWork: true)
            // Only what failed in its commit is connected anew, or rewound.
            case .commit where self == .connect: return .ended(unansweredRequests: 1)
            case .commit where self == .rewind: return .failed(.abort, "no")
            case .commit, .abort: return .ended(unansweredRequests: 0)
            default: return .done
            }
        }
    }

    static let failures = Failure.allCases
}
