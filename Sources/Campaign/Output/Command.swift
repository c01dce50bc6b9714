/// A credit command for billing: a grant, or a reverse that takes back (contract, section 4). Its SMS goes with it.
public struct Command: Equatable {
    /// What makes a command's id: the same event always makes the same.
    public enum ID: Equatable {
        /// `recharge/<event id>/gift`
        case rechargeGift(Bytes)
        /// `assist/<event id>/gift`
        case assistGift(Bytes)
        /// `assist/<event id>/helper`
        case helperGift(Bytes)
        /// `reversal/<event id>/reversal`
        case reversal(Bytes)

        /// The causing event's id.
        var eventID: Bytes {
            switch self {
            case .rechargeGift(let id), .assistGift(let id), .helperGift(let id), .reversal(let id): id
            }
        }

        /// The id that is written so; nil when it is none of ours. Its text is a view into `text`.
        init?(_ text: Bytes) {
            for make in [ID.rechargeGift, ID.assistGift, ID.helperGift, ID.reversal] {
                let empty = make(.none)
                let prefix = Bytes(empty.prefix)
                let suffix = Bytes(empty.suffix)
                let id = text.slice(prefix.count, text.count - suffix.count)
                guard !id.isEmpty, text.slice(0, prefix.count) == prefix,
                    text.slice(text.count - suffix.count, text.count) == suffix
                else { continue }
                self = make(id)
                return
            }
            return nil
        }

        /// What stands before the event's id.
        var prefix: StaticString {
            switch self {
            case .rechargeGift: "recharge/"
            case .assistGift, .helperGift: "assist/"
            case .reversal: "reversal/"
            }
        }

        /// What stands behind the event's id.
        var suffix: StaticString {
            switch self {
            case .rechargeGift, .assistGift: "/gift"
            case .helperGift: "/helper"
            case .reversal: "/reversal"
            }
        }

        /// The text that the subscriber gets with it.
        var message: MessageTemplates.Kind {
            switch self {
            case .rechargeGift: .rechargeGift
            case .assistGift: .assistGift
            case .helperGift: .helperGift
            case .reversal: .giftReversed
            }
        }
    }

    /// What it is called.
    public var id: ID
    /// Who is credited.
    public var subject: PhoneNumber
    /// What for and how much; for a reverse what is taken back.
    public var lines: Lines
    /// For a reverse, the id of the recharge whose gift it takes back; else none.
    public var reversedRecharge: Bytes = .none
    /// When it was issued.
    public var issued: Timestamp
    /// Until when billing is to answer it.
    public var confirmBy: Timestamp
    /// When the causing event happened.
    public var eventTime: Timestamp
    /// The rules version that decided; a reverse has its recharge's.
    public var rulesVersion: Int64
    /// The causing event's trace context; none when there is none.
    public var traceparent: Bytes
    /// The recharge's face value in fen, for the text; 0 where no recharge is concerned.
    public var amountFen: Fen = 0
    /// What the reversal refunded in fen, for the text; 0 for grants.
    public var refundedFen: Fen = 0
}

extension Command {
    /// The command of a gift.
    init(_ id: ID, _ gift: Gift, to subject: PhoneNumber, eventTime: Timestamp, amountFen: Fen = 0) {
        self.init(
            id: id, subject: subject, lines: gift.lines, issued: gift.issued, confirmBy: gift.confirmBy,
            eventTime: eventTime, rulesVersion: gift.rulesVersion, traceparent: gift.traceparent, amountFen: amountFen)
    }
}
