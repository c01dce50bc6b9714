import Campaign
import Kafka
import Worker

/// Carries a plan out: sends its requests at a pace, oldest first, and follows what becomes of them.
struct LetterExecution: ~Copyable {
    /// So long the worker may say nothing before it is given up, in milliseconds.
    private static let workerPatienceMs: Int64 = 30_000
    /// So long after a command's time billing may say nothing, in milliseconds.
    private static let billingPatienceMs: Int64 = 30_000

    /// So long a committed command may be invisible while its status is not, in milliseconds.
    private static let paymentPatienceMs: Int64 = 5000

    private let requests: [RequestRecord]
    private let letters: [PlannedLetter]
    private let pace: RequestPace
    private let stop: StopWish
    /// How long billing has to answer.
    private let confirmWithin: Duration
    private let producer: Producer
    private var follower: TopicFollower
    private var progress: Progress
    private var schedule: RequestSchedule
    private(set) var outcomes: LetterOutcomes

    /// How many requests are sent.
    private(set) var sent = 0
    /// The letter whose turn it is.
    private var next = 0
    private var waveSize = 1
    private var waveEnd: Int
    private var sentFen: Fen = 0
    private var lastSent = Clock.now()
    private var lastNews = Clock.now()

    /// `places` are where the followed topics ended before the plan was made.
    init(
        _ plan: LetterPlan, by: String, why: String, _ pace: RequestPace, _ settings: Settings,
        from places: [TopicOffset], confirmWithin: Duration, _ stop: StopWish
    ) throws(KafkaFailure) {
        // A letter may have 2 MiB, and a request more.
        let producer = try Producer(
            settings.kafka.overlaid(with: ["message.max.bytes": "10485760"]),
            topics: [settings.topics.name(.letterRequests)], log: { _, _ in })
        let follower = try TopicFollower(
            settings.kafka, topics: LetterOutcomes.topics.map(settings.topics.name), from: places, log: { _, _ in })
        self.producer = producer
        self.follower = follower
        letters = plan.sent
        // Unique over runs, so that a request is found in the worker's log.
        let run = String(Clock.now().microseconds, radix: 36)
        requests = letters.enumerated().map { index, planned in
            RequestRecord(letter: planned.stored, action: plan.action, id: "\(run)-\(index + 1)", by: by, why: why)
        }
        self.pace = pace
        self.stop = stop
        self.confirmWithin = confirmWithin
        waveEnd = pace.firstWave(of: letters.count)
        outcomes = LetterOutcomes(letters, settings.topics)
        progress = Progress(total: letters.count)
        schedule = RequestSchedule(rate: pace.rate)
    }

    /// Sends and follows to the end, or until something stops it: says what, nil when all is known.
    mutating func run() throws(KafkaFailure) -> String? {
        defer { progress.clear() }
        passClosed()
        var reason = reasonToStop()
        while reason == nil, next < letters.count || outcomes.count({ !$0.isFinal }) > 0 {
            widenWave()
            try sendDue()
            try readNews()
            progress.show(outcomes, waitsUntil: billingsTime)
            passClosed()
            reason = reasonToStop()
        }
        // A letter's status may be read before the command that resolved it.
        let deadline = Clock.now().milliseconds + Self.paymentPatienceMs
        while outcomes.lacksPayments, Clock.now().milliseconds < deadline { try readNews() }
        return reason ?? overpayment
    }

    private mutating func readNews() throws(KafkaFailure) {
        var batch = RecordBatch()
        try follower.read(into: &batch, maximum: 1000, timeoutMs: RequestSchedule.tickMs)
        for index in 0..<batch.count where outcomes.add(batch[index]) { lastNews = Clock.now() }
        batch.release()
    }

    private var overpayment: String? {
        guard outcomes.paidFen > outcomes.plannedFen else { return nil }
        return "\(money(outcomes.paidFen)) yuan were paid, more than the plan's \(money(outcomes.plannedFen))"
    }

    private func reasonToStop() -> String? {
        if stop.isWished { return "stopped as asked" }
        let (failed, known) = (outcomes.count(\.hasFailed), outcomes.count(\.isFinal))
        if let percent = pace.stopAtPercent, failed * 100 > percent * known {
            return "\(failed) of \(known) failed again, more than \(percent) %"
        }
        if let overpayment { return overpayment }
        if next < letters.count, let most = pace.mostFen, sentFen + letters[next].prospect.fen > most {
            return isWaiting ? nil : "the next letter would pay more than \(money(most)) yuan in all"
        }
        return isGivenUp ? "no answer came for too long: does the worker run, and billing?" : nil
    }

    /// Something that was sent is not answered.
    private var isWaiting: Bool { outcomes.count { $0 == .awaited || $0 == .replaying } > 0 }

    private var isGivenUp: Bool {
        guard isWaiting else { return false }
        let silence = Clock.now().milliseconds - max(lastNews, lastSent).milliseconds
        let isBillings = outcomes.count { $0 == .awaited } == 0
        return silence > (isBillings ? confirmWithin.milliseconds + Self.billingPatienceMs : Self.workerPatienceMs)
    }

    /// When billing's time to answer ends, once nothing else is waited for.
    private var billingsTime: Timestamp? {
        guard next == letters.count, outcomes.count({ $0 == .awaited }) == 0, isWaiting else { return nil }
        return lastSent + confirmWithin
    }

    /// The next wave goes out when all of this one is known.
    private mutating func widenWave() {
        guard next >= waveEnd, next < letters.count, !isWaiting else { return }
        waveSize *= 10
        waveEnd = min(letters.count, next + waveSize)
    }

    /// Passes over letters that were closed before their turn came: by another person, or by a late answer.
    private mutating func passClosed() {
        while next < letters.count, outcomes.all[next].isFinal { next += 1 }
    }

    private mutating func sendDue() throws(KafkaFailure) {
        let now = Clock.now()
        var due = schedule.take(atMost: waveEnd - next, now)
        var outbox = Outbox()
        while due > 0, next < waveEnd {
            let fen = letters[next].prospect.fen
            if let most = pace.mostFen, sentFen + fen > most { break }
            sentFen += fen
            requests[next].append(to: &outbox)
            outcomes.noteSent(next)
            sent += 1
            due -= 1
            next += 1
            passClosed()
        }
        guard outbox.count > 0 else { return }
        try producer.send(outbox, timeoutMs: brokerTimeoutMs)
        lastSent = now
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { microseconds / 1000 }
}
