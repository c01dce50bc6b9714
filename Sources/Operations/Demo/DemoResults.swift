import Campaign
import Kafka
import Worker

/// What went out, read back from the topics.
struct DemoResults: ~Copyable {
    /// What is read; a record names its topic by the index here.
    static let topics = [TopicRole.bonusCredits, .smsNotifications, .deadLetters]

    private var reader = CommandReader()
    private(set) var grants = DemoTraffic.Sum()
    private(set) var reverses = DemoTraffic.Sum()
    /// Of the grants: how many have a line of the benefit, and the fen of those.
    private(set) var granted: [Benefit: DemoTraffic.Sum] = [:]
    private(set) var messages = 0
    /// The longest text of each template.
    private(set) var samples: [String: PublishedMessage] = [:]
    private(set) var letters: [Rejection: Int] = [:]

    mutating func add(_ record: Record) {
        switch Self.topics[record.topic] {
        case .bonusCredits: record.value.flatMap { reader.credit(Bytes($0)) }.map { add($0) }
        case .smsNotifications: record.value.flatMap { reader.message(Bytes($0)) }.map { add($0) }
        default: addLetter(record)
        }
    }

    private mutating func add(_ credit: PublishedCredit) {
        guard credit.kind == .grant else { return reverses.add(credit.lines.total) }
        grants.add(credit.lines.total)
        for benefit in Benefit.allCases where credit.lines[benefit] > 0 {
            granted[benefit, default: DemoTraffic.Sum()].add(credit.lines[benefit])
        }
    }

    private mutating func add(_ message: PublishedMessage) {
        messages += 1
        if message.text.count > samples[message.template]?.text.count ?? 0 { samples[message.template] = message }
    }

    private mutating func addLetter(_ record: Record) {
        record.forEachHeader { name, value in
            guard let value, Bytes(name) == Bytes("recharge.letter.reason") else { return }
            let reason = Bytes(value)
            if let rejection = Rejection.allCases.first(where: { reason == Bytes($0.name) }) {
                letters[rejection, default: 0] += 1
            }
        }
    }
}
