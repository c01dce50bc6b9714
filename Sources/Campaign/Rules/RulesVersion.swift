/// What the rules see of a recharge.
struct RechargeTerms {
    /// The face value less what was refunded, in fen.
    var netFen: Fen
    /// What the till took off for this campaign's instant discount, in fen.
    var takenAtTillFen: Fen
    /// The code of the prepaid package; nil when the recharge names none.
    var package: Bytes?
}

/// The rules in force from a moment on. An event uses the version of its own time.
///
/// A class, for every decision asks for one.
public final class RulesVersion: Sendable, Equatable {
    /// How benefits of one recharge go together.
    public enum Stacking: String, Sendable, CaseIterable {
        /// Every benefit is given.
        case all
        /// The largest alone is given.
        case best
    }

    /// Its number in the campaign file, from 1.
    public let version: Int64
    /// It is in force from this moment, up to the next version's.
    public let from: Timestamp
    /// How the benefits go together.
    public let stacking: Stacking
    /// 充值满减, if this version has it.
    public let instantDiscount: InstantDiscount?
    /// 充值赠送话费, if this version has it.
    public let bonusCredit: BonusCredit?
    /// 套餐充值优惠, if this version has it.
    public let packagePrepay: PackagePrepay?
    /// 好友助力, if this version has it.
    public let friendAssist: FriendAssist?

    /// One element of the campaign file's `versions`.
    public init(
        version: Int64, from: Timestamp, stacking: Stacking, instantDiscount: InstantDiscount?,
        bonusCredit: BonusCredit?, packagePrepay: PackagePrepay?, friendAssist: FriendAssist?
    ) {
        self.version = version
        self.from = from
        self.stacking = stacking
        self.instantDiscount = instantDiscount
        self.bonusCredit = bonusCredit
        self.packagePrepay = packagePrepay
        self.friendAssist = friendAssist
    }

    /// Equal when every member is.
    public static func == (left: RulesVersion, right: RulesVersion) -> Bool {
        left.version == right.version && left.from == right.from && left.stacking == right.stacking
            && left.instantDiscount == right.instantDiscount && left.bonusCredit == right.bonusCredit
            && left.packagePrepay == right.packagePrepay && left.friendAssist == right.friendAssist
    }

    /// What a recharge of these terms is owed, per benefit: the rules in their order. Assists come on top, elsewhere.
    func owed(for recharge: RechargeTerms) -> Lines {
        var lines = Lines()
        lines[.instantDiscount] = instantDiscount?.owed(for: recharge) ?? 0
        lines[.bonusCredit] = bonusCredit?.owed(for: recharge) ?? 0
        lines[.package] = packagePrepay?.owed(for: recharge) ?? 0
        guard stacking == .best else { return lines }
        return Lines(lines.largest.benefit, lines.largest.fen)
    }

    /// What to take back of `given`, now that only `owed` is due. Never below 0.
    ///
    /// Under `all` each benefit is compared with itself; under `best` the two largest, and the difference comes from what was given.
    func takenBack(given: Lines, owed: Lines) -> Lines {
        var lines = Lines()
        switch stacking {
        case .all:
            for benefit in [Benefit.instantDiscount, .bonusCredit, .package] {
                lines[benefit] = max(0, given[benefit] - owed[benefit])
            }
        case .best:
            let largest = given.largest
            lines[largest.benefit] = max(0, largest.fen - owed.largest.fen)
        }
        return lines
    }
}
