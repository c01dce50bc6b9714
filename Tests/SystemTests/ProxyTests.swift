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
            let bed = try ProxyBed(seed: seed, faults: Fault.late.count, Self.manyTransactions)
            for fault in Fault.late { try bed.suffer(fault, on: .endTxn) }
            try bed.finish("EndTxn held back and let go inside the next transaction")
            let late = bed.lateRequests
            #expect(late.count == Fault.late.count)
            #expect(late.allSatisfy { $0.errorCode != nil && $0.errorCode != ErrorCode.none.rawValue }, "\(late)")
        }
    }

    /// Offsets that come late, behind those of the next transaction, do not move the group back.
    @Test func offsetsHeldBack() throws {
        try Proof.rounds { seed in
            let bed = try ProxyBed(seed: seed, faults: 1, eventsInPart: 1, partition: 0)
            try bed.suffer(.late(after: .txnOffsetCommit, isCut: true), on: .txnOffsetCommit, passing: 0)
            try bed.finish("TxnOffsetCommit held back and let go behind the next one")
        }
    }

    @Test func requestsOfATransactionAreLostOrLate() throws {
        // In the short form few of those that the worker waits for until its timeout.
        let late = Fault.late.filter { Proof.isLong || $0.isCut }
        let faults = ApiKey.transaction.flatMap { key in
            (Fault.plain + (key == .endTxn ? [] : late)).map { (key: key, fault: $0) }
        }
        try Proof.rounds { seed in
            let bed = try ProxyBed(seed: seed, faults: faults.count, Self.manyTransactions)
            for (key, fault) in faults { try bed.suffer(fault, on: key) }
            try bed.finish("Produce, AddPartitionsToTxn, TxnOffsetCommit ... lost or late")
        }
    }
}
