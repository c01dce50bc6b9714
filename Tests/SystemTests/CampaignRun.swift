import Foundation
import Oracle
import TestSupport
import Testing

/// A campaign of its own on the shared broker: topics, campaign file, workers, and the oracle's judgement at the end.
final class CampaignRun {
    /// Of each topic, where nothing else is asked for.
    static let partitions: Int32 = 4
    static let inputs = ["recharge-events", "assist-events"]
    /// What billing and ops write.
    static let answers = ["credit-receipts", "letter-requests"]
    static let others = ["campaign-mail", "campaign-state", "campaign-stats"]
    static let outputs = ["bonus-credits", "sms-notifications", "dead-letters", "dead-letter-status"]

    let server: KafkaServer
    let prefix: String
    let partitions: Int32
    private(set) var group: String
    let folder: URL
    var campaign: OracleCampaign
    private var offsets: GroupOffsets

    /// Makes the topics with the binary, and writes the campaign's files.
    init(
        _ campaign: OracleCampaign, partitions: Int32 = CampaignRun.partitions, on server: KafkaServer? = nil
    ) throws {
        self.server = try server ?? KafkaServer.shared()
        self.partitions = partitions
        prefix = "t\(UInt32.random(in: 0 ... .max))."
        self.campaign = campaign
        folder = FileManager.default.temporaryDirectory.appending(path: "campaign-\(UUID().uuidString)")
        // A group of its own: it need not wait for members that earlier tests stopped.
        group = prefix + "group"
        offsets = try GroupOffsets(bootstrapServers: self.server.bootstrapServers, group: group)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try writeCampaign()
        let made = try WorkerProcess.run(["topics", "create"], environment: environment(worker: "admin"))
        guard made.exitCode == 0 else { throw TestFailure("topics create: \(made.lines)") }
    }

    /// A broker that serves many runs, in a proof of hours, need not keep them all.
    deinit {
        try? FileManager.default.removeItem(at: folder)
        try? TestAdmin(bootstrapServers: server.bootstrapServers)
            .deleteTopics((Self.inputs + Self.answers + Self.outputs + Self.others).map { prefix + $0 })
    }

    /// The window that is open now, wide enough for every history.
    static func openCampaign() -> OracleCampaign {
        let now = milliseconds(Date())
        let day: Int64 = 86_400_000
        var campaign = OracleCampaign.varied(start: (now / day - 10) * day, end: (now / day + 10) * day)
        // Nobody answers gifts here, also where a run takes hours.
        campaign.confirmWithin = day
        return campaign
    }

    static func milliseconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970 * 1000) }

    func writeCampaign() throws {
        try campaign.yaml().write(to: folder.appending(path: "campaign.yaml"), atomically: true, encoding: .utf8)
        try campaign.segmentsText.write(to: folder.appending(path: "segments.txt"), atomically: true, encoding: .utf8)
    }

    func environment(worker: String, _ more: [String: String] = [:]) -> [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": server.bootstrapServers, "TOPICS_PREFIX": prefix,
            "TOPICS_PARTITIONS": "\(partitions)", "WORKER_ID": worker, "WORKER_GROUP": group,
            "HTTP_ADDRESS": "off",
            "CAMPAIGN_FILE": folder.appending(path: "campaign.yaml").path,
        ].merging(more) { _, given in given }
    }

    func start(_ worker: String = "a", _ more: [String: String] = [:]) throws -> WorkerProcess {
        try WorkerProcess(arguments: ["run"], environment: environment(worker: worker, more))
    }

    /// A history for these topics, whose outcome does not depend on how shards interleave their topics.
    func history(events: Int, seed: UInt64, subscribers: Int = 60) -> History {
        var options = HistoryOptions(campaign: campaign)
        options.events = events
        options.partitions = partitions
        options.subscribers = subscribers
        options.clock = .now(Self.milliseconds(Date()))
        options.isConfluent = true
        options.topicsPrefix = prefix
        var generator = HistoryGenerator(options, seed: seed)
        return generator.history()
    }

    /// Uses the history's campaign, which has override lists of its own.
    func adopt(_ history: History) throws {
        campaign = history.options.campaign
        try writeCampaign()
    }

    /// A recharge of 100 yuan a minute ago, in its subscriber's partition.
    func recharge(_ id: String, of number: String = "13416000001") -> TestRecord {
        let time = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -60))
        let value =
            #"{"specversion":"1.0","id":"\#(id)","source":"/b","type":"recharge.completed.v1","time":"\#(time)","#
            + #""subject":"\#(number)","data":{"amountFen":10000,"channel":"app"}}"#
        return TestRecord(
            topic: prefix + Self.inputs[0], partition: SubscriberNumber.partition(of: number, among: partitions),
            offset: 0, timestamp: 0, key: Array(number.utf8), value: Array(value.utf8))
    }

    func publish(_ records: some Sequence<TestRecord>) throws {
        let producer = try TestProducer(bootstrapServers: server.bootstrapServers)
        for record in records {
            try producer.produce(
                topic: record.topic, partition: record.partition, key: record.key, value: record.value,
                headers: record.headers)
        }
        try producer.flush()
    }

    func read(_ topic: String) throws -> [TestRecord] {
        try TestReader.readAll(bootstrapServers: server.bootstrapServers, topic: prefix + topic)
    }

    /// How many records are committed on the inputs.
    func consumed() throws -> Int64 {
        try Self.inputs.flatMap(committed).reduce(0) { $0 + max(0, $1) }
    }

    /// The committed offset of each partition of an input, -1 where there is none.
    func committed(_ topic: String) throws -> [Int64] {
        try offsets.committed(prefix + topic, partitions: partitions)
    }

    /// Waits until at least so many input records are consumed.
    func waitUntilConsumed(_ count: Int64, timeout: Duration = .seconds(120)) throws {
        try wait(timeout, "\(count) consumed records") { try self.consumed() >= count }
    }

    /// Waits until everything is decided and to be seen.
    func waitUntilIdle(timeout: Duration = .seconds(180)) throws {
        let mail = try mailReader()
        try wait(timeout, "the end of all work") { try self.isIdle(mail) }
    }

    /// A reader of the mail for `isIdle`.
    func mailReader() throws -> TestReader {
        try TestReader(bootstrapServers: server.bootstrapServers, topic: prefix + "campaign-mail")
    }

    /// Whether everything is decided and to be seen: the inputs are consumed to their ends, and so is the mail that came
    /// of them.
    ///
    /// The order of the questions matters: what had been consumed has brought its mail by the time that no transaction
    /// is open any more, and this mail must be among what had been consumed.
    func isIdle(_ mailReader: TestReader) throws -> Bool {
        for input in Self.inputs + Self.answers {
            let ends = try offsets.ends(prefix + input, partitions: partitions)
            guard try committed(input) == ends else { return false }
        }
        let consumed = try committed("campaign-mail")
        for topic in ["campaign-mail"] + Self.outputs {
            let isOpen = try offsets.hasOpenTransactions(prefix + topic, partitions: partitions)
            guard !isOpen else { return false }
        }
        try mailReader.readToEnd()
        return mailReader.records.allSatisfy { $0.offset < consumed[Int($0.partition)] }
    }

    /// Makes the broker forget the group with its offsets, once its members are gone.
    func forgetGroup() throws { try offsets.forget() }

    /// Lets all workers from now on belong to another group.
    func changeGroup() throws {
        group += "-new"
        offsets = try GroupOffsets(bootstrapServers: server.bootstrapServers, group: group)
    }

    func wait(_ timeout: Duration, _ what: String, until isDone: () throws -> Bool) throws {
        let end = ContinuousClock.now + timeout
        while try !isDone() {
            guard ContinuousClock.now < end else { throw TestFailure("\(what) did not come within \(timeout)") }
            offsets.pause()
        }
    }

    /// Every difference between what the worker wrote and what the contract says about what it read.
    func problems(afterGrace: Bool = false) throws -> [String] {
        let (oracle, outcomes) = try judge(afterGrace: afterGrace)
        return comparison.problems(oracle, outcomes, try written())
    }

    /// All that the worker committed for others.
    func written() throws -> [TestRecord] {
        let written = try Self.outputs.flatMap { try read($0) }
        for record in written where record.topic == prefix + "dead-letters" { Transcript.append(headersOf: record) }
        for record in written where record.topic == prefix + "dead-letter-status" {
            Transcript.append("\(record.keyText ?? "") \(record.valueText ?? "")")
        }
        WrittenMessages.append(try written + read("campaign-stats"), topicsPrefix: prefix)
        return written
    }

    /// Every difference between what is written and what the contract says about the records before the committed
    /// offsets, while there is no mail.
    func problemsAtCommittedOffsets() throws -> [String] {
        let decided = try Self.inputs.flatMap { input in
            let committed = try self.committed(input)
            return try read(input).filter { $0.offset < committed[Int($0.partition)] }
        }
        let (oracle, outcomes) = judge(decided, afterGrace: false)
        return comparison.problems(oracle, outcomes, try Self.outputs.flatMap { try read($0) })
    }

    var comparison: Comparison {
        Comparison(campaign, partitions: partitions, topicsPrefix: prefix, group: group)
    }

    /// What the oracle says about all that stands in the inputs.
    func judge(afterGrace: Bool) throws -> (oracle: CampaignOracle, outcomes: [Outcome]) {
        judge(try Self.inputs.flatMap { try read($0) }, afterGrace: afterGrace)
    }

    /// What is decided about each record where it is read, as if no mail came.
    func decisions(on records: [TestRecord]) -> [Decision?] {
        var oracle = CampaignOracle(campaign, partitions: partitions, topicsPrefix: prefix)
        return records.map { oracle.step(.record($0))?.decision }
    }

    /// Records that are decided by themselves where they are read, and those that send or use mail.
    func split(_ history: History) -> (own: [TestRecord], others: [TestRecord]) {
        let records = zip(history.records, decisions(on: history.records))
        func isOwn(_ record: TestRecord, _ decision: Decision?) -> Bool {
            record.topic == prefix + Self.inputs[0] && decision != .forwarded
        }
        return (records.filter(isOwn).map(\.0), records.filter { !isOwn($0, $1) }.map(\.0))
    }

    private func judge(
        _ records: [TestRecord], afterGrace: Bool
    ) -> (oracle: CampaignOracle, outcomes: [Outcome]) {
        var oracle = CampaignOracle(campaign, partitions: partitions, topicsPrefix: prefix)
        var outcomes = oracle.judge(records) + oracle.readAllMail()
        if afterGrace { for shard in 0..<partitions { outcomes.append(oracle.expire(shard: shard)) } }
        return (oracle, outcomes)
    }

    /// Ends a worker as an operator does, and sees that it ends well.
    func stop(_ worker: WorkerProcess) throws {
        worker.terminate()
        let code = try worker.waitForExit(timeout: .seconds(15))
        #expect(code == 0, "\(worker.lines.suffix(5))")
    }
}
