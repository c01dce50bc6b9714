import TestSupport

/// Makes histories by a seed: every kind of event, meeting each other at few subscribers.
public struct HistoryGenerator {
    /// What was published, for copies, corrections and reversals.
    struct Published {
        var topic: EventTopic
        var kind: Kind
        var id: String
        var subject: String
        var time: Int64
        var amountFen: Int64 = 0
        var draft: EventDraft
    }

    enum Kind { case recharge, reversal, assist }

    let options: HistoryOptions
    let people: [String]
    let seed: UInt64
    var random: SeededRandom
    var records: [TestRecord] = []
    var subjects: [String] = []
    var recharges: [Published] = []
    var others: [Published] = []
    /// Recharges that come only after their reversal.
    var announced: [Published] = []
    var nextID = 0
    /// The timestamp of the next record.
    var now: Int64 = 0

    /// A generator; the same seed and options give the same history.
    public init(_ options: HistoryOptions, seed: UInt64) {
        var options = options
        var random = SeededRandom(seed: seed)
        people = Self.people(options.subscribers, options.campaign, &random)
        options.campaign.portedIn = [people[0]]
        options.campaign.portedOut = [people[1]]
        self.options = options
        self.seed = seed
        self.random = random
    }

    /// The history. Its `options.campaign` is the given one with two of its subscribers in the override lists.
    public mutating func history() -> History {
        for index in 0..<options.events {
            now = timestamp(index)
            publishNext()
        }
        let numbered = History.numbered(records)
        return History(
            seed: seed, options: options, records: numbered, subjects: subjects,
            steps: History.steps(for: numbered, partitions: options.partitions, &random))
    }

    /// The first is outside the segments, the second inside: they stand in the override lists. Every sixth of the
    /// others is outside.
    private static func people(_ count: Int, _ campaign: OracleCampaign, _ random: inout SeededRandom) -> [String] {
        let segments = campaign.segments.sorted()
        return (0..<max(count, 4)).map { index in
            let prefix = index == 0 || index % 6 == 5 ? "1390000" : random.pick(segments)
            let line = String(1_000 + index * 7 % 9_000)
            return prefix + line.suffix(4)
        }
    }

    private func timestamp(_ index: Int) -> Int64 {
        switch options.clock {
        case .now(let instant): return instant
        case .campaign:
            let (first, last) = (
                options.campaign.start - 2 * 86_400_000, options.campaign.end + options.campaign.grace + 86_400_000
            )
            return first + (last - first) * Int64(index) / Int64(max(1, options.events))
        }
    }

    private mutating func publishNext() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<38: publish(recharge())
        case 38..<43: announceRecharge()
        case 43..<56: reverse()
        case 56..<78: publish(assist())
        case 78..<86: copy()
        case 86..<90: conflict()
        default: publishBad()
        }
    }

    // MARK: Good events

    mutating func recharge(of subject: String? = nil) -> Published {
        let subject = subject ?? random.pick(people)
        let amounts: [Int64] = [
            1, 999, 1_000, 2_999, 3_000, 3_001, 4_999, 5_000, 9_999, 10_000, 11_600, 15_000, 17_400, 19_999, 20_000,
            26_400, 30_000, 38_400, 50_000, options.campaign.maxRechargeFen,
        ]
        let amount = random.chance(70) ? random.pick(amounts) : Int64.random(in: 1...60_000, using: &random)
        let time = eventTime()
        var data = [("amountFen", "\(amount)"), ("channel", quoted("wechat"))]
        if random.chance(25) {
            let taken = random.pick([0, 1, 350, 500, 1_000, 3_000, amount])
            data.append(("paidFen", "\(max(0, amount - taken))"))
        }
        if random.chance(18) { data.append(("package", quoted(package(at: time)))) }
        if random.chance(15) { data.append(("carrier", quoted(random.pick(["CMCC", "CMCC", "CUCC", "CTCC", "CBN"])))) }
        if random.chance(15) { data.append(("city", quoted(random.pick(["442000", "442000", "440100"])))) }
        if random.chance(10) { data.append(("newSubscriber", random.pick(["true", "false", "null"]))) }
        let id = newID()
        let draft = draft(id, "recharge.completed.v1", time, subject, data)
        return Published(
            topic: .recharge, kind: .recharge, id: id, subject: subject, time: time, amountFen: amount, draft: draft)
    }

    mutating func reversal(of recharge: Published) -> Published {
        let amount = recharge.amountFen
        let refunded = random.pick([amount, amount, amount / 2 + 1, 1, 1_000, amount / 3 + 1, amount + 5])
        let time = eventTime()
        var data = [("rechargeId", quoted(recharge.id)), ("refundedFen", "\(refunded)")]
        if random.chance(30) { data.append(("rechargedAt", quoted(ChinaTime.text(recharge.time)))) }
        let id = newID()
        let draft = draft(id, "recharge.reversed.v1", time, recharge.subject, data)
        return Published(
            topic: .recharge, kind: .reversal, id: id, subject: recharge.subject, time: time, amountFen: refunded,
            draft: draft)
    }

    mutating func assist() -> Published {
        let inviter = random.pick(people)
        let helper = random.chance(4) ? inviter : random.pick(people)
        let time = eventTime()
        let id = newID()
        let draft = draft(
            id, "assist.completed.v1", time, inviter,
            [("helper", quoted(spelled(helper))), ("channel", quoted("h5"))])
        return Published(topic: .assist, kind: .assist, id: id, subject: inviter, time: time, draft: draft)
    }

    private mutating func draft(
        _ id: String, _ type: String, _ time: Int64, _ subject: String, _ data: [(name: String, json: String)]
    ) -> EventDraft {
        var draft = EventDraft(id: id, type: type, time: spelled(time), subject: spelled(subject), data: data)
        if random.chance(15) { draft.set("traceparent", quoted("00-\(id.utf8.count)-\(nextID)-01")) }
        if random.chance(5) { draft.set("extra", #"{"a":[1,2.5e3,null,"x\u0041"],"id":"other"}"#) }
        if random.chance(3) { draft.set("id", fullyEscaped(id)) }
        return draft
    }

    private mutating func newID() -> String {
        nextID += 1
        let plain = "e-\(seed)-\(nextID)"
        switch Int.random(in: 0..<40, using: &random) {
        case 0: return plain + #"/"quoted"\"#
        case 1: return plain + "/充值/😀"
        case 2: return plain + "\n\u{1}"
        case 3: return plain + String(repeating: "x", count: 128 - plain.utf8.count)
        default: return plain
        }
    }

    private mutating func package(at time: Int64) -> String {
        let listed = options.campaign.version(at: time)?.packagePrepay?.packages.map(\.code) ?? []
        return random.chance(85) ? listed.randomElement(using: &random) ?? "P58" : random.pick(["P58", "P9", "P0", ""])
    }

    // MARK: Events about events

    /// The reversal comes first; its recharge later, or never.
    private mutating func announceRecharge() {
        if !announced.isEmpty, random.chance(60) {
            publish(announced.remove(at: Int.random(in: announced.indices, using: &random)))
        } else {
            let coming = recharge()
            announced.append(coming)
            publish(reversal(of: coming))
        }
    }

    private mutating func reverse() {
        guard !recharges.isEmpty else { return publish(recharge()) }
        publish(reversal(of: random.pick(recharges.suffix(60))))
    }

    /// The same content again, as it was or in another spelling.
    private mutating func copy() {
        guard var event = earlier() else { return publish(recharge()) }
        if random.chance(40) {
            event.draft.set("time", quoted(ChinaTime.utcText(event.time)))
            event.draft.set("subject", quoted("+86 " + event.subject))
            event.draft.set("source", quoted("/billing/again"))
            event.draft.setData("channel", quoted("app"))
        }
        publish(event, isNew: false)
    }

    /// The same id with other content.
    private mutating func conflict() {
        guard var event = earlier() else { return publish(recharge()) }
        switch event.kind {
        case .recharge where random.chance(60): event.draft.setData("amountFen", "\(event.amountFen + 40_000)")
        case .reversal where random.chance(60): event.draft.setData("refundedFen", "\(event.amountFen + 1)")
        case .assist where random.chance(60): event.draft.setData("helper", quoted("13415300000"))
        default: event.draft.set("time", quoted(ChinaTime.text(event.time - 1)))
        }
        publish(event, isNew: false)
    }

    mutating func earlier() -> Published? {
        random.chance(60)
            ? recharges.suffix(60).randomElement(using: &random)
            : others.suffix(60).randomElement(using: &random)
    }
}
