import TestSupport

extension HistoryGenerator {
    /// Appends an event's record, and remembers it for copies and reversals.
    mutating func publish(_ event: Published, isNew: Bool = true) {
        append(event.topic, event.subject, event.draft.bytes())
        guard isNew else { return }
        if event.kind == .recharge { recharges.append(event) } else { others.append(event) }
    }

    mutating func append(
        _ topic: EventTopic, _ subject: String, _ value: [UInt8]?, headers extra: [TestHeader] = []
    ) {
        var headers = extra
        if random.chance(10) { headers.append(TestHeader("content-type", "application/cloudevents+json")) }
        if random.chance(8) { headers.append(TestHeader("traceparent", "00-header-\(nextID)-01")) }
        let key: [UInt8]? =
            random.chance(95) ? Array(subject.utf8) : random.pick([nil, [], Array("13415300001".utf8), [0xFF, 0]])
        records.append(
            TestRecord(
                topic: options.topicsPrefix + topic.rawValue, partition: partition(topic, subject), offset: 0,
                timestamp: now, key: key, value: value, headers: headers))
        subjects.append(subject)
    }

    /// Mostly the subject's; a confluent history has all of a subscriber's events on a topic in one partition.
    private mutating func partition(_ topic: EventTopic, _ subject: String) -> Int32 {
        let right = SubscriberNumber.partition(of: subject, among: options.partitions)
        if options.isConfluent {
            let isMisplaced = (subject + topic.rawValue).utf8.reduce(seed) { ($0 &* 31) &+ UInt64($1) } % 7 == 0
            return isMisplaced ? (right + 1) % options.partitions : right
        }
        return random.chance(92) ? right : Int32.random(in: 0..<options.partitions, using: &random)
    }

    /// When an event happened that is published now: mostly a moment ago; now and then much earlier, at a boundary, or
    /// outside of the window.
    mutating func eventTime() -> Int64 {
        let campaign = options.campaign
        let boundaries =
            [campaign.start, campaign.start - 1, campaign.end - 1, campaign.end] + campaign.versions.map(\.from)
            + campaign.versions.map { $0.from - 1 }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<5: return latest(random.pick(boundaries))
        case 5..<9: return latest(campaign.start - Int64.random(in: 1...5 * 86_400_000, using: &random))
        case 9..<12 where options.clock == .campaign: return now + Int64.random(in: 0...300_000, using: &random)
        case 12..<50: return latest(now - Int64.random(in: 0...3_600_000, using: &random))
        case 50..<75: return latest(now - Int64.random(in: 0...3 * 86_400_000, using: &random))
        default:
            let upTo = min(now, campaign.end - 1)
            guard upTo > campaign.start else { return now }
            return Int64.random(in: campaign.start...upTo, using: &random)
        }
    }

    /// Not in the future.
    private func latest(_ time: Int64) -> Int64 { min(time, now) }

    /// One of the spellings of an instant; the last has digits beyond milliseconds.
    mutating func spelled(_ time: Int64) -> String {
        let text = ChinaTime.text(time)
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<3: return ChinaTime.utcText(time)
        case 3 where time % 1_000 == 0: return ChinaTime.seconds(time)
        case 4: return text.dropLast(6) + "123456+08:00"
        case 5: return ChinaTime.utcText(time).lowercased()
        case 6: return ChinaTime.utcText(time - 5 * 3_600_000 - 1_800_000).dropLast() + "-05:30"
        default: return text
        }
    }

    /// One of the spellings of a number.
    mutating func spelled(_ number: String) -> String {
        switch Int.random(in: 0..<25, using: &random) {
        case 0: return "+86" + number
        case 1: return "0086" + number
        case 2: return "86 " + number
        case 3: return "+86 \(number.prefix(3))-\(number.dropFirst(3).prefix(4))-\(number.suffix(4))"
        case 4:
            var wide = ""
            for digit in number.unicodeScalars {
                if let scalar = Unicode.Scalar(digit.value - 48 + 0xFF10) { wide.unicodeScalars.append(scalar) }
            }
            return wide
        default: return number
        }
    }
}
