import Campaign
import Foundation
import Testing

/// The examples are one story: what is written in them is what the campaign's code makes of what is read in them.
@Suite(.enabled(if: Documents.missing == nil, "\(Documents.missing ?? "")"))
struct ExamplesTests {
    private static let partitions: Int32 = 12

    @Test func whatIsWrittenComesOfWhatIsRead() throws {
        let stage = try ExampleStage(partitions: Self.partitions)
        func example(_ schema: String, _ index: Int = 0) throws -> JSONValue {
            let examples = try #require(Documents.schema(schema)["examples"]?.elements)
            return try #require(examples.indices.contains(index) ? examples[index] : nil)
        }
        let grant = try example("credit.grant.v1")
        try stage.play(
            example("assist.completed.v1"), on: .assists, issued: issued(example("credit.grant.v1", 1)))
        let recharge = try example("recharge.completed.v1")
        try stage.play(recharge, issued: issued(grant))

        let receipt = try example("credit.settled.v1")
        try stage.play(receipt, on: .receipts, issued: time(receipt["time"]))

        let letter = try example("dead-letter-headers.v1")
        let bad = recharge.with(["id"], letter["recharge.letter.event-id"])
            .with(["time"], letter["recharge.letter.event-time"]).with(["data", "amountFen"], .string("17400"))
        try stage.play(
            bad, issued: time(letter["recharge.letter.first-failed-at"]),
            published: time(letter["recharge.letter.record-time"]),
            offset: Int64(letter["__dlq.errors.offset"]?.string ?? "") ?? -1)
        let stats = stage.totals

        let reverse = try example("credit.reverse.v1")
        try stage.play(example("recharge.reversed.v1"), issued: issued(reverse))

        #expect(stage.written[.bonusCredits] == [try example("credit.grant.v1", 1), grant, reverse])
        #expect(stage.written[.smsNotifications]?[1] == (try example("sms.send.v1")))
        #expect(stage.written[.deadLetters] == [letter])
        #expect(stage.written[.deadLetterStatus] == [try example("dead-letter-status.v1")])
        let hour = try example("campaign-stats.v1")
        #expect(stats.contains(hour), "\(stats)")

        let request = try example("letter-request-headers.v1")
        for (name, value) in letter.members { #expect(request[name] == value, "\(name)") }
    }

    /// When a command was issued.
    private func issued(_ command: JSONValue) throws -> Timestamp { try time(command["time"]) }

    private func time(_ value: JSONValue?) throws -> Timestamp {
        let text = Array(try #require(value?.string).utf8)
        return try text.withUnsafeBytes { try Timestamp(Bytes($0)) }
    }
}

/// The shards of the example campaign, without Kafka: events in, what they write out.
private final class ExampleStage {
    /// What was written, by topic: values, and of dead letters the headers.
    private(set) var written: [OutputTopic: [JSONValue]] = [:]
    private let campaign: CampaignFile
    private let shards: [Shard]
    private var decoder = EventDecoder()
    private var encoder: EffectEncoder
    private var mail: [(partition: Int, value: [UInt8])] = []

    init(partitions: Int32) throws {
        let folder = Documents.root.appending(path: "deploy/campaign")
        campaign = try CampaignFile.read(Array(Data(contentsOf: folder.appending(path: "campaign.yaml")))) { _ in
            (try? Array(Data(contentsOf: folder.appending(path: "segments.txt")))) ?? []
        }
        let campaign = campaign
        shards = (0..<partitions).map { Shard(partition: $0, partitionCount: partitions, campaign: campaign) }
        for shard in shards { try shard.finishRestore(partitionCount: partitions) }
        encoder = EffectEncoder(
            campaign: campaign, partitionCount: partitions,
            inputNames: ["recharge-events", "assist-events", "campaign-mail", "credit-receipts", "letter-requests"],
            creditsName: "bonus-credits", group: "recharge-worker")
    }

    /// Reads an event from its subject's partition, and all mail that comes of it.
    func play(
        _ event: JSONValue, on topic: InputTopic = .recharges, issued: Timestamp, published: Timestamp? = nil,
        offset: Int64 = 0
    ) throws {
        let value = try Array(JSONEncoder().encode(event))
        let number = try #require(
            (event["subject"]?.string).map { Array($0.utf8) }?.withUnsafeBytes { PhoneNumber(Bytes($0)) })
        let shard = shards[Int(number.partition(of: Int32(shards.count)))]
        try value.withUnsafeBytes { bytes in
            let source = SourceRecord(
                topic: topic, partition: shard.partition, offset: offset, timestamp: published ?? issued, key: nil,
                value: Bytes(bytes), headers: .none)
            var effects: [Effect] = []
            _ = try shard.apply(source, decoder.decode(source), cameByMail: false, now: issued, into: &effects)
            try encode(effects, of: shard)
        }
        while let letter = mail.popLast() {
            try letter.value.withUnsafeBytes { bytes in
                guard case .claim(let claim) = try Mail(Bytes(bytes)) else { return }
                var effects: [Effect] = []
                _ = try shards[letter.partition].apply(claim, now: issued, into: &effects)
                try encode(effects, of: shards[letter.partition])
            }
        }
    }

    /// The totals that the shards publish by now.
    var totals: [JSONValue] {
        var totals: [JSONValue] = []
        for shard in shards {
            shard.forEachChange { topic, _, value in
                guard topic == .stats, let value else { return }
                let total = try? JSONDecoder().decode(JSONValue.self, from: Data(value.buffer))
                if let total { totals.append(total) }
            }
        }
        return totals
    }

    private func encode(_ effects: [Effect], of shard: Shard) throws {
        var records: [(topic: OutputTopic, json: Data)] = []
        for effect in effects {
            encoder.encode(effect, of: shard.partition) { record in
                let value = record.value.map { Data($0.buffer) } ?? Data()
                switch record.topic {
                case .mail: self.mail.append((Int(record.partition), Array(value)))
                case .deadLetters: records.append((.deadLetters, headers(of: record)))
                default: records.append((record.topic, value))
                }
            }
        }
        for record in records {
            written[record.topic, default: []].append(try JSONDecoder().decode(JSONValue.self, from: record.json))
        }
    }

    private func headers(of record: OutgoingRecord) -> Data {
        guard case .list(let list) = record.headers else { return Data() }
        var headers: [String: String] = [:]
        list.forEach { name, value in headers[name.text] = value?.text }
        return (try? JSONEncoder().encode(headers)) ?? Data()
    }
}
