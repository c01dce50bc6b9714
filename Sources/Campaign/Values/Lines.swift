/// What a credit is for. The order is that of a command's lines (contract, section 4); numbers are never reused.
public enum Benefit: UInt8, CaseIterable, Sendable {
    /// 立减: taken off a recharge at once.
    case instantDiscount = 0
    /// 赠送话费: credit for a recharge.
    case bonusCredit = 1
    /// 套餐优惠: a package prepaid at a part of its fee.
    case package = 2
    /// 好友助力, the inviter's side.
    case assist = 3
    /// 好友助力, the friend's side.
    case helper = 4
    /// Made good after force majeure.
    case compensation = 5

    /// As the contract writes it.
    public var name: StaticString {
        switch self {
        case .instantDiscount: "instant-discount"
        case .bonusCredit: "bonus-credit"
        case .package: "package"
        case .assist: "assist"
        case .helper: "helper"
        case .compensation: "compensation"
        }
    }
}

/// Fen per benefit: the lines of a command, at most one per benefit. A benefit with 0 fen has no line.
public struct Lines: Equatable, Sendable {
    /// No line is larger: far above what a rule gives, and small enough for the sum.
    static let mostFen = Fen.max / Fen(Benefit.allCases.count)

    private var instantDiscount: Fen = 0
    private var bonusCredit: Fen = 0
    private var package: Fen = 0
    private var assist: Fen = 0
    private var helper: Fen = 0
    private var compensation: Fen = 0

    /// No lines.
    public init() {}

    /// One line.
    public init(_ benefit: Benefit, _ fen: Fen) {
        self[benefit] = fen
    }

    /// The fen of one benefit.
    public subscript(benefit: Benefit) -> Fen {
        get {
            switch benefit {
            case .instantDiscount: instantDiscount
            case .bonusCredit: bonusCredit
            case .package: package
            case .assist: assist
            case .helper: helper
            case .compensation: compensation
            }
        }
        set {
            switch benefit {
            case .instantDiscount: instantDiscount = newValue
            case .bonusCredit: bonusCredit = newValue
            case .package: package = newValue
            case .assist: assist = newValue
            case .helper: helper = newValue
            case .compensation: compensation = newValue
            }
        }
    }

    /// The sum of all lines.
    public var total: Fen { instantDiscount + bonusCredit + package + assist + helper + compensation }

    /// The largest line alone, the earlier one on a tie.
    var largest: (benefit: Benefit, fen: Fen) {
        var best = (benefit: Benefit.instantDiscount, fen: instantDiscount)
        for benefit in Benefit.allCases where self[benefit] > best.fen { best = (benefit, self[benefit]) }
        return best
    }
}
