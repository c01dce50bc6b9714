import Campaign
import Kafka
import Synchronization

extension Vitals {
    /// All metrics. Every sample stands there from the start, at 0 where nothing happened yet.
    func metrics(now: Timestamp, monotonicMs: Int64) -> String {
        var page = MetricsText()
        page.put(about: self, now: now, monotonicMs: monotonicMs)
        // Read in the lock: where a copy's arrays were given back, a thread sanitizer does not see it.
        figures.withLock { figures in
            page.put(figures.tally)
            page.putTransactions(figures)
            page.putShards(figures, nowMs: now.milliseconds)
            page.putGifts(figures.shards.flatMap { $0 }, now: now)
        }
        return page.text
    }
}

extension MetricsText {
    fileprivate mutating func put(about vitals: Vitals, now: Timestamp, monotonicMs: Int64) {
        begin("build_info", .gauge, "What runs, 1.")
        sample(Int64(1), ["version": Release.version, "librdkafka": Kafka.version()])
        let campaign = vitals.campaign
        begin("campaign_info", .gauge, "The campaign, 1.")
        sample(Int64(1), ["campaign": campaign.campaign])
        put(
            "rules_version", .gauge, "The version of the rules that is in force now; 0 before the first.",
            campaign.versions.last { $0.from <= now }?.version ?? 0)
        put(
            "campaign_start_timestamp_seconds", .gauge, "When the campaign's window begins.",
            campaign.window.start.seconds)
        put("campaign_end_timestamp_seconds", .gauge, "When the campaign's window ends.", campaign.window.end.seconds)
        put(
            "ready", .gauge, "1 while /readyz says so.",
            Int64(vitals.readiness.allSatisfy(\.holds) ? 1 : 0))
        put(
            "live", .gauge, "1 while /livez says so.",
            Int64(vitals.liveness(nowMs: monotonicMs).allSatisfy(\.holds) ? 1 : 0))
    }

    fileprivate mutating func put(_ tally: Tally) {
        begin("records_total", .counter, "Records that were decided, by what they were and what became of them.")
        for input in Tally.Input.allCases {
            for outcome in Tally.Outcome.allCases {
                sample(
                    tally.decisions[Int(input.rawValue)][outcome], ["type": "\(input)", "outcome": "\(outcome)"])
            }
        }
        begin("refusals_total", .counter, "How often the rules said no, by their reason.")
        for reason in Reason.allCases { sample(tally.refusals[reason], ["reason": "\(reason.name)"]) }
        begin("letters_total", .counter, "Dead letters that were written, by their reason.")
        for rejection in Rejection.allCases { sample(tally.letters[rejection], ["reason": "\(rejection.name)"]) }
        begin("commands_total", .counter, "Credit commands.")
        for movement in Tally.Movement.allCases { sample(tally.commands[movement], ["command": "\(movement)"]) }
        put(
            "commands_resent_total", .counter, "Credit commands that were sent once more, for their letters.",
            tally.resent)
        begin("command_lines_total", .counter, "Credit commands with a line of the benefit.")
        put(tally.lines)
        begin("command_fen_total", .counter, "Fen that were commanded, by benefit.")
        put(tally.fen)
        put("sms_total", .counter, "SMS commands.", tally.messages)
        put("sms_segments_total", .counter, "Single SMS that the SMS commands take.", tally.segments)
    }

    private mutating func put(_ byMovement: [Counts<Benefit>]) {
        for movement in Tally.Movement.allCases {
            for benefit in Benefit.allCases {
                sample(
                    byMovement[Int(movement.rawValue)][benefit],
                    ["command": "\(movement)", "benefit": "\(benefit.name)"])
            }
        }
    }

    fileprivate mutating func putTransactions(_ figures: Figures) {
        begin("transactions_total", .counter, "Transactions; aborted are also those whose end nobody knows.")
        sample(figures.committed, ["outcome": "committed"])
        sample(figures.aborted, ["outcome": "aborted"])
        begin("commit_duration_seconds", .histogram, "From a transaction's begin to its commit.")
        sample(figures.commits)
        begin("event_duration_seconds", .histogram, "From an event's publication to the commit of its decision.")
        sample(figures.events)
        put("restores_total", .counter, "How often a lane restored shards.", figures.restores)
        put("last_restore_duration_seconds", .gauge, "How long the last restore took.", figures.lastRestoreSeconds)
    }

    fileprivate mutating func putShards(_ figures: Figures, nowMs: Int64) {
        let shards = figures.shards.flatMap { $0 }
        put("partitions", .gauge, "Partitions that this worker decides.", Int64(shards.count))
        put("subscribers", .gauge, "Subscribers in memory.", Int64(shards.reduce(0) { $0 + $1.subscribers }))
        let progress = figures.progress
        let behind = InputTopic.allCases.map { ($0.role.rawValue, figures.lag.behind($0, progress, nowMs: nowMs)) }
        begin("lag_records", .gauge, "Offsets between what was decided and the ends of the partitions.")
        for (topic, lag) in behind { sample(lag.records, ["topic": topic]) }
        begin("lag_seconds", .gauge, "For how long the oldest record that waits has waited, at most.")
        for (topic, lag) in behind { sample(lag.seconds, ["topic": topic]) }
    }
}

extension MetricsText {
    fileprivate mutating func putGifts(_ shards: [Figures.OfShard], now: Timestamp) {
        put("gifts_open", .gauge, "Commands that billing has to answer.", shards.reduce(0) { $0 + $1.giftsOpen })
        let oldest = shards.compactMap(\.oldestGift).min()
        put(
            "oldest_open_gift_age_seconds", .gauge, "For how long the oldest of them has waited; 0 when there is none.",
            oldest.map { max(0, now.seconds - $0.seconds) } ?? 0)
        begin("letters_open", .gauge, "Dead letters that are neither RESOLVED nor DISCARDED, by their reason.")
        for rejection in Rejection.allCases {
            sample(shards.reduce(0) { $0 + $1.lettersOpen[rejection] }, ["reason": "\(rejection.name)"])
        }
    }
}

extension Timestamp {
    fileprivate var seconds: Double { Double(milliseconds) / 1000 }
}
