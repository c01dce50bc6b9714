/// 好友助力. "Each friend's assist is worth 2 yuan (at most 10) and the friend gets 1 yuan (at most 3 times)."
public struct FriendAssist: Equatable, Sendable {
    /// What an accepted assist is worth to the inviter, in fen.
    public let perAssistFen: Fen
    /// The most that an inviter gets in the whole campaign, in fen.
    public let inviterCapFen: Fen
    /// The smallest net amount of a recharge that pays assists, in fen; at least 1.
    public let minRechargeFen: Fen
    /// What the helper gets for an accepted assist, in fen.
    public let helperFen: Fen
    /// How often a helper gets it in the whole campaign.
    public let helperTimes: Int64

    /// The section `friendAssist` of a rules version.
    public init(perAssistFen: Fen, inviterCapFen: Fen, minRechargeFen: Fen, helperFen: Fen, helperTimes: Int64) {
        self.perAssistFen = perAssistFen
        self.inviterCapFen = inviterCapFen
        self.minRechargeFen = minRechargeFen
        self.helperFen = helperFen
        self.helperTimes = helperTimes
    }

    /// True when the inviter, who has `acceptedFen` from accepted assists, may have one more. One that would pass the cap is refused whole.
    func hasRoom(after acceptedFen: Fen) -> Bool {
        acceptedFen + perAssistFen <= inviterCapFen
    }

    /// True when a recharge decided on `netFen` pays the assists that wait.
    func isPaid(by netFen: Fen) -> Bool {
        netFen >= minRechargeFen
    }
}

extension FriendAssist {
    private enum Key: String, CaseIterable { case perAssistFen, inviterCapFen, minRechargeFen, helperFen, helperTimes }

    /// Reads the section `friendAssist`; nil when a problem is reported.
    init?(_ field: Field) {
        guard let section = Section<Key>(field) else { return nil }
        let perAssist = section.required(.perAssistFen)?.fen()
        let inviterCap = section.required(.inviterCapFen)?.fen()
        let minRecharge = section.required(.minRechargeFen)?.fen()
        let helper = section.required(.helperFen)?.fen()
        let helperTimes = section.required(.helperTimes)?.integer(in: 0...1000)
        guard let perAssist, let inviterCap, let minRecharge, let helper, let helperTimes else { return nil }
        if perAssist > inviterCap {
            section.report(
                .perAssistFen,
                "`perAssistFen` is above `inviterCapFen` (\(perAssist) > \(inviterCap)), so no assist would count: "
                    + "lower it or raise the cap")
        }
        self.init(
            perAssistFen: perAssist, inviterCapFen: inviterCap, minRechargeFen: minRecharge, helperFen: helper,
            helperTimes: helperTimes)
    }

    /// For the campaign in words.
    var words: String {
        "好友助力：每次助力邀请人得 \(yuan(perAssistFen)) 元，全活动最多 \(yuan(inviterCapFen)) 元，"
            + "邀请人有一笔净额满 \(yuan(minRechargeFen)) 元的充值才发放；"
            + (helperTimes == 0 ? "助力好友不得赠送" : "助力好友每次得 \(yuan(helperFen)) 元，全活动最多 \(helperTimes) 次")
    }
}
