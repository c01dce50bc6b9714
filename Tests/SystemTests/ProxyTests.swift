import TestSupport
import Testing

/// Requests and answers that are lost, come late or are refused between the worker and the broker: a transaction is
/// committed whole and once, and the worker goes on by itself.
@Suite(.serialized, .enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct ProxyTests {
    /// Batches of few records make many transactions.
    private static let manyTransactions = ["COMMIT_MAX_RECORDS": "20"]

    /// An EndTxn that comes late ends nothing but its own transaction (KAFKA-17754): the broker refuses it.
    @Test func anEndTxnHeldBack() throws {
        try Proof.rounds { seed in
            let run = try ProxyRun(
                "EndTxn held back, let go inside the next transaction", seed: seed, faults: Fault.late.count,
                Self.manyTransactions)
            for fault in Fault.late { try run.suffer(fault, on: .endTxn) }
            try run.finish()
            let late = run.lateRequests
            #expect(late.count == Fault.late.count)
            #expect(late.allSatisfy { $0.errorCode != nil && $0.errorCode != ErrorCode.none.rawValue }, "\(late)")
        }
    }

    /// Offsets that come late, behind those of the next transaction, do not move the group back.
    @Test func offsetsHeldBack() throws {
        try Proof.rounds { seed in
            let run = try ProxyRun(
                "TxnOffsetCommit held back, let go behind the next one", seed: seed, faults: 1, eventsInPart: 1,
                partition: 0)
            try run.suffer(.late(after: .txnOffsetCommit, isCut: true), on: .txnOffsetCommit, passing: 0)
            try run.finish()
        }
    }

    @Test func requestsOfATransactionAreLostOrLate() throws {
        // In the short form few of those that the worker waits for until its timeout.
        let late = Fault.late.filter { Proof.isLong || $0.isCut }
        let faults = ApiKey.transaction.flatMap { key in
            (Fault.plain + (key == .endTxn ? [] : late)).map { (key: key, fault: $0) }
        }
        try Proof.rounds { seed in
            let run = try ProxyRun(
                "each request of a transaction: cut, answer lost, silence, late", seed: seed, faults: faults.count,
                Self.manyTransactions)
            for (key, fault) in faults { try run.suffer(fault, on: key) }
            try run.finish()
        }
    }

    @Test func anyRequestIsLost() throws {
        let count = Proof.isLong ? 60 : 5
        try Proof.rounds { seed in
            var random = SeededRandom(seed: seed)
            let run = try ProxyRun(
                "any request: cut, answer lost, silence, refused", seed: seed, faults: count, Self.manyTransactions)
            for _ in 0..<count {
                let key = random.pick(ApiKey.allCases)
                let refusal = Fault.refusable.contains(key) ? [Fault.refusal(.notCoordinator)] : []
                try run.suffer(random.pick(Fault.plain + refusal), on: key)
            }
            try run.finish()
        }
    }

    /// What a transaction decided is decided again after its abort, and counts once all the same.
    @Test func countsAreOfWhatIsCommitted() throws {
        let faults: [(key: ApiKey, fault: Fault)] = [
            (.addOffsetsToTxn, .refusal(.invalidRequest)), (.endTxn, .refusal(.invalidRequest)),
            (.endTxn, .lostAnswer),
        ]
        try Proof.rounds { seed in
            let run = try ProxyRun(
                "transactions aborted, then one committed with its answer lost", seed: seed, faults: faults.count,
                Self.manyTransactions.merging(["HTTP_ADDRESS": "127.0.0.1:0"]) { $1 })
            for (key, fault) in faults { try run.suffer(fault, on: key) }
            let metrics = try run.metricsWhenIdle()
            #expect(metrics[#"transactions_total{outcome="aborted"}"#] == 2)
            #expect(metrics.counts == (try run.countsOfWhatIsCommitted()))
            try run.finish()
        }
    }

    @Test func aBrokerAnswersSlowly() throws {
        let parts = Proof.isLong ? 20 : 2
        try Proof.rounds { seed in
            let run = try ProxyRun("each answer 200 ms late", seed: seed, faults: parts)
            for _ in 0..<parts { try run.suffer(answersAfter: .milliseconds(200)) }
            try run.finish()
        }
    }

    /// Longer than the session in the long form, so that the worker has to join anew.
    ///
    /// That the worker goes on is not a matter of course: see `connections.max.idle.ms` in `SessionProperties`.
    @Test func coordinatorsAreNotAvailable() throws {
        let group: [(Fault, Set<ApiKey>)] = [
            (.refusal(.coordinatorNotAvailable), [.findCoordinator]), (.refusal(.notCoordinator), [.heartbeat]),
            (.cut, [.joinGroup, .syncGroup, .offsetFetch, .txnOffsetCommit]),
        ]
        let transactions: [(Fault, Set<ApiKey>)] = [
            (.refusal(.coordinatorNotAvailable), [.findCoordinator]),
            (.refusal(.notCoordinator), [.addOffsetsToTxn, .endTxn]),
            (.cut, [.initProducerID, .addPartitionsToTxn]),
        ]
        try Proof.rounds { seed in
            let run = try ProxyRun(
                "group coordinator, then transaction coordinator not available", seed: seed, faults: 2,
                ["KAFKA_HEARTBEAT_INTERVAL_MS": "500", "KAFKA_SESSION_TIMEOUT_MS": "6000"])
            for faults in [group, transactions] { try run.suffer(faults, for: .seconds(Proof.isLong ? 15 : 3)) }
            try run.finish()
        }
    }
}
