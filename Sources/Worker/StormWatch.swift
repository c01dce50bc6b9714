import Campaign

/// Sees when a partition's events become dead letters in masses, for one reason that a change outside can cure: then
/// somebody must be told loudly, before ops find a hundred thousand letters in the morning. Nothing is held back for it.
struct StormWatch {
    /// How many of the latest are looked at; more than half of them is a storm.
    private static let window = 1000
    /// The least time between two lines about one partition.
    private static let repeatMs: Int64 = 60_000

    /// The latest outcomes in a ring; nil for one that is no such letter.
    private struct Ring {
        private var outcomes = [Rejection?](repeating: nil, count: StormWatch.window)
        private var next = 0
        private var counts = [Int](repeating: 0, count: 256)

        mutating func note(_ outcome: Rejection?) {
            if let old = outcomes[next] { counts[Int(old.rawValue)] -= 1 }
            if let outcome { counts[Int(outcome.rawValue)] += 1 }
            outcomes[next] = outcome
            next = (next + 1) % StormWatch.window
        }

        func count(of reason: Rejection) -> Int { counts[Int(reason.rawValue)] }
    }

    private var events = Ring()
    /// Gifts: answered, or delayed.
    private var gifts = Ring()
    private var lastSaid: [Rejection: Int64] = [:]

    /// A reason that is a storm now, with its count; nil when there is none, or when it was said within a minute.
    private mutating func storm(_ ring: Ring, _ reason: Rejection, _ nowMs: Int64) -> Storm? {
        let count = ring.count(of: reason)
        guard count * 2 > Self.window, lastSaid[reason].map({ nowMs - $0 >= Self.repeatMs }) ?? true else { return nil }
        lastSaid[reason] = nowMs
        return Storm(reason: reason, count: count, of: Self.window)
    }

    /// Notes what became of a record, and what goes out for it. `nowMs` is of a clock that is never set.
    mutating func note(_ decision: Decision, _ effects: [Effect], nowMs: @autoclosure () -> Int64) -> Storm? {
        switch decision {
        case .dead(let reason) where reason == .unknownPackage || reason == .lateBeyondGrace:
            events.note(reason)
            return storm(events, reason, nowMs())
        case .answered:
            let delayed = noteDelayedGifts(effects, nowMs: nowMs())
            // An answer to a gift that was late already is none in time.
            if !effects.contains(where: \.isAboutDelayedGift) { gifts.note(nil) }
            return delayed
        default:
            events.note(nil)
            return nil
        }
    }

    /// Notes the gifts that billing did not answer in time, by their letters.
    mutating func noteDelayedGifts(_ effects: [Effect], nowMs: @autoclosure () -> Int64) -> Storm? {
        var said: Storm?
        for case .letter(let letter) in effects where letter.fault.rejection == .giftDelayed {
            gifts.note(.giftDelayed)
            said = said ?? storm(gifts, .giftDelayed, nowMs())
        }
        return said
    }
}

extension Effect {
    /// It opens or resolves the letter of a gift that was not answered in time.
    fileprivate var isAboutDelayedGift: Bool {
        switch self {
        case .letter(let letter): letter.fault.rejection == .giftDelayed
        case .status(let status): status.reason == .giftDelayed
        default: false
        }
    }
}

/// So many of the latest became letters of one reason.
struct Storm: Equatable {
    let reason: Rejection
    let count: Int
    let of: Int

    /// What happened, and what to look at.
    var description: String {
        switch reason {
        case .giftDelayed:
            "\(count) of the last \(of) gifts were not answered in time: does billing run, and does it read bonus-credits?"
        case .unknownPackage:
            "\(count) of the last \(of) events name a package that the campaign file has not: add it, restart, then replay"
        default:
            "\(count) of the last \(of) events became letters \(reason.name): is the campaign's end or grace right?"
        }
    }
}
