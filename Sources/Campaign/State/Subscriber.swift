/// All that a shard remembers of one subscriber. Texts are views into the subscriber's record or the event at hand.
public struct Subscriber: ~Copyable {
    /// What became of a recharge, a reversal or an assist, in the order of the state's numbers.
    public enum Outcome: Equatable {
        /// The rules said no.
        case refused(Reason)
        /// It counts; for a recharge and a reversal there is nothing to wait for.
        case done
        /// An accepted assist waits for a recharge, a reversal for its recharge.
        case waiting
        /// A reversal whose recharge did not come by the end of grace: it is a dead letter, and still waits.
        case dead
    }

    /// A decided recharge.
    public struct Recharge: Equatable {
        var id: Bytes
        var time: Timestamp
        var amountFen: Fen
        var paidFen: Fen?
        var package: Bytes?
        /// The rules version of its time; 0 before the first.
        var version: Int64
        var outcome: Outcome
        /// What was refunded of it, at most `amountFen`.
        var refundedFen: Fen
        /// What it was given and has not lost to reversals; assists aside.
        var given: Lines
        /// Its command; nil when it got nothing.
        var gift: Gift?

        /// The till's part in the instant discount.
        var takenAtTillFen: Fen { paidFen.map { amountFen - $0 } ?? 0 }

        /// What the rules see of it now.
        var terms: RechargeTerms {
            RechargeTerms(netFen: amountFen - refundedFen, takenAtTillFen: takenAtTillFen, package: package)
        }
    }

    /// A reversal that was read.
    public struct Reversal: Equatable {
        var id: Bytes
        var time: Timestamp
        var rechargeID: Bytes
        var refundedFen: Fen
        var outcome: Outcome
        /// While it waits, the whole input record.
        var record: SourceRecord?
        /// Its command; nil when there is nothing to take back.
        var gift: Gift?
    }

    /// An assist with this subscriber as the inviter.
    public struct Assist: Equatable {
        var id: Bytes
        var time: Timestamp
        var helper: PhoneNumber
        /// What it is worth by its own version; 0 when refused.
        var worthFen: Fen
        var outcome: Outcome
        /// Its command, where it was paid at once.
        var gift: Gift?

        /// It counts for the cap and as a repeat, paid or not.
        var isAccepted: Bool { worthFen > 0 }
    }

    /// An assist of another that this subscriber was paid for as the friend who helped.
    public struct PaidClaim: Equatable {
        /// The assist's id.
        var id: Bytes
        /// When the friend helped.
        var eventTime: Timestamp
        /// Its command.
        var gift: Gift
    }

    /// With so many ids remembered, no more recharges and assists are taken (TOO_MANY_EVENTS).
    static let mostEvents = 5000
    /// A record that may become so large takes no more ids, not even those of reversals: the changelog takes 8 MiB.
    private static let mostRecordBytes = 7 << 20

    /// No more ids are taken. Its gifts may still get letters, which nobody can refuse. No gift makes a record
    /// three times as large, so a third of what is allowed needs no counting.
    var isFull: Bool {
        guard recordBytes >= Self.mostRecordBytes / 3 else { return false }
        var gifts = 0
        forEachGift { _, _ in gifts += 1 }
        return recordBytes + gifts * Gift.mostGrowth >= Self.mostRecordBytes
    }

    /// The length of the record that this was read from.
    var recordBytes = 0
    var recharges: Entries<Recharge> = []
    var reversals: Entries<Reversal> = []
    var assists: Entries<Assist> = []
    /// What this subscriber was paid for as the friend who helped.
    var paidClaims: Entries<PaidClaim> = []
    /// The latest time of a recharge that pays assists.
    var paysAssistsUntil: Timestamp?
    /// By how much the gifts' sums changed since this was read.
    var sums = GiftSums()

    /// Nobody is known yet.
    public init() {}

    /// How many ids are remembered.
    var eventCount: Int { recharges.count + reversals.count + assists.count }

    /// What accepted assists are worth together, paid or not.
    var acceptedAssistFen: Fen { assists.reduce(0) { $0 + $1.worthFen } }

    /// True when something ends with the end of grace.
    var waitsForEndOfGrace: Bool {
        assists.contains { $0.outcome == .waiting } || reversals.contains { $0.outcome == .waiting }
    }

    /// Forgets everything and keeps the memory.
    mutating func removeAll() {
        recordBytes = 0
        sums = GiftSums()
        recharges.removeAll()
        reversals.removeAll()
        assists.removeAll()
        paidClaims.removeAll()
        paysAssistsUntil = nil
    }
}
