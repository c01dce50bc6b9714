import Campaign
import Kafka
import Worker

/// The demo's second part: gifts that billing did not answer become letters, and ops replay them.
struct DemoLetters {
    /// Bounds the wait for the letters, in milliseconds.
    private static let patienceMs: Int64 = 20_000

    let settings: Settings
    let campaign: CampaignFile
    let partitions: Int32

    func play(_ billing: DemoBilling) throws(Changelog.Failure) {
        let counts = billing.journal.counts
        let confirmWithin = campaign.confirmWithin.microseconds / 1_000_000
        print([
            "", "到账确认 Gifts are waited for, topic credit-receipts",
            "  计费答复 \(counts.commands - counts.silent) 条，不答 \(counts.silent) 条；不答的 \(confirmWithin) 秒后转人工",
            "  billing answered \(counts.commands - counts.silent) commands and kept silent about \(counts.silent): after "
                + "\(confirmWithin) s these are letters",
        ])
        let asking = try asking()
        let places = try asking.ends()
        guard try waitForLetters(counts.silent, asking) else {
            return print(["  \(counts.silent) letters did not come within \(Self.patienceMs / 1000) s"])
        }
        print(["", "$ recharge-worker letters replay --reason GIFT_DELAYED"])
        let (plan, _) = try asking.plan(limit: nil)
        asking.show(plan, [])
        print(["", "$ recharge-worker letters replay --reason GIFT_DELAYED --execute --why \"计费已恢复\""])
        _ = try asking.execute(plan, by: "demo", why: "计费已恢复", .unbounded, from: places, StopWish())
    }

    private func asking() throws(Changelog.Failure) -> LetterAsking {
        let invocation = Invocation(
            verb: .lettersReplay, options: ["--reason": "GIFT_DELAYED"], environment: processEnvironment())
        let filter: LetterFilter
        do throws(Mistakes) {
            filter = try LetterFilter(invocation, states: [.open], settings.topics, now: Clock.now())
        } catch {
            throw .stop(Stop(.bug, error.all.joined(separator: "; ")))
        }
        let topics = LetterTopics(settings: settings, partitionCount: partitions)
        let call = LetterCall(invocation: invocation, settings: settings, topics: topics, filter: filter)
        return LetterAsking(call: call, action: .replay, campaign: campaign, isForced: false)
    }

    /// Waits until so many statuses tell of a delayed gift.
    private func waitForLetters(_ count: Int, _ asking: LetterAsking) throws(Changelog.Failure) -> Bool {
        let deadline = Clock.now().milliseconds + Self.patienceMs
        var reader = CommandReader()
        var found = 0
        do throws(KafkaFailure) {
            var statuses = try TopicFollower(
                settings.kafka, topics: [settings.topics.name(.deadLetterStatus)],
                from: (0..<partitions).map { TopicOffset(topic: 0, partition: $0, offset: TopicOffset.beginning) },
                log: { _, _ in })
            var batch = RecordBatch()
            while found < count, Clock.now().milliseconds < deadline {
                try statuses.read(into: &batch, maximum: 1000, timeoutMs: 200)
                for index in 0..<batch.count {
                    let status = batch[index].value.flatMap { reader.status(Bytes($0)) }
                    if status?.reason == "GIFT_DELAYED", status?.state == .open { found += 1 }
                }
                batch.release()
            }
        } catch {
            throw .kafka(error)
        }
        return found >= count
    }

    private func print(_ lines: [String]) { printLines(lines) }
}
