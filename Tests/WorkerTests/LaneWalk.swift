import Kafka

@testable import Worker

/// A lane's decisions and the world that they act in, with the way that led here.
struct LaneWalk {
    private(set) var decisions = LaneDecisions()
    private(set) var world = LaneWorld()
    private(set) var action = LaneDecisions.Action.connect
    private(set) var path: [(action: LaneDecisions.Action, outcome: LaneDecisions.Outcome)] = []

    /// Performs the action with this outcome; returns what is wrong with it, nil when nothing is.
    mutating func take(_ outcome: LaneDecisions.Outcome) -> String? {
        path.append((action, outcome))
        if let objection = world.objection(to: action) { return "\(objection): \(action)\n\(story)" }
        world.play(action, outcome)
        action = decisions.next(after: outcome)
        if case .stop(let stop) = action {
            world.play(action, .done)
            if stop.exitCode == .bug { return "stopped by a bug: \(stop.message)\n\(story)" }
            return objection(to: stop, after: outcome)
        }
        return nil
    }

    /// True when the lane has ended.
    var isOver: Bool { world.stop != nil }

    /// The way as lines, for failures.
    var story: String {
        (path.map { "\($0.action) -> \(Self.words($0.outcome))" } + ["\(action)"]).joined(separator: "\n")
    }

    /// Where this walk stands: two walks that stand alike go on alike.
    var place: String { "\(decisions)" }

    private func objection(to stop: Stop, after outcome: LaneDecisions.Outcome) -> String? {
        switch outcome {
        case .failed, .impossible: return stop.exitCode == .ok ? "a failure ends as if all were well\n\(story)" : nil
        default:
            guard stop.exitCode == .ok, world.stopRequested else { return "a stop that nobody asked for\n\(story)" }
            let isClean = world.transaction == .none && world.staged == nil && world.questions.isEmpty
            return isClean ? nil : "a stop with something open\n\(story)"
        }
    }

    /// What may come of the action that is next.
    func outcomes(of choices: LaneChoices) -> [LaneDecisions.Outcome] {
        let failures = choices.reactions.map { LaneDecisions.Outcome.failed($0, "failed") }
        switch action {
        case .connect, .begin, .produce, .sendOffsets, .renew, .rejoin: return [.done] + failures
        case .restore, .assign, .release, .rewind:
            // Calls of the consumer and the changelog: no transaction of theirs can be aborted.
            return [.done] + failures.filter { $0 != .failed(.abort, "failed") }
        case .adopt, .pause: return [.done]
        case .poll: return polls(choices).map { .polled($0) } + [.retry, .rejoin, .other].map { .failed($0, "failed") }
        case .decide(.positions): return [.decided(hasWork: true)]
        case .decide:
            return [.decided(hasWork: true), .decided(hasWork: false), .impossible(Stop(.badData, "unreadable"))]
        case .commit, .abort: return [0, 1, -1].map { .ended(unansweredRequests: $0) } + failures
        case .stop: return []
        }
    }

    /// What the group and the clock may bring now. The group takes only what was given.
    private func polls(_ choices: LaneChoices) -> [LaneDecisions.Polled] {
        func polled(_ change: (inout LaneDecisions.Polled) -> Void) -> LaneDecisions.Polled {
            var polled = LaneDecisions.Polled()
            change(&polled)
            return polled
        }
        func full(_ polled: inout LaneDecisions.Polled) {
            polled.records = 3
            polled.isComplete = true
        }
        let owned = world.owned.sorted()
        let free = choices.partitions.filter { !world.owned.contains($0) }
        var all = [polled { _ in }, polled { $0.rebalances = [.assigned([])] }, polled { $0.stopRequested = true }]
        if !free.isEmpty {
            all.append(polled { $0.rebalances = [.assigned(free)] })
            all.append(polled { $0.rebalances = [.assigned(free), .revoked([free[0]])] })
        }
        all.append(polled { $0.positionsAreOld = true })
        guard let first = owned.first else { return all }
        all.append(polled { $0.records = 3 })
        all.append(polled { full(&$0) })
        all.append(polled { $0.hasDueDeadlines = true })
        all.append(polled { $0.rebalances = [.revoked(owned)] })
        all.append(polled { $0.rebalances = [.lost(owned), .assigned([first])] })
        all.append(
            polled {
                full(&$0)
                $0.rebalances = [.revoked([first])] + (free.isEmpty ? [] : [.assigned([free[0]])])
                $0.hasDueDeadlines = true
                $0.positionsAreOld = true
                $0.stopRequested = true
            })
        return all
    }

    /// What comes when all goes well, and the process is asked to stop.
    var kindestOutcome: LaneDecisions.Outcome {
        switch action {
        case .poll:
            var polled = LaneDecisions.Polled()
            polled.stopRequested = true
            return .polled(polled)
        case .decide: return .decided(hasWork: true)
        case .commit, .abort: return .ended(unansweredRequests: 0)
        default: return .done
        }
    }

    private static func words(_ outcome: LaneDecisions.Outcome) -> String {
        guard case .polled(let polled) = outcome else { return "\(outcome)" }
        return
            "polled \(polled.rebalances) records: \(polled.records) complete: \(polled.isComplete) "
            + "due: \(polled.hasDueDeadlines) old: \(polled.positionsAreOld) stop: \(polled.stopRequested)"
    }
}

/// What a world may bring.
struct LaneChoices {
    var partitions: [Int32] = [1, 2]
    /// The reactions that a failed call may ask for, without those that end the lane at once.
    var reactions: [Reaction] = [.retry, .abort, .renew]
}
