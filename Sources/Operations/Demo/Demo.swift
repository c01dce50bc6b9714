import Campaign
import Kafka
import Worker

/// A campaign around today in this process: librdkafka's mock broker, seeded events and the worker itself over them.
struct Demo {
    private static let partitions: Int32 = 4
    /// Bounds the wait for the worker and that for each single answer, in milliseconds.
    private static let workMs: Int32 = 30_000
    private static let callMs: Int32 = 5_000

    private let cluster: MockCluster
    private let settings: Settings
    private let campaign: CampaignFile
    private let traffic: DemoTraffic
    private let billing: DemoBilling

    /// Shows what the worker makes of the events. With `staysUp` the broker and the worker go on until Ctrl-C.
    static func run(staysUp: Bool) -> ExitCode {
        let signals = StopSignals()
        do {
            return try Demo().play(signals, staysUp: staysUp)
        } catch {
            complain("can't run: \(error)")
            return .failed
        }
    }

    private init() throws {
        let now = Clock.now()
        cluster = try MockCluster { _, _ in }
        // It lives as long as the process: clients that are still closing would complain.
        _ = Unmanaged.passRetained(cluster)
        settings = try Settings(
            environment: [
                "KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrapServers, "WORKER_ID": "demo", "HTTP_ADDRESS": "off",
                "LOG_LEVEL": "error", "LOG_FORMAT": "text",
            ], flags: [])
        campaign = try DemoCampaign.around(now)
        traffic = DemoTraffic(window: campaign.window, until: now)
        for role in TopicRole.allCases {
            try cluster.createTopic(settings.topics.name(role), partitions: Self.partitions)
        }
        billing = DemoBilling(settings, partitions: Self.partitions)
    }

    private func play(_ signals: StopSignals, staysUp: Bool) throws -> ExitCode {
        let started = Clock.now()
        try publish()
        let lanes = RunningLanes(
            settings, campaign, partitionCount: Self.partitions, Vitals(campaign, lanes: settings.lanes))
        signals.whenStopped { lanes.askToStop() }
        defer { billing.stop.wish() }
        guard try isDone(lanes) else {
            lanes.askToStop()
            let end = lanes.waitForEnd()
            complain("was stopped, or took more than \(Self.workMs / 1000) s")
            return end == .ok ? .failed : end
        }
        let took = Clock.now().milliseconds - started.milliseconds
        let report = DemoReport(
            campaign: campaign, servers: cluster.bootstrapServers, partitions: Self.partitions, traffic: traffic,
            results: try results(), milliseconds: took)
        show(report.lines)
        try DemoLetters(settings: settings, campaign: campaign, partitions: Self.partitions).play(billing)
        show(report.promise + (staysUp ? report.looking + ["Ctrl-C 结束 ends it"] : report.ending))
        if !staysUp { lanes.askToStop() }
        return lanes.waitForEnd()
    }

    private func publish() throws(KafkaFailure) {
        let roles = [TopicRole.rechargeEvents, .assistEvents]
        var outbox = Outbox()
        for event in traffic.events {
            guard let topic = roles.firstIndex(of: event.topic) else { continue }
            var (key, value) = (event.key, event.value)
            key.withUTF8 { key in
                value.withUTF8 { value in
                    outbox.append(
                        topic: topic, partition: event.partition(of: Self.partitions),
                        key: UnsafeRawBufferPointer(key), value: UnsafeRawBufferPointer(value))
                }
            }
        }
        let producer = try Producer(settings.kafka, topics: roles.map(settings.topics.name)) { _, _ in }
        try producer.send(outbox, timeoutMs: Self.callMs)
    }

    /// Waits until the worker has done all events, the mail that its shards wrote about them and billing's answers.
    private func isDone(_ lanes: RunningLanes) throws(KafkaFailure) -> Bool {
        let roles = [TopicRole.campaignMail, .creditReceipts, .bonusCredits]
        let ends = try WatermarkReader(settings.kafka, topics: roles.map(settings.topics.name)) { _, _ in }
        func end(_ role: TopicRole) throws(KafkaFailure) -> Int {
            var sum: Int64 = 0
            for partition in 0..<Self.partitions {
                let topic = roles.firstIndex(of: role) ?? 0
                sum += try ends.read(topic: topic, partition: partition, timeoutMs: Self.callMs).high
            }
            return Int(sum)
        }
        let deadline = Clock.now() + .seconds(Int64(Self.workMs / 1000))
        var expected = traffic.events.count
        while Clock.now() < deadline {
            guard lanes.wait(forRecords: expected, atMostMs: Self.workMs) else { return false }
            let all = traffic.events.count + (try end(.campaignMail)) + (try end(.creditReceipts))
            if all == expected {
                if billing.journal.pending == 0, billing.journal.counts.commands == (try end(.bonusCredits)) {
                    return true
                }
                _ = lanes.wait(forRecords: expected + 1, atMostMs: 50)
            }
            expected = all
        }
        return false
    }

    private func results() throws(KafkaFailure) -> DemoResults {
        var results = DemoResults()
        let places = DemoResults.topics.indices.flatMap { topic in
            (0..<Self.partitions).map {
                TopicOffset(topic: topic, partition: $0, offset: TopicOffset.beginning)
            }
        }
        var reader = try TopicReader(
            settings.kafka, topics: DemoResults.topics.map(settings.topics.name), from: places,
            timeoutMs: Self.callMs, log: { _, _ in })
        var batch = RecordBatch()
        let deadline = Clock.now() + .seconds(Int64(Self.workMs / 1000))
        while !reader.isFinished, Clock.now() < deadline {
            try reader.read(into: &batch, maximum: 1000, timeoutMs: 1000)
            for index in 0..<batch.count { results.add(batch[index]) }
            batch.release()
        }
        return results
    }

    private func show(_ lines: [String]) {
        FileDescriptor.standardOutput.write(lines.map { masked($0) + "\n" }.joined())
    }
}

private func complain(_ what: String) {
    FileDescriptor.standardError.write("recharge-worker: the demo \(masked(what))\n")
}
