import Testing

@testable import Campaign

/// A shard of one partition that stories are played on: real JSON goes through the decoder into the shard, and a
/// claim comes back to it by its mail's bytes.
final class Stage {
    /// When the worker writes down what happens; it must not change a decision.
    enum Way: CaseIterable, Sendable {
        /// A transaction for each scene.
        case committing
        /// All scenes up to the next deadline in one transaction.
        case inOneBatch
        /// Each scene is decided, aborted and decided again.
        case aborting
        /// After each scene the shard is made anew from its changelog.
        case restoring
    }

    let way: Way
    private(set) var shard: Shard
    private(set) var changelog = Changelog()
    private var campaign: CampaignFile
    private var decoder = EventDecoder()
    private var encoder: EffectEncoder
    /// The letters as they were written last, by their ids.
    private var letters: [String: InputRecord] = [:]
    private var offset: Int64 = 0

    init(_ campaign: SeedCampaign, _ way: Way) throws {
        self.way = way
        self.campaign = try campaign.file()
        encoder = EffectEncoder(
            campaign: self.campaign, partitionCount: 1, inputNames: inputNames, creditsName: "bonus-credits",
            group: "recharge-worker")
        shard = Shard(partition: 0, partitionCount: 1, campaign: self.campaign)
        try shard.finishRestore(partitionCount: 1)
    }

    /// Plays a scene and says what it led to.
    func play(_ scene: Scene) throws -> String {
        let said: String
        switch scene.act {
        case .event(let topic, let text, let published):
            defer { offset += 1 }
            let record = InputRecord(
                topic: topic, offset: offset, published: try instant(published), key: Array(inviter.utf8),
                value: text.bytes)
            said = try twiceIfAborting { try apply(record) }
        case .request(let action, let letter, let time, let forged):
            let record = try request(action, letter, forged)
            said = try twiceIfAborting { try apply(request: record, now: instant(time)) }
        case .answersRead(let time):
            writeDown()
            said = try twiceIfAborting { try fire(gifts: instant(time), grace: nil) }
        case .everythingRead(let time):
            writeDown()
            said = try twiceIfAborting { try fire(gifts: nil, grace: instant(time)) }
        case .restart(let next):
            writeDown()
            campaign = try next.file()
            try restore()
            return ""
        }
        if way != .inOneBatch { writeDown() }
        if way == .restoring { try restore() }
        return said
    }

    private func twiceIfAborting(_ act: () throws -> String) throws -> String {
        let said = try act()
        guard way == .aborting else { return said }
        shard.rollback()
        let again = try act()
        return again == said ? said : "\(said), and after an abort: \(again)"
    }

    private func fire(gifts: Timestamp?, grace: Timestamp?) throws -> String {
        var effects: [Effect] = []
        let now = gifts ?? grace ?? Timestamp(microseconds: 0)
        try shard.fireDeadlines(gifts: gifts, grace: grace, now: now, limit: .max, into: &effects)
        return try effects.map { try words(of: $0, .waiting) }.joined(separator: "; ")
    }

    private func apply(_ record: InputRecord) throws -> String {
        try record.withSource { source in
            var effects: [Effect] = []
            let now = record.published + .seconds(1)
            let decision = try shard.apply(
                source, decoder.decode(source), cameByMail: false, now: now, into: &effects)
            var said = try effects.compactMap { try words(of: $0, decision) }
            switch decision {
            case .commanded, .dead, .answered: break
            case .counted: said.insert("counts", at: 0)
            case .waiting: said.insert("waits", at: 0)
            case .refused(let reason): said.insert("\(reason.name)", at: 0)
            case .forwarded: said.insert("forwarded", at: 0)
            }
            return said.joined(separator: "; ")
        }
    }

    /// A copy of the letter as it was written last, with the request's headers.
    private func request(_ action: LetterRequest.Action, _ letter: String, _ forged: Scene.Forgery?) throws
        -> InputRecord
    {
        var record = try #require(letters[letter], "\(letters.keys)")
        record.headers = [
            ("recharge.request.action", action.rawValue), ("recharge.request.by", "li"), ("recharge.request.why", "ok"),
        ]
        switch forged {
        case nil: break
        case .value: record.value?.append(UInt8(ascii: " "))
        case .spelling: record.key?.insert(contentsOf: "+86".utf8, at: 0)
        case .recordTime:
            record.rawHeaders.append(("recharge.letter.record-time", Array("2026-05-03T10:00:00+08:00".utf8)))
        }
        return record
    }

    private func apply(request record: InputRecord, now: Timestamp) throws -> String {
        try record.withSource { source in
            let request = try LetterRequest(
                key: source.key, value: source.value, headers: source.headers, inputNames: inputNames)
            var effects: [Effect] = []
            if let refusal = try shard.apply(request, &decoder, now: now, into: &effects) { return "\(refusal)" }
            return try effects.map { try words(of: $0, .waiting) }.joined(separator: "; ")
        }
    }

    private func keep(_ letter: Letter) {
        encoder.encode(.letter(letter), of: 0) { record in
            guard record.topic == .deadLetters, case .list(let headers) = record.headers else { return }
            var copy = InputRecord(
                published: letter.failedAt, key: record.key.map { Array($0.buffer) },
                value: record.value.map { Array($0.buffer) })
            headers.forEach { name, value in copy.rawHeaders.append((name.text, value.map { Array($0.buffer) } ?? [])) }
            letters[headers.text("recharge.letter.id")] = copy
        }
    }

    private func words(of effect: Effect, _ decision: Decision) throws -> String {
        switch effect {
        case .command(let command): return Self.words(of: command)
        case .claim(let claim): return try deliver(claim)
        case .forward: return "forward"
        case .letter(let letter):
            keep(letter)
            return "letter \(letter.fault.rejection.name)" + (letter.status.state == .parked ? " PARKED" : "")
        case .sentAgain(let command): return "again: \(Self.words(of: command))"
        case .status(let status): return Self.words(of: status)
        }
    }

    private static func words(of status: LetterStatus) -> String {
        switch status.name {
        case .record(let place): "\(status.state.rawValue) \(status.reason.name) \(place.topic)/\(place.offset)"
        case .gift(let id): "\(status.state.rawValue) \(status.reason.name) \(id.prefix)\(id.eventID.text)\(id.suffix)"
        }
    }

    private static func words(of command: Command) -> String {
        let lines = Benefit.allCases.filter { command.lines[$0] != 0 }
            .map { "\(command.lines[$0]) \($0.name)" }.joined(separator: " + ")
        return "\(command.id.message == .giftReversed ? "takes back" : "gift") \(lines)"
    }

    /// The claim goes through its mail to the helper, who is of the same shard here.
    private func deliver(_ claim: Claim) throws -> String {
        var mail = Writer()
        Mail.put(claim, into: &mail)
        guard case .claim(let read) = try Mail(mail.bytes), read == claim else { return "a claim changed by mail" }
        var effects: [Effect] = []
        if case .refused(let reason) = try shard.apply(read, now: claim.eventTime, into: &effects) {
            return "helper \(reason.name)"
        }
        guard case .command(let command)? = effects.first else { return "helper nothing" }
        return "helper \(command.lines.total)"
    }

    /// What is open at the end, as the shard says it and as it is.
    var openCounts: (said: OpenCounts, counted: OpenCounts) {
        get throws {
            writeDown()
            return (OpenCounts(saidBy: shard), try OpenCounts(countedIn: shard, changelog))
        }
    }

    private func writeDown() {
        shard.forEachChange { topic, key, value in
            if topic == .state { changelog.append(key: key, value: value) }
        }
        shard.commit()
    }

    private func restore() throws {
        shard = try changelog.shard(of: campaign)
    }
}

/// What a shard wrote to the changelog, as compaction leaves it.
struct Changelog {
    private(set) var records: [(key: [UInt8], value: [UInt8]?)] = []
    private var places: [[UInt8]: Int] = [:]

    mutating func append(key: Bytes, value: Bytes?) {
        let key = Array(key.buffer)
        let value = value.map { Array($0.buffer) }
        if let place = places[key] {
            records[place].value = value
        } else {
            places[key] = records.count
            records.append((key, value))
        }
    }

    /// The last value of each key.
    var latest: [[UInt8]: [UInt8]] {
        Dictionary(uniqueKeysWithValues: records.compactMap { record in record.value.map { (record.key, $0) } })
    }

    /// A shard made from it.
    func shard(of campaign: CampaignFile, partitionCount: Int32 = 1) throws -> Shard {
        let shard = Shard(partition: 0, partitionCount: partitionCount, campaign: campaign)
        for record in records {
            try record.key.withUnsafeBytes { key in
                guard let value = record.value else { return try shard.restore(key: Bytes(key), value: nil) }
                try value.withUnsafeBytes { try shard.restore(key: Bytes(key), value: Bytes($0)) }
            }
        }
        try shard.finishRestore(partitionCount: partitionCount)
        return shard
    }
}

/// Plays a story in a way and compares each scene's outcome.
func check(_ story: Story, _ way: Stage.Way) throws {
    let stage = try Stage(story.campaign, way)
    for (index, scene) in story.scenes.enumerated() {
        let said = try stage.play(scene)
        guard let expected = scene.expected else { continue }
        #expect(
            said == expected, "\(story.title) (\(way)), scene \(index + 1): \(scene.words)")
    }
    #expect(try stage.openCounts.said == stage.openCounts.counted, "\(story.title) (\(way))")
}
