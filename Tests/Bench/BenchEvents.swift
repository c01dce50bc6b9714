import TestSupport

/// Seeded events: recharges with a share of assists, numbers from 13800000000 on, times in the first 20 days of May 2026.
struct BenchEvents {
    /// An input record.
    struct Record {
        let topic: String
        let key: String
        let value: String
    }

    private static let amounts = [1000, 2000, 3000, 5000, 5000, 10000, 10000, 20000, 30000]
    private static let channels = ["app", "hall", "wechat", "bank", "merchant"]
    private static let assistPercent = 30

    let subscribers: Int
    /// A tenth of all events is one subscriber's.
    let isHot: Bool
    private var random = SeededRandom(seed: 7)
    private var count = 0

    init(subscribers: Int, isHot: Bool = false) {
        self.subscribers = subscribers
        self.isHot = isHot
    }

    /// The next event, about a subscriber by chance.
    mutating func next() -> Record {
        let subject = isHot && random.chance(10) ? 0 : Int.random(in: 0..<subscribers, using: &random)
        let second = Int.random(in: 0..<86_400 * 20, using: &random)
        return random.chance(Self.assistPercent) ? assist(subject, at: second) : recharge(subject, at: second)
    }

    /// A recharge of one subscriber.
    mutating func recharge(_ subject: Int, at second: Int = 0) -> Record {
        let data = "\"amountFen\":\(random.pick(Self.amounts)),\"channel\":\"\(random.pick(Self.channels))\""
        return record("recharge-events", "R", "/billing/zhongshan", "recharge.completed.v1", subject, second, data)
    }

    private mutating func assist(_ subject: Int, at second: Int) -> Record {
        let helper = Self.number(Int.random(in: 0..<subscribers, using: &random))
        let data = "\"helper\":\"\(helper)\",\"channel\":\"wechat\""
        return record("assist-events", "A", "/campaign/pages", "assist.completed.v1", subject, second, data)
    }

    private mutating func record(
        _ topic: String, _ letter: String, _ source: String, _ type: String, _ subject: Int, _ second: Int,
        _ data: String
    ) -> Record {
        let number = Self.number(subject)
        let time =
            "2026-05-\(Self.two(second / 86_400 + 1))T\(Self.two(second / 3600 % 24)):"
            + "\(Self.two(second / 60 % 60)):\(Self.two(second % 60))+08:00"
        let id = String(count)
        count += 1
        return Record(
            topic: topic, key: number,
            value: "{\"specversion\":\"1.0\",\"id\":\"\(letter)7-" + String(repeating: "0", count: 10 - id.count) + id
                + "\",\"source\":\"\(source)\",\"type\":\"\(type)\",\"time\":\"\(time)\",\"subject\":\"\(number)\","
                + "\"data\":{\(data)}}")
    }

    private static func number(_ subscriber: Int) -> String { String(13_800_000_000 + subscriber) }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

/// Produces events as fast as they are taken, to topics under a prefix.
func fill(_ server: KafkaServer, prefix: String = "", _ count: Int, _ next: () -> BenchEvents.Record) throws {
    let producer = try TestProducer(
        bootstrapServers: server.bootstrapServers,
        properties: ["linger.ms": "20", "compression.codec": "lz4", "batch.num.messages": "10000"])
    for _ in 0..<count {
        let record = next()
        try producer.produce(topic: prefix + record.topic, key: record.key, value: record.value)
    }
    try producer.flush()
}
