import Campaign
import Worker

/// What comes in: seeded events of a week, in the order in which they happened.
struct DemoTraffic {
    /// A record to publish.
    struct Event {
        let topic: TopicRole
        /// The number as text; for a broken event maybe none.
        let key: String
        let value: String

        /// Billing's partition for the key, by Java's default partitioner.
        func partition(of count: Int32) -> Int32 {
            UInt64(key).flatMap(PhoneNumber.init(value:))?.partition(of: count) ?? 0
        }
    }

    /// How many of a kind, with their face value.
    struct Sum: Equatable {
        var count = 0
        var fen: Fen = 0

        mutating func add(_ more: Fen = 0) {
            count += 1
            fen += more
        }
    }

    private(set) var events: [Event] = []
    private(set) var recharges = Sum()
    private(set) var reversals = Sum()
    private(set) var assists = Sum()
    /// Recharges that were published once more.
    private(set) var copies = Sum()
    /// Recharges of other operators, of other cities and of before the campaign.
    private(set) var outsiders = Sum()
    /// Events that nobody can decide.
    private(set) var broken = Sum()

    private struct Recharge {
        let id: String
        let number: UInt64
        let fen: Fen
        /// Its place among the events.
        let index: Int
    }

    private static let count: Int64 = 3000
    private var numbers = SeededNumbers(seed: 20_260_501)
    private let subscribers: [UInt64]
    /// Recharges that count, for copies, reversals and conflicts to come.
    private var decided: [Recharge] = []

    init(window: CampaignFile.Window, until now: Timestamp) {
        var numbers = numbers
        subscribers = (0..<700).map { _ in
            numbers.pick(DemoCampaign.segments) * 10_000 + UInt64.random(in: 0..<10_000, using: &numbers)
        }
        self.numbers = numbers
        let span = now.milliseconds - window.start.milliseconds
        for index in 0..<Self.count {
            let time = Timestamp(milliseconds: window.start.milliseconds + span * index / Self.count)
            addRecharge("R\(index)", time)
            if self.numbers.chance(8) { addReversal("V\(index)", time) }
            if self.numbers.chance(35) { addAssist("A\(index)", time) }
            if self.numbers.chance(3) { addCopy() }
            if index % 90 == 89 { addBroken(Int(index / 90), "B\(index)", time, now) }
        }
        for index in 0..<20 { addEarly("E\(index)", window.start + .seconds(-3600 * Int64(index + 1))) }
    }

    // MARK: Kinds of events

    private mutating func addRecharge(_ id: String, _ time: Timestamp) {
        var amount = numbers.pick([1000, 2000, 3000, 3000, 5000, 5000, 5000, 10_000, 10_000, 20_000, 30_000] as [Fen])
        var extra = ""
        if numbers.chance(6) {
            let package = numbers.pick([(code: "P58", prepay: 17_400), (code: "P88", prepay: 26_400)])
            amount = Fen(package.prepay)
            extra = ",\"package\":\"\(package.code)\""
        } else if amount == 10_000, numbers.chance(40) {
            extra = ",\"paidFen\":9000"  // the till took the discount already
        }
        if numbers.chance(5) { extra += ",\"newSubscriber\":true" }
        let number = numbers.pick(subscribers)
        recharges.add(amount)
        if numbers.chance(5) {
            extra += numbers.pick([",\"carrier\":\"CUCC\"", ",\"city\":\"440100\""])
            outsiders.add(amount)
        } else {
            decided.append(Recharge(id: id, number: number, fen: amount, index: events.count))
        }
        add(
            .rechargeEvents, "recharge.completed.v1", id, time, number,
            "\"amountFen\":\(amount),\"channel\":\"app\"\(extra)")
    }

    private mutating func addEarly(_ id: String, _ time: Timestamp) {
        recharges.add(10_000)
        outsiders.add(10_000)
        add(
            .rechargeEvents, "recharge.completed.v1", id, time, numbers.pick(subscribers),
            "\"amountFen\":10000,\"channel\":\"app\"")
    }

    /// Of all or of a half of a recharge of before.
    private mutating func addReversal(_ id: String, _ time: Timestamp) {
        guard !decided.isEmpty else { return }
        let recharge = numbers.pick(decided)
        let refunded = numbers.chance(60) ? recharge.fen : recharge.fen / 2
        reversals.add(refunded)
        add(
            .rechargeEvents, "recharge.reversed.v1", id, time, recharge.number,
            "\"rechargeId\":\"\(recharge.id)\",\"refundedFen\":\(refunded)")
    }

    private mutating func addAssist(_ id: String, _ time: Timestamp) {
        let helper = numbers.pick(subscribers)
        assists.add()
        add(
            .assistEvents, "assist.completed.v1", id, time, numbers.pick(subscribers),
            "\"helper\":\"\(helper)\",\"channel\":\"wechat\"")
    }

    private mutating func addCopy() {
        guard !decided.isEmpty else { return }
        copies.add()
        events.append(events[numbers.pick(decided).index])
    }

    private mutating func addBroken(_ index: Int, _ id: String, _ time: Timestamp, _ now: Timestamp) {
        let number = numbers.pick(subscribers)
        let type = "recharge.completed.v1"
        let data = "\"amountFen\":5000,\"channel\":\"app\""
        broken.add()
        switch index % 9 {
        case 0:
            events.append(Event(topic: .rechargeEvents, key: "\(number)", value: "{\"specversion\":\"1.0\",\"id\":"))
        case 1: add(.rechargeEvents, "recharge.started.v1", id, time, number, data)
        case 2: add(.rechargeEvents, type, id, "\(time)".prefix(19), "\(number)", data)
        case 3: add(.rechargeEvents, type, id, now + .seconds(86_400), number, data)
        case 4: add(.rechargeEvents, type, id, "\(time)", "0760-888", data)
        case 5: add(.rechargeEvents, type, id, time, number, "\"amountFen\":0,\"channel\":\"app\"")
        case 6: add(.rechargeEvents, type, id, time, number, "\"amountFen\":6000000,\"channel\":\"app\"")
        case 7: add(.rechargeEvents, type, id, time, number, "\(data),\"package\":\"P999\"")
        default:
            guard let first = decided.first else { return }
            add(.rechargeEvents, type, first.id, time, first.number, data)
        }
    }

    // MARK: Their bytes

    private mutating func add(
        _ topic: TopicRole, _ type: String, _ id: String, _ time: Timestamp, _ number: UInt64, _ data: String
    ) {
        add(topic, type, id, "\(time)", "\(number)", data)
    }

    private mutating func add(
        _ topic: TopicRole, _ type: String, _ id: String, _ time: some StringProtocol, _ subject: String,
        _ data: String
    ) {
        let value =
            "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"/demo\",\"type\":\"\(type)\",\"time\":\"\(time)\","
            + "\"subject\":\"\(subject)\",\"data\":{\(data)}}"
        events.append(Event(topic: topic, key: subject, value: value))
    }
}
