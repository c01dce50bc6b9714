import Foundation
import Oracle
import TestSupport
import Testing

/// Gifts to their end on a real Kafka: billing refuses, errs, is late or silent, ops replay and discard while events
/// still flow, and workers are killed.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct SettlementTests {
    private static let settings = ["COMMIT_MAX_RECORDS": "100", "WORKER_LANES": "2"]
    private static let kills = 10

    @Test func everyFaultOfBillingAtOnceAndTenKills() throws {
        try Proof.rounds { seed in
            var random = SeededRandom(seed: seed)
            let run = try CampaignRun(Self.campaign())
            // A third of the events leads to a gift or a reverse.
            let history = run.history(events: Proof.isLong ? 66_000 : 6_000, seed: seed, subscribers: 300)
            try run.adopt(history)
            let others = BillingAndOps(run, seed: seed)
            var worker = try run.start("a", Self.settings)
            let share = history.records.count / Self.kills
            for kill in 0..<Self.kills {
                let part = history.records[(kill * share)..<((kill + 1) * share)]
                try run.publish(part)
                let awaited = part.startIndex + Int.random(in: 1...share * 3 / 4, using: &random)
                try run.waitUntilConsumed(Int64(awaited))
                try worker.kill9()
                worker = try run.start("a", Self.settings)
            }
            let judgement = try run.settle(others)
            try run.stop(worker)
            try others.end()
            let ends = judgement.ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            Proof.note(
                fault: "every fault of billing at once", times: Self.kills,
                compared: try CampaignRun.outputs.reduce(0) { try $0 + run.read($1).count },
                differences: judgement.problems.count, remarks: ends.joined(separator: ", "))
            #expect(
                judgement.problems.isEmpty,
                "seed \(seed), \(judgement.problems.count) differences: \(judgement.problems.prefix(3))")
            #expect(judgement.waiting == 0)
            for end in [
                "confirmed", "rejected", "mismatched", "delayed", "resolved late", "parked", "discarded",
            ] { #expect((judgement.ends[end] ?? 0) > 0, "\(end): \(judgement.ends)") }
        }
    }

    /// Deadlines come soon.
    private static func campaign() -> OracleCampaign {
        var campaign = CampaignRun.openCampaign()
        campaign.confirmWithin = 4_000
        return campaign
    }
}

extension CampaignRun {
    /// Waits until nobody has anything more to say or to wait for, and judges.
    fileprivate func settle(_ others: BillingAndOps) throws -> SettledRun.Judgement {
        let mail = try mailReader()
        // The last deadline is over by then, and its letter was seen.
        let quiet = Duration.milliseconds(campaign.confirmWithin) + .seconds(6)
        var judgement: SettledRun.Judgement?
        try wait(.seconds(600), "the end of all gifts") {
            let before = try others.activity()
            guard before.quietSince.duration(to: .now) > quiet, try isIdle(mail) else { return false }
            let now = try judgeSettled()
            judgement = now
            return try now.waiting == 0 && others.activity().records == before.records
        }
        return try #require(judgement)
    }

    private func judgeSettled() throws -> SettledRun.Judgement {
        let (oracle, outcomes) = try judge(afterGrace: false)
        return SettledRun(
            comparison, oracle, outcomes, receipts: try read(Self.answers[0]), requests: try read(Self.answers[1]),
            written: try written()
        ).judge()
    }
}
