import Campaign
import Kafka
import Worker

/// An SMS gateway to play against: takes commands from `sms-notifications`, and sends nothing to anybody.
struct GatewayRun: ~Copyable, CommandTaker {
    private let run: SimulationRun
    private var reader = CommandReader()
    /// The ids of what it sent or holds.
    private var known: Set<String> = []
    private var sent: [String: Int] = [:]
    private var copies = 0
    private var expired = 0
    /// Messages that may not be sent yet.
    private var held: [PublishedMessage] = []

    init(_ run: SimulationRun) { self.run = run }

    /// Takes messages until it is to end; what it did, in words.
    mutating func perform() throws(KafkaFailure) -> [String] {
        try run.run(&self)
        let kinds = sent.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return [
            "\(sent.values.reduce(0, +)) messages sent: \(kinds.joined(separator: ", "))",
            "\(copies) copies passed over, \(expired) came after their notAfter, \(held.count) wait for their notBefore",
        ]
    }

    mutating func take(_ command: Record) {
        guard let message = command.value.flatMap({ reader.message(Bytes($0)) }) else { return }
        guard known.insert(message.id).inserted else {
            copies += 1
            return
        }
        held.append(message)
    }

    mutating func act(_ now: Timestamp) -> Timestamp? {
        let due = held.filter { $0.notBefore.map { $0 <= now } ?? true }
        if !due.isEmpty { held.removeAll { $0.notBefore.map { $0 <= now } ?? true } }
        for message in due {
            if let last = message.notAfter, last < now { expired += 1 } else { sent[message.template, default: 0] += 1 }
        }
        // What waits for the morning is no reason to stay.
        return nil
    }
}
