public import TestSupport

/// A campaign from its first event to the end of its last gift: billing and ops react to what is written, and shards read
/// in an order by chance.
///
/// Call `next`, let whoever is tested take the step at `now`, then tell it what was written.
public struct Life {
    /// The history whose events it plays.
    public let history: History
    /// The worker's clock.
    public private(set) var now: Int64
    /// What billing and ops published so far.
    public private(set) var published: [TestRecord] = []

    private var oracle: CampaignOracle
    private var billing: Billing
    private var ops: Ops
    private var inbox = Inbox()
    private var random: SeededRandom
    /// How many of the history's steps are taken.
    private var position = 0
    private var planned: [Step] = []

    private static let topics = ["credit-receipts", "letter-requests"]

    /// The life that a seed makes of a history.
    public init(_ history: History, seed: UInt64) {
        let (campaign, partitions) = (history.options.campaign, history.options.partitions)
        self.history = history
        oracle = CampaignOracle(campaign, partitions: partitions)
        billing = Billing(campaign, partitions: partitions, seed: seed)
        ops = Ops(
            partitions: partitions, patience: campaign.confirmWithin * 2, isConfluent: history.options.isConfluent,
            seed: seed + 1)
        random = SeededRandom(seed: seed + 2)
        now = campaign.start - 3 * 86_400_000
    }

    /// The next step with what the contract says of it; nil at the end, when nothing is under way any more.
    public mutating func next() -> (step: Step, expected: Outcome?)? {
        while planned.isEmpty { guard plan() else { return nil } }
        let step = planned.removeFirst()
        oracle.now = now
        return (step, oracle.step(step))
    }

    /// The workers restart with a changed campaign file.
    public mutating func restart(with campaign: OracleCampaign) { oracle.campaign = campaign }

    /// Billing and ops see what the step wrote.
    public mutating func see(_ written: [TestRecord]) {
        oracle.note(written)
        for record in written {
            switch record.topic {
            case "bonus-credits": inbox.expect(billing.answers(to: record, at: now))
            case "dead-letters": inbox.expect(ops.requests(about: record, at: now))
            default: break
            }
        }
    }

    /// The sums of a shard.
    public func sums(of shard: Int32) -> CampaignOracle.Sums { oracle.sums(of: shard) }

    // MARK: Planning

    private mutating func plan() -> Bool {
        if position < history.steps.count {
            let step = history.steps[position]
            position += 1
            if case .record(let record) = step { now = max(now, record.timestamp) }
            pass(60_000)
            planned = [step] + reading()
            return true
        }
        if let shard = (0..<history.options.partitions).first(where: oracle.hasMail) {
            planned = [.mail(shard: shard)]
            return true
        }
        guard !inbox.isEmpty || oracle.isWaiting else { return false }
        now = max(now, inbox.nextDue ?? now)
        pass(3_600_000)
        for shard in 0..<history.options.partitions {
            planned += Self.topics.flatMap { read($0, of: shard, atMost: .max) } + deadlines(of: shard)
        }
        return true
    }

    /// Time goes on.
    private mutating func pass(_ most: Int64) {
        now += Int64.random(in: 0...most, using: &random)
        published += inbox.publish(upTo: now)
    }

    private mutating func reading() -> [Step] {
        let shard = Int32.random(in: 0..<history.options.partitions, using: &random)
        return switch Int.random(in: 0..<6, using: &random) {
        case 0..<3: read(random.pick(Self.topics), of: shard, atMost: random.pick([1, 2, 5, 50]))
        case 3: deadlines(of: shard)
        default: []
        }
    }

    private mutating func read(_ topic: String, of shard: Int32, atMost count: Int) -> [Step] {
        inbox.read(topic, of: shard, atMost: count).map(Step.record)
    }

    /// A deadline passes only when all receipts up to it are read.
    private mutating func deadlines(of shard: Int32) -> [Step] {
        read("credit-receipts", of: shard, atMost: .max)
            + [.deadlines(shard: shard, upTo: now - random.pick([2_000, 3_600_000]))]
    }
}
