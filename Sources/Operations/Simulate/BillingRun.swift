import Campaign
import Kafka
import Synchronization
import Worker

/// What a running billing system has done so far, for another thread to see.
final class BillingJournal: Sendable {
    private let entry = Mutex((counts: SimulatedBilling.Counts(), pending: 0))

    var counts: SimulatedBilling.Counts { entry.withLock { $0.counts } }

    /// How many answers are not sent yet.
    var pending: Int { entry.withLock { $0.pending } }

    func note(_ counts: SimulatedBilling.Counts, pending: Int) { entry.withLock { $0 = (counts, pending) } }
}

/// A billing system to play against: takes commands from `bonus-credits` and answers on `credit-receipts`.
struct BillingRun: ~Copyable, CommandTaker {
    private let run: SimulationRun
    private let delayMs: Int64
    private let lateBy: Duration
    private var billing: SimulatedBilling
    private var reader = CommandReader()
    private var answers = AnswerQueue()
    private let producer: Producer
    private let journal: BillingJournal

    init(
        _ run: SimulationRun, _ billing: SimulatedBilling, delayMs: Int64, lateBy: Duration,
        _ journal: BillingJournal = BillingJournal()
    ) throws(KafkaFailure) {
        self.run = run
        self.delayMs = delayMs
        self.lateBy = lateBy
        self.billing = billing
        self.journal = journal
        producer = try Producer(run.settings.kafka, topics: [run.settings.topics.name(.creditReceipts)]) { _, _ in }
    }

    /// Answers until it is to end; what it did, in words.
    mutating func perform() throws(KafkaFailure) -> [String] {
        try recallAnswers()
        try run.run(&self)
        try send(answers.takePunctual())
        return report
    }

    /// Its memory is the topic of its answers: what it executed once it never executes again.
    private mutating func recallAnswers() throws(KafkaFailure) {
        var topic = try TopicReader(
            run.settings.kafka, topics: [run.settings.topics.name(.creditReceipts)],
            from: (0..<run.partitions).map { TopicOffset(topic: 0, partition: $0, offset: TopicOffset.beginning) },
            timeoutMs: brokerTimeoutMs, log: { _, _ in })
        var batch = RecordBatch()
        while !topic.isFinished {
            try topic.read(into: &batch, maximum: 1000, timeoutMs: 1000)
            for index in 0..<batch.count {
                guard let receipt = batch[index].value.flatMap({ reader.receipt(Bytes($0)) }) else { continue }
                billing.recall(receipt.commandID, isCredited: receipt.isCredited, fen: receipt.creditedFen)
            }
            batch.release()
        }
    }

    mutating func take(_ command: Record) {
        guard let credit = command.value.flatMap({ reader.credit(Bytes($0)) }), let answer = billing.answer(credit)
        else { return }
        let now = Clock.now()
        // Made of the command's place: unique, and short whatever the command's id.
        let id = "answer/\(command.partition)/\(command.offset)"
        let due = Timestamp(milliseconds: now.milliseconds + delayMs) + (answer.isLate ? lateBy : .seconds(0))
        let receipt = PendingReceipt(
            subject: credit.subject, value: receiptText(id, answer, credit, now), isLate: answer.isLate)
        for _ in 0..<(answer.isDoubled ? 2 : 1) { answers.add(receipt, due: due) }
    }

    mutating func act(_ now: Timestamp) throws(KafkaFailure) -> Timestamp? {
        try send(answers.takeDue(now))
        journal.note(billing.counts, pending: answers.count)
        return answers.nextDue
    }

    private func send(_ receipts: [PendingReceipt]) throws(KafkaFailure) {
        guard !receipts.isEmpty else { return }
        var outbox = Outbox()
        for receipt in receipts {
            var (key, value) = ("\(receipt.subject.value)", receipt.value)
            key.withUTF8 { key in
                value.withUTF8 { value in
                    outbox.append(
                        topic: 0, partition: receipt.subject.partition(of: run.partitions),
                        key: UnsafeRawBufferPointer(key), value: UnsafeRawBufferPointer(value))
                }
            }
        }
        try producer.send(outbox, timeoutMs: brokerTimeoutMs)
    }

    private func receiptText(
        _ id: String, _ answer: SimulatedBilling.Answer, _ command: PublishedCredit, _ now: Timestamp
    ) -> String {
        var data = JSONLine()
        data.put("commandId", command.id)
        data.put("outcome", answer.isCredited ? "credited" : "rejected")
        data.put("creditedFen", answer.creditedFen)
        data.put("reason", answer.reason)
        var envelope = JSONLine()
        envelope.put("specversion", "1.0")
        envelope.put("id", id)
        envelope.put("source", "/simulated-billing")
        envelope.put("type", "credit.settled.v1")
        envelope.put("time", now.description)
        envelope.put("subject", "\(command.subject.value)")
        if answer.reason != nil { data.put("retryable", answer.isRetryable) }
        envelope.put("data", data)
        return envelope.text
    }

    private var report: [String] {
        let counts = billing.counts
        return [
            "\(counts.commands) commands, \(counts.copies) of them copies: \(counts.credited) executed, "
                + "\(yuan(counts.creditedFen)) yuan credited, \(yuan(counts.takenBackFen)) taken back",
            "\(counts.rejected) rejected, \(counts.wrong) with a wrong amount, \(counts.silent) not answered, "
                + "\(counts.late) answered late, \(counts.doubled) answered twice",
        ] + (answers.count > 0 ? ["\(answers.count) late answers were not due yet and are lost"] : [])
    }
}
