import Campaign
import Glibc
import TestSupport
import Worker

/// Prints what the state of `count` subscribers takes, and what open gifts and open letters take beside it; no Kafka.
func measureMemory(_ count: Int) throws {
    let campaign = try CampaignFile.load(benchFolder + "/campaign.yaml")
    let (settled, first) = try megabytes(campaign, count) {
        try $0.recharge($1); try $0.settle($1)
    }
    let (open, second) = try megabytes(campaign, count) { try $0.recharge($1) }
    let (letters, third) = try megabytes(campaign, count) { try $0.garbage($1) }
    print("subscribers, gifts, letters  \(count) of each")
    print("with settled gifts, MB       \(rounded(settled, 0))")
    print("open gifts beside that, MB   \(rounded(open - settled, 0))")
    print("open letters, MB             \(rounded(letters, 0))")
    // Alive up to here: what one frees, the next would use.
    withExtendedLifetime([first, second, third]) {}
}

private func megabytes(
    _ campaign: CampaignFile, _ count: Int, _ decide: (inout StateFiller, Int) throws -> Void
) throws -> (Double, [Shard]) {
    let before = try memoryInUse(of: getpid())
    var filler = StateFiller(campaign)
    for index in 0..<count {
        try decide(&filler, index)
        if index % 10_000 == 9_999 { filler.commit() }
    }
    filler.commit()
    return (try memoryInUse(of: getpid()) - before, filler.shards)
}

/// Shards that are filled with events, whose commands go nowhere.
private struct StateFiller: ~Copyable {
    let shards: [Shard]
    private let now = Clock.now()
    private var decoder = EventDecoder()
    private var effects: [Effect] = []

    init(_ campaign: CampaignFile) {
        shards = (0..<OfflineLane.partitions).map {
            Shard(partition: $0, partitionCount: OfflineLane.partitions, campaign: campaign)
        }
    }

    mutating func recharge(_ index: Int) throws {
        try apply(
            .recharges, index, "R", "recharge.completed.v1",
            "\"amountFen\":10000,\"channel\":\"app\"")
    }

    mutating func settle(_ index: Int) throws {
        try apply(
            .receipts, index, "S", "credit.settled.v1",
            "\"commandId\":\"recharge/R7-\(index)/gift\",\"outcome\":\"credited\",\"creditedFen\":3000")
    }

    mutating func garbage(_ index: Int) throws { try apply(.recharges, index, "G", "no.such.type", "") }

    mutating func commit() {
        for shard in shards { shard.commit() }
    }

    private mutating func apply(
        _ topic: InputTopic, _ index: Int, _ letter: String, _ type: String, _ data: String
    ) throws {
        let number = String(13_800_000_000 + index)
        let value = Array(
            ("{\"specversion\":\"1.0\",\"id\":\"\(letter)7-\(index)\",\"source\":\"/bench\",\"type\":\"\(type)\","
                + "\"time\":\"2026-05-02T10:00:00+08:00\",\"subject\":\"\(number)\",\"data\":{\(data)}}").utf8)
        try value.withUnsafeBytes { value in
            let source = SourceRecord(
                topic: topic, partition: 0, offset: Int64(index), timestamp: now, key: nil, value: Bytes(value),
                headers: .none)
            let decoded = decoder.decode(source)
            let partition = decoded.subject?.partition(of: OfflineLane.partitions) ?? 0
            _ = try shards[Int(partition)].apply(source, decoded, cameByMail: true, now: now, into: &effects)
            effects.removeAll(keepingCapacity: true)
        }
    }
}
