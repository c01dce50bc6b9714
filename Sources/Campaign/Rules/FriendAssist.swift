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
