import TestSupport

/// All that a shard knows of one subscriber.
struct Subscriber {
    struct EventKey: Hashable {
        var topic: EventTopic
        var id: String
    }

    struct KnownRecharge {
        var event: Event
        var recharge: Event.Recharge
        var version: OracleCampaign.Version?
        /// What was given at first, without assists; empty for one out of window or audience.
        var given: [Line]
        var refundedFen: Int64

        var net: Int64 { recharge.amountFen - refundedFen }

        /// More than the amount counts as the amount.
        mutating func refund(_ fen: Int64) {
            refundedFen = fen >= net ? recharge.amountFen : refundedFen + fen
        }
    }

    struct WaitingReversal {
        var event: Event
        var reversal: Event.Reversal
        var record: TestRecord
        var hasLetter: Bool
    }

    struct AcceptedAssist {
        var id: String
        var time: Int64
        var fen: Int64
        /// Paid or expired.
        var isClosed: Bool
    }

    /// Contents of the decided events; their ids are never used again.
    var decided: [EventKey: Event.Content] = [:]
    var recharges: [String: KnownRecharge] = [:]
    var waiting: [WaitingReversal] = []
    var assists: [AcceptedAssist] = []
    var helpers: Set<String> = []
    /// Of the recharges that count for assists, the latest time.
    var latestCountedRecharge: Int64?
    /// How often it was paid as a helper.
    var timesPaidAsHelper = 0

    var acceptedFen: Int64 { assists.reduce(0) { $0 + $1.fen } }
}
