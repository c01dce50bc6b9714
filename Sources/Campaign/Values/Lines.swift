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

    /// By the benefits' numbers.
    @usableFromInline var fen = InlineArray<6, Fen>(repeating: 0)

    /// No lines.
    public init() {}

    /// One line.
    public init(_ benefit: Benefit, _ fen: Fen) {
        self[benefit] = fen
    }

    /// The fen of one benefit.
    public subscript(benefit: Benefit) -> Fen {
        get { fen[Int(benefit.rawValue)] }
        set { fen[Int(benefit.rawValue)] = newValue }
    }

    /// Calls `body` with each line.
    @inlinable @inline(__always)
    public func forEach(_ body: (Benefit, Fen) -> Void) {
        for index in fen.indices where fen[index] != 0 {
            if let benefit = Benefit(rawValue: UInt8(truncatingIfNeeded: index)) { body(benefit, fen[index]) }
        }
    }

    /// The sum of all lines.
    public var total: Fen {
        var total: Fen = 0
        for index in fen.indices { total += fen[index] }
        return total
    }

    /// Adds line by line.
    static func += (left: inout Lines, right: Lines) {
        for index in left.fen.indices { left.fen[index] += right.fen[index] }
    }

    /// Equal in every line.
    public static func == (left: Lines, right: Lines) -> Bool {
        left.fen.indices.allSatisfy { left.fen[$0] == right.fen[$0] }
    }

    /// The largest line alone, the earlier one on a tie.
    var largest: (benefit: Benefit, fen: Fen) {
        var best = (benefit: Benefit.instantDiscount, fen: self[.instantDiscount])
        for benefit in Benefit.allCases where self[benefit] > best.fen { best = (benefit, self[benefit]) }
        return best
    }
}
