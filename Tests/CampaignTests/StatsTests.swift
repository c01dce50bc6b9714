import Foundation
import Testing

@testable import Campaign

/// Contract, section 1, `campaign-stats`: an event counts in the hour of its own time, with what was commanded for it.
@Suite struct Stats {
    @Test func `an hour's totals`() throws {
        let shard = Shard(partition: 0, partitionCount: 1, campaign: try SeedCampaign.seed.file())
        let scenes = [
            recharge("R1", 17_400, package: "P58", at: "05-03 10:00"),
            recharge("R1", 17_400, package: "P58", at: "05-03 10:00"),
            recharge("R2", 100, at: "05-03 10:59:59", published: "05-03 11:00").with("data.newSubscriber", "true"),
            recharge("R3", 100, of: stranger, at: "05-03 10:20"),
            recharge("R4", 0, at: "05-03 10:20"),
            assist("A1", at: "05-03 10:00"),
            assist("A2", at: "05-03 10:00"),
            reversal("V1", of: "R1", 1, at: "05-03 10:30"),
            recharge("R5", 3_000, at: "05-03 11:00"),
            recharge("R6", 3_000, at: "04-03 10:00"),
        ]
        for scene in scenes { try play(scene, on: shard) }
        let stats = stats(of: shard)
        #expect(Set(stats.keys) == ["0/2026-05-03T10", "0/2026-05-03T11"])
        #expect(
            stats["0/2026-05-03T10"] == """
                {"campaign":"zs-2026-05","partition":0,"hour":"2026-05-03T10:00:00.000+08:00","recharges":2,\
                "rechargeFen":17500,"newSubscribers":1,"assists":1,"grants":3,\
                "grantedFen":{"instant-discount":1000,"bonus-credit":2000,"package":1160,"assist":200,"helper":100,\
                "compensation":0},"reverses":1,"reversedFen":1160}
                """)
        for value in stats.values {
            #expect((try? JSONSerialization.jsonObject(with: Data(value.utf8))) != nil, "\(value)")
        }

        shard.rollback()
        #expect(self.stats(of: shard).isEmpty, "nothing is counted after an abort")
        for scene in scenes { try play(scene, on: shard) }
        #expect(self.stats(of: shard) == stats, "and the same once more")
        shard.commit()
        #expect(self.stats(of: shard).isEmpty, "what is committed is not written again")
    }

    private func stats(of shard: Shard) -> [String: String] {
        var stats: [String: String] = [:]
        shard.forEachChange { topic, key, value in
            if topic == .stats { stats[key.text] = value?.text }
        }
        return stats
    }

    private func play(_ scene: Scene, on shard: Shard) throws {
        guard case .event(let topic, let text, let published) = scene.act else { return }
        let record = InputRecord(topic: topic, published: try instant(published), value: text.bytes)
        try record.withSource { source in
            var decoder = EventDecoder()
            var effects: [Effect] = []
            _ = try shard.apply(
                source, decoder.decode(source), cameByMail: false, now: source.timestamp, into: &effects)
            for case .claim(let claim) in effects {
                var paid: [Effect] = []
                _ = try shard.apply(claim, now: source.timestamp, into: &paid)
            }
        }
    }
}
