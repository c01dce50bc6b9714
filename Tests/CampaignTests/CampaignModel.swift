import Oracle
import TestSupport

@testable import Campaign

/// The campaign's own code as a worker drives it, without Kafka: shards, their mail, and what they write. Now and then
/// a transaction is aborted and done again, and a shard is made anew from its changelog.
final class CampaignModel {
    private var campaign: CampaignFile
    private let partitions: Int32
    private var shards: [Shard]
    private var changelogs: [[(key: [UInt8], value: [UInt8]?)]]
    private var mail: [[[UInt8]]]
    private var decoder = EventDecoder()
    private var encoder: EffectEncoder
    private var effects: [Effect] = []
    /// What the running transaction wrote.
    private var written: [TestRecord] = []
    private var sent: [(partition: Int, value: [UInt8])] = []
    private var random: SeededRandom
    /// The clock; at first later than everything that is published.
    var now: Timestamp

    init(_ campaign: OracleCampaign, partitions: Int32, seed: UInt64) throws {
        let file = try Self.file(of: campaign)
        self.campaign = file
        self.partitions = partitions
        shards = (0..<partitions).map { Shard(partition: $0, partitionCount: partitions, campaign: file) }
        changelogs = Array(repeating: [], count: Int(partitions))
        mail = Array(repeating: [], count: Int(partitions))
        encoder = Self.encoder(of: file, partitions)
        random = SeededRandom(seed: seed)
        now = Timestamp(milliseconds: campaign.end + campaign.grace + 3_600_000)
    }

    private static func file(of campaign: OracleCampaign) throws -> CampaignFile {
        try CampaignFile.read(Array(campaign.yaml().utf8)) { _ in Array(campaign.segmentsText.utf8) }
    }

    private static func encoder(of campaign: CampaignFile, _ partitions: Int32) -> EffectEncoder {
        EffectEncoder(
            campaign: campaign, partitionCount: partitions, inputNames: inputNames, creditsName: "bonus-credits",
            group: "recharge-worker")
    }

    /// All shards are made anew with another campaign file.
    func restart(with campaign: OracleCampaign) throws {
        self.campaign = try Self.file(of: campaign)
        encoder = Self.encoder(of: self.campaign, partitions)
        shards = try shards.indices.map(restored)
    }

    /// What a step writes to the topics that others read; nil when there is no mail to read.
    func step(_ step: Step) throws -> [TestRecord]? {
        switch step {
        case .record(let record):
            return try transaction(Int(record.partition)) { try self.apply(record, to: $0) }
        case .mail(let partition):
            guard let value = mail[Int(partition)].first else { return nil }
            defer { mail[Int(partition)].removeFirst() }
            return try transaction(Int(partition)) { try self.applyMail(value, to: $0) }
        case .deadlines(let partition, let end):
            return try transaction(Int(partition)) { shard in
                try shard.fireDeadlines(
                    gifts: Timestamp(milliseconds: end), grace: nil, now: self.now, limit: .max, into: &self.effects)
                self.encodeEffects(of: shard)
            }
        }
    }

    /// What the end of grace writes.
    func expire(_ partition: Int32) throws -> [TestRecord] {
        try transaction(Int(partition)) { shard in
            try shard.fireDeadlines(
                gifts: nil, grace: self.now, now: self.now, limit: .max, into: &self.effects)
            self.encodeEffects(of: shard)
        }
    }

    /// What the shard says its gifts come to.
    func sums(of partition: Int32) -> CampaignOracle.Sums {
        let sums = shards[Int(partition)].record.sums
        return .init(
            grantedFen: sums.grantedFen, reversedFen: sums.reversedFen, confirmedFen: sums.confirmedFen)
    }

    private func transaction(_ partition: Int, _ apply: (Shard) throws -> Void) throws -> [TestRecord] {
        if random.chance(20) {
            try apply(shards[partition])
            shards[partition].rollback()
            written.removeAll()
            sent.removeAll()
        }
        try apply(shards[partition])
        shards[partition].forEachChange { topic, key, value in
            if topic == .state {
                self.changelogs[partition].append((Array(key.buffer), value.map { Array($0.buffer) }))
            }
        }
        shards[partition].commit()
        for letter in sent { mail[letter.partition].append(letter.value) }
        sent.removeAll()
        if random.chance(1) { shards[partition] = try restored(partition) }
        defer { written.removeAll() }
        return written
    }

    private func restored(_ partition: Int) throws -> Shard {
        let shard = Shard(partition: Int32(partition), partitionCount: partitions, campaign: campaign)
        // Compacted, as Kafka does it: the last value of each key, at its place.
        var last: [[UInt8]: Int] = [:]
        for (index, record) in changelogs[partition].enumerated() { last[record.key] = index }
        changelogs[partition] = changelogs[partition].indices.filter { last[changelogs[partition][$0].key] == $0 }
            .map { changelogs[partition][$0] }
        for (key, value) in changelogs[partition] {
            try key.withUnsafeBytes { key in
                guard let value else { return try shard.restore(key: Bytes(key), value: nil) }
                try value.withUnsafeBytes { try shard.restore(key: Bytes(key), value: Bytes($0)) }
            }
        }
        try shard.finishRestore(partitionCount: partitions)
        return shard
    }

    // MARK: Applying; the effects' texts live as long as the record's bytes

    private func apply(_ record: TestRecord, to shard: Shard) throws {
        var headers = Writer()
        for header in record.headers {
            Array(header.name.utf8).withUnsafeBytes { name in
                (header.value ?? []).withUnsafeBytes {
                    headers.putHeader(Bytes(name), header.value == nil ? nil : Bytes($0))
                }
            }
        }
        try (record.key ?? []).withUnsafeBytes { key in
            try (record.value ?? []).withUnsafeBytes { value in
                let topic = inputNames.firstIndex(of: record.topic).flatMap { InputTopic(rawValue: UInt8($0)) }
                let source = SourceRecord(
                    topic: topic ?? .recharges, partition: record.partition,
                    offset: record.offset, timestamp: Timestamp(milliseconds: record.timestamp),
                    key: record.key == nil ? nil : Bytes(key), value: record.value == nil ? nil : Bytes(value),
                    headers: Headers(bytes: headers.bytes))
                if topic == .requests {
                    try apply(request: source, to: shard)
                } else {
                    try apply(source, to: shard, cameByMail: false)
                }
            }
        }
    }

    private func apply(request source: SourceRecord, to shard: Shard) throws {
        let request = Result { () throws(LetterRequest.Refusal) in
            try LetterRequest(
                key: source.key, value: source.value, headers: source.headers, inputNames: inputNames)
        }
        guard case .success(let request) = request else { return }
        _ = try shard.apply(request, &decoder, now: now, into: &effects)
        encodeEffects(of: shard)
    }

    private func applyMail(_ value: [UInt8], to shard: Shard) throws {
        try value.withUnsafeBytes { bytes in
            switch try Mail(Bytes(bytes)) {
            case .claim(let claim):
                _ = try shard.apply(claim, now: now, into: &effects)
                encodeEffects(of: shard)
            case .forwarded(let source):
                try apply(source, to: shard, cameByMail: true)
            }
        }
    }

    private func apply(_ source: SourceRecord, to shard: Shard, cameByMail: Bool) throws {
        _ = try shard.apply(source, decoder.decode(source), cameByMail: cameByMail, now: now, into: &effects)
        encodeEffects(of: shard)
    }

    private func encodeEffects(of shard: Shard) {
        for effect in effects {
            encoder.encode(effect, of: shard.partition) { outgoing in
                let value = outgoing.value.map { Array($0.buffer) }
                if outgoing.topic == .mail {
                    self.sent.append((Int(outgoing.partition), value ?? []))
                } else {
                    self.written.append(self.record(outgoing, value))
                }
            }
        }
        effects.removeAll()
    }

    private func record(_ outgoing: OutgoingRecord, _ value: [UInt8]?) -> TestRecord {
        let topics: [OutputTopic: String] = [
            .bonusCredits: "bonus-credits", .smsNotifications: "sms-notifications", .deadLetters: "dead-letters",
            .deadLetterStatus: "dead-letter-status",
        ]
        var headers: [TestHeader] = []
        switch outgoing.headers {
        case .none: break
        case .cloudEvent: headers = [TestHeader("content-type", "application/cloudevents+json")]
        case .list(let list):
            list.forEach { name, value in
                headers.append(TestHeader(name: name.text, value: value.map { Array($0.buffer) }))
            }
        }
        return TestRecord(
            topic: topics[outgoing.topic] ?? "", partition: outgoing.partition, offset: 0,
            timestamp: now.milliseconds, key: outgoing.key.map { Array($0.buffer) }, value: value, headers: headers)
    }
}
