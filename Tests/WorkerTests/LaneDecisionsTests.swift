import Kafka
import TestSupport
import Testing

@testable import Worker

/// Exactly-once, as laws that hold whatever fails and in whatever order: `LaneWorld.objection` names them.
@Suite struct LaneLaws {
    /// Every sequence of outcomes from the start, and from each place that a lane stands at between two transactions.
    @Test(arguments: [
        LaneStart(name: "a new lane", outcomes: [], depth: 20),
        LaneStart(name: "nothing assigned", outcomes: [.done], depth: 20),
        LaneStart(name: "two partitions announced", outcomes: LaneStart.announced, depth: 16),
    ])
    func `no sequence of outcomes breaks a law`(start: LaneStart) throws {
        let walk = try start.walk()
        var search = LaneSearch()
        search.explore(from: walk, depth: start.depth)
        #expect(search.objections.isEmpty, "\(start.name): \(search.objections.prefix(3).joined(separator: "\n\n"))")
        #expect(search.places > 1_000, "\(start.name): \(search.places) places were seen")
    }

    /// Far deeper than every sequence can be walked.
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `no random walk breaks a law`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var walk = LaneWalk()
        let patience = Int.random(in: 50...99, using: &random)
        for _ in 0..<500 where !walk.isOver {
            let outcomes = walk.outcomes(of: LaneChoices(reactions: [.retry, .abort, .renew, .unreachable, .other]))
            // Mostly well, so that walks are long; the first outcome is the good one.
            let outcome = random.chance(patience) && walk.action != .poll ? outcomes[0] : random.pick(outcomes)
            if let objection = walk.take(outcome) {
                Issue.record("seed \(seed): \(objection)")
                return
            }
        }
    }

    /// From wherever a lane stands: when nothing fails any more and it is asked to stop, it ends well and soon.
    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `a stop that is asked for ends in a good end`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var walk = LaneWalk()
        for _ in 0..<Int.random(in: 0..<120, using: &random) {
            let outcomes = walk.outcomes(of: LaneChoices()).filter { outcome in
                if case .impossible = outcome { return false }
                if case .polled(let polled) = outcome { return !polled.stopRequested }
                return outcome != .failed(.other, "failed")
            }
            var next = walk
            guard next.take(random.chance(70) ? outcomes[0] : random.pick(outcomes)) == nil, !next.isOver else {
                continue
            }
            walk = next
        }
        for _ in 0..<60 where !walk.isOver {
            if let objection = walk.take(walk.kindestOutcome) { Issue.record("seed \(seed): \(objection)") }
        }
        #expect(walk.world.stop == .ok, "seed \(seed):\n\(walk.story)")
    }

    /// A world in which nothing but this goes wrong, each time.
    @Test(arguments: [Reaction.retry, .abort, .renew, .unreachable, .other], LaneStart.failures)
    func `what fails for ever ends the lane`(reaction: Reaction, failing: LaneStart.Failure) throws {
        var walk = try LaneStart(name: "announced", outcomes: LaneStart.announced, depth: 0).walk()
        var tries = 0
        for _ in 0..<5_000 where !walk.isOver {
            let fails = walk.path.count > LaneStart.announced.count && failing.concerns(walk.action)
            if fails { tries += 1 }
            let outcome = fails ? .failed(reaction, "no") : failing.leading(walk)
            if let objection = walk.take(outcome) {
                Issue.record("\(reaction) of \(failing): \(objection)")
                return
            }
        }
        let stop = try #require(walk.world.stop, "\(reaction) of \(failing) goes on for ever:\n\(walk.story)")
        #expect(tries <= LaneDecisions.mostTries + 1)
        #expect(
            stop == (reaction == .unreachable ? .unreachable : .failed), "\(reaction) of \(failing):\n\(walk.story)")
    }

    @Test(
        arguments: [
            (.fencedInstance, .badConfiguration), (.unauthorised, .notAllowed), (.misconfigured, .badConfiguration),
            (.lostPlace, .badData),
        ] as [(Reaction, ExitCode)])
    func `what people must mend ends the lane at once`(reaction: Reaction, exitCode: ExitCode) throws {
        for count in 0...LaneStart.announced.count {
            let start = LaneStart(name: "", outcomes: Array(LaneStart.announced.prefix(count)), depth: 0)
            var walk = try start.walk()
            if case .adopt = walk.action { continue }
            #expect(walk.take(.failed(reaction, "no")) == nil)
            #expect(walk.world.stop == exitCode, "\(walk.story)")
        }
    }

    @Test func `failures with commits in between do not add up`() throws {
        var walk = try LaneStart(name: "announced", outcomes: LaneStart.announced, depth: 0).walk()
        for round in 0..<3 * LaneDecisions.mostTries {
            while walk.action != .commit { #expect(walk.take(LaneStart.Failure.commit.leading(walk)) == nil) }
            let objection = walk.take(round % 2 == 0 ? .failed(.abort, "timed out") : .ended(unansweredRequests: 0))
            #expect(objection == nil && !walk.isOver, "round \(round)")
        }
    }

    @Test func `the next batch after commits that failed is smaller, until one is committed`() throws {
        var walk = try LaneStart(name: "announced", outcomes: LaneStart.announced, depth: 0).walk()
        var divisors: [Int] = []
        let failing = LaneStart.Failure.commit
        for round in 0..<4 {
            while walk.action != .commit { #expect(walk.take(failing.leading(walk)) == nil) }
            #expect(walk.take(round < 3 ? .failed(.abort, "timed out") : .ended(unansweredRequests: 0)) == nil)
            divisors.append(walk.decisions.batchDivisor)
        }
        #expect(divisors == [4, 16, 64, 1])
    }
}

/// Every way on from a place, up to so many steps. Two ways that lead to the same place go on as one.
private struct LaneSearch {
    private struct Place: Hashable {
        var decisions: String
        var world: LaneWorld
    }

    private var seen: Set<Place> = []
    private(set) var objections: [String] = []

    var places: Int { seen.count }

    mutating func explore(from start: LaneWalk, depth: Int) {
        var front = [start]
        for _ in 0..<depth {
            var next: [LaneWalk] = []
            for walk in front where !walk.isOver {
                for outcome in walk.outcomes(of: LaneChoices()) {
                    var further = walk
                    if let objection = further.take(outcome) {
                        objections.append(objection)
                    } else if seen.insert(Place(decisions: further.place, world: further.world)).inserted {
                        next.append(further)
                    }
                }
            }
            if objections.count >= 3 { return }
            front = next
        }
    }
}
