/// The texts that subscribers read, as the campaign file has them.
public struct MessageTemplates: Equatable, Sendable {
    /// Which text.
    public enum Kind: String, Sendable, CaseIterable {
        /// A recharge's gift.
        case rechargeGift = "recharge-gift"
        /// An inviter's gift that is paid at once.
        case assistGift = "assist-gift"
        /// The friend's gift.
        case helperGift = "helper-gift"
        /// A gift taken back.
        case giftReversed = "gift-reversed"

        /// Its place among all cases.
        var order: Int {
            switch self {
            case .rechargeGift: 0
            case .assistGift: 1
            case .helperGift: 2
            case .giftReversed: 3
            }
        }

        /// What a text of this kind may speak of.
        public var placeholders: [Placeholder] {
            switch self {
            case .rechargeGift: [.date, .amount, .credit, .breakdown]
            case .assistGift, .helperGift: [.date, .credit]
            case .giftReversed: [.date, .amount, .credit, .refunded, .breakdown]
            }
        }
    }

    /// What a text is filled with.
    public enum Placeholder: String, Sendable, CaseIterable {
        /// The causing event's date: `5月3日`.
        case date
        /// The recharge's face value in yuan.
        case amount
        /// The command's total in yuan.
        case credit
        /// What was refunded, in yuan.
        case refunded
        /// `（含立减5元、好友助力4元）`, nothing when the gift is bonus credit alone.
        case breakdown
    }

    /// A piece of a text.
    public enum Piece: Equatable, Sendable {
        /// As it stands.
        case literal(String)
        /// To be filled in.
        case placeholder(Placeholder)
    }

    /// Stands first in every text, within 【】.
    public let signature: String
    /// The pieces of each text; every kind is there.
    private let texts: [Kind: [Piece]]

    /// The section `sms` of the campaign file. `texts` has every kind.
    public init(signature: String, texts: [Kind: [Piece]]) {
        self.signature = signature
        self.texts = texts
    }

    /// The pieces of a text.
    func pieces(_ kind: Kind) -> [Piece] { texts[kind] ?? [] }
}
