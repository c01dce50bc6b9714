import TestSupport

/// Looks for an order of reading in which one gift and its reverses come to what the worker wrote about them.
///
/// A shard reads each topic in order, but nobody can tell how it read them against each other. So every order is tried
/// that the contract allows, until one writes the very commands, letters and statuses that stand in the topics.
struct GiftSearch {
    /// A receipt about one of the commands.
    struct Receipt {
        var id: String
        var commandID: String
        var answer: Answer
        var timestamp: Int64
        /// The reason of the letter that the worker wrote about the receipt itself.
        var letter: Reason?
    }

    /// A request about one of the letters.
    struct Ask {
        var commandID: String
        var action: String
        var request: Gift.Request
        /// Its copy is the command.
        var isTrue: Bool
    }

    /// What the shard read about the gift, each in its order.
    struct Inputs {
        /// Receipts in the shard's own partition.
        var receipts: [Receipt] = []
        /// Receipts that came by mail, by the partition where they stood.
        var mailed: [[Receipt]] = []
        var asks: [Ask] = []
        var reverses: [ExpectedCommand] = []
    }

    /// What the worker wrote about the gift, each topic in its order.
    struct Written {
        struct Command {
            var id: String
            /// When it was sent; of a copy only when it was written, a moment later.
            var sent: Int64
        }

        struct Letter {
            var id: String
            var reason: String
            var letterClass: String
            var replays: Int64
        }

        struct Status {
            var letterID: String
            var state: String
            var reason: String
            var replays: Int64
            var by: String
            var why: String
            var decision: String?
            var at: Int64
        }

        var commands: [Command] = []
        var letters: [Letter] = []
        var statuses: [Status] = []
    }

    /// How far an order has come.
    struct Place: Hashable {
        var gift: Gift
        var receipts = 0
        var mailed: [Int]
        var asks = 0
        var reverses = 0
        var commands = 0
        var letters = 0
        var statuses = 0
    }

    /// An order that fits.
    struct Found {
        /// What became of the gift.
        var gift: Gift
        /// The letters and statuses that the worker must have written, in order.
        var letters: [ExpectedLetter] = []
        var statuses: [ExpectedStatus] = []
    }

    private typealias Step = (place: Place, outcome: Outcome)
    private typealias Change = (inout Gift, Gift.Moment, inout Outcome) -> Bool

    let inputs: Inputs
    let written: Written
    let moment: Gift.Moment
    private var visited: Set<Place> = []
    /// Where the best order got stuck, for a message.
    private(set) var furthest: Place?

    init(_ inputs: Inputs, _ written: Written, in moment: Gift.Moment) {
        self.inputs = inputs
        self.written = written
        self.moment = moment
    }

    /// Nil if no order fits.
    mutating func find(_ grant: ExpectedCommand) -> Found? {
        guard let first = written.commands.first, first.id == grant.id else { return nil }
        var moment = moment
        moment.now = first.sent
        var outcome = Outcome(decision: .command)
        let gift = Gift(grant, at: moment, into: &outcome)
        return search(Place(gift: gift, mailed: inputs.mailed.map { _ in 0 }, commands: 1))
    }

    private mutating func search(_ place: Place) -> Found? {
        if isEnd(place) { return Found(gift: place.gift) }
        guard visited.insert(place).inserted else { return nil }
        if progress(place) >= furthest.map(progress) ?? 0 { furthest = place }
        for (next, outcome) in steps(from: place) {
            guard var found = search(next) else { continue }
            found.letters = outcome.letters + found.letters
            found.statuses = outcome.statuses + found.statuses
            return found
        }
        return nil
    }

    private func progress(_ place: Place) -> Int {
        place.receipts + place.mailed.reduce(0, +) + place.asks + place.reverses + place.commands + place.letters
            + place.statuses
    }

    private func isEnd(_ place: Place) -> Bool {
        place.receipts == inputs.receipts.count && place.mailed == inputs.mailed.map(\.count)
            && place.asks == inputs.asks.count && place.reverses == inputs.reverses.count
            && place.commands == written.commands.count && place.letters == written.letters.count
            && place.statuses == written.statuses.count
    }

    // MARK: Steps

    private func steps(from place: Place) -> [Step] {
        var steps: [Step?] = []
        if place.receipts < inputs.receipts.count {
            steps.append(settle(inputs.receipts[place.receipts], isMail: false, from: place) { $0.receipts += 1 })
        }
        for (index, mail) in inputs.mailed.enumerated() where place.mailed[index] < mail.count {
            steps.append(settle(mail[place.mailed[index]], isMail: true, from: place) { $0.mailed[index] += 1 })
        }
        if place.asks < inputs.asks.count { steps.append(ask(inputs.asks[place.asks], from: place)) }
        if place.reverses < inputs.reverses.count {
            let reverse = inputs.reverses[place.reverses]
            steps.append(
                step(from: place) { gift, moment, outcome in
                    gift.takeBack(reverse, at: moment, into: &outcome)
                    return true
                } counting: {
                    $0.reverses += 1
                })
        }
        for index in place.gift.credits.indices { steps.append(delay(index, from: place)) }
        return steps.compactMap { $0 }
    }

    private func settle(
        _ receipt: Receipt, isMail: Bool, from place: Place, counting count: (inout Place) -> Void
    ) -> Step? {
        step(from: place) { gift, moment, outcome in
            guard let index = gift.index(of: receipt.commandID) else { return receipt.letter == .receiptWithoutCommand }
            if !isMail, gift.credits[index].isLate(receipt.timestamp) {
                gift.delay(index, at: moment, into: &outcome)
            }
            let decision = gift.settle(index, (receipt.id, receipt.answer), at: moment, into: &outcome)
            guard case .letter(let reason) = decision else { return receipt.letter == nil }
            return reason == receipt.letter
        } counting: {
            count(&$0)
        }
    }

    private func ask(_ ask: Ask, from place: Place) -> Step? {
        step(from: place) { gift, moment, outcome in
            guard ask.isTrue, let index = gift.index(of: ask.commandID), gift.credits[index].stage == .failed else {
                return true
            }
            switch ask.action {
            case "replay": gift.replay(index, ask.request, at: moment, into: &outcome)
            case "discard": gift.discard(index, ask.request, at: moment, into: &outcome)
            default: break
            }
            return true
        } counting: {
            $0.asks += 1
        }
    }

    /// A deadline fires once all receipts up to it are read.
    private func delay(_ index: Int, from place: Place) -> Step? {
        let credit = place.gift.credits[index]
        let unread = inputs.receipts.dropFirst(place.receipts)
        guard credit.isWaitedFor, unread.allSatisfy({ $0.timestamp > credit.deadline }) else { return nil }
        return step(from: place) { gift, moment, outcome in
            gift.delay(index, at: moment, into: &outcome)
            return moment.now > credit.deadline
        } counting: { _ in
        }
    }

    /// The place behind a change, if what it writes is what was written.
    private func step(
        from place: Place, _ change: Change, counting count: (inout Place) -> Void
    ) -> Step? {
        let status = place.statuses < written.statuses.count ? written.statuses[place.statuses].at : nil
        let command = place.commands < written.commands.count ? written.commands[place.commands].sent : nil
        var (next, outcome) = (place, Outcome(decision: .nothing))
        func run(at now: Int64?) -> Bool {
            var moment = moment
            moment.now = now ?? 0
            (next, outcome) = (place, Outcome(decision: .nothing))
            return change(&next.gift, moment, &outcome)
        }
        guard run(at: status) else { return nil }
        // What writes no status tells when it was by its command.
        if outcome.statuses.isEmpty, !outcome.commands.isEmpty, !run(at: command) { return nil }
        guard match(outcome, &next) else { return nil }
        count(&next)
        return (next, outcome)
    }

    // MARK: What was written

    private func match(_ outcome: Outcome, _ place: inout Place) -> Bool {
        for wanted in outcome.commands {
            guard place.commands < written.commands.count else { return false }
            let isCopy = written.commands[..<place.commands].contains { $0.id == wanted.id }
            guard written.commands[place.commands].id == wanted.id, isCopy == (wanted.sentBefore != nil) else {
                return false
            }
            place.commands += 1
        }
        for wanted in outcome.letters {
            guard place.letters < written.letters.count else { return false }
            let letter = written.letters[place.letters]
            guard letter.id == wanted.id, letter.reason == wanted.reason.rawValue,
                letter.letterClass == wanted.letterClass, letter.replays == wanted.replays
            else { return false }
            place.letters += 1
        }
        for wanted in outcome.statuses {
            guard place.statuses < written.statuses.count, isEqual(written.statuses[place.statuses], wanted) else {
                return false
            }
            place.statuses += 1
        }
        return true
    }

    private func isEqual(_ status: Written.Status, _ wanted: ExpectedStatus) -> Bool {
        status.letterID == wanted.letterID && status.state == wanted.state && status.reason == wanted.reason.rawValue
            && status.replays == wanted.replays && status.by == wanted.by ?? "recharge-worker"
            && (wanted.why == nil || status.why == wanted.why)
            && (wanted.decision == nil || status.decision == wanted.decision)
    }
}

extension GiftSearch {
    /// Says how far the best order came.
    func stuck(_ grant: ExpectedCommand) -> String {
        guard let place = furthest else {
            return "gift \(grant.id): nothing fits; written \(written)"
        }
        let stages = place.gift.credits.map { "\($0.id) \($0.stage)" }
        return """
            gift \(grant.id): no order of reading comes to what was written. The best one stops at \(stages), with
              receipts left: \(inputs.receipts.dropFirst(place.receipts))
              by mail left: \(zip(inputs.mailed, place.mailed).map { $0.dropFirst($1) })
              requests left: \(inputs.asks.dropFirst(place.asks))
              reverses left: \(inputs.reverses.dropFirst(place.reverses).map(\.id))
              commands left: \(written.commands.dropFirst(place.commands))
              letters left: \(written.letters.dropFirst(place.letters))
              statuses left: \(written.statuses.dropFirst(place.statuses))
            """
    }
}
