import TestSupport

/// An event that passed the checks of its envelope and data.
struct Event: Sendable {
    enum Body: Hashable, Sendable {
        case recharge(Recharge)
        case reversal(Reversal)
        case assist(helper: String)
        case receipt(Receipt)
    }

    struct Recharge: Hashable, Sendable {
        var amountFen: Int64
        var paidFen: Int64?
        var package: String?
        var carrier: String?
        var city: String?

        /// What the till took off already.
        var takenFen: Int64 { amountFen - (paidFen ?? amountFen) }
    }

    struct Reversal: Hashable, Sendable {
        var rechargeID: String
        var refundedFen: Int64
        var rechargedAt: Int64?
    }

    struct Receipt: Hashable, Sendable {
        var commandID: String
        var answer: Answer
    }

    /// What makes two events with one id the same.
    struct Content: Hashable, Sendable {
        var type: String
        var time: Int64
        var amounts: [Int64?]
        var words: [String?]
    }

    var id: String
    var type: String
    var time: Int64
    var subject: String
    var traceparent: String?
    var body: Body

    var content: Content {
        switch body {
        case .recharge(let recharge):
            Content(type: type, time: time, amounts: [recharge.amountFen, recharge.paidFen], words: [recharge.package])
        case .reversal(let reversal):
            Content(type: type, time: time, amounts: [reversal.refundedFen], words: [reversal.rechargeID])
        case .assist(let helper): Content(type: type, time: time, amounts: [], words: [helper])
        case .receipt(let receipt): Content(type: type, time: time, amounts: [], words: [receipt.commandID])
        }
    }
}

/// An event that cannot be read, with what of it could.
struct Unreadable: Error {
    var reason: Reason
    var eventID: String?
    var eventTime: Int64?
}

/// The topics of events, whatever the prefix of the campaign's topics.
public enum EventTopic: String, Sendable, CaseIterable {
    /// Recharges and their reversals.
    case recharge = "recharge-events"
    /// Assists.
    case assist = "assist-events"
    /// Billing's answers.
    case receipt = "credit-receipts"
}

/// Reads a record in the contract's order: envelope, type, time, subject, data.
struct EventReading {
    let record: TestRecord
    let topic: EventTopic

    static let largest = 65_536

    var isTooLarge: Bool {
        let headers = record.headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        return (record.value?.count ?? 0) > Self.largest || (record.key?.count ?? 0) + headers > Self.largest
    }

    /// The normalised number that the record is about; nil if there is none that can be read.
    static func subject(of json: JSON?) -> String? {
        json?["subject"]?.string.flatMap(SubscriberNumber.normalised)
    }

    func event(_ json: JSON?) throws(Unreadable) -> Event {
        guard let json, case .object = json else { throw Unreadable(reason: .badPayload) }
        let id = json["id"]?.string.flatMap { (1...128).contains($0.utf8.count) ? $0 : nil }
        func fault(_ reason: Reason, _ time: Int64? = nil) -> Unreadable {
            Unreadable(reason: reason, eventID: id, eventTime: time)
        }
        guard let id, json["specversion"] == .string("1.0"), json["source"]?.string != nil,
            let type = json["type"]?.string, let timeText = json["time"]?.string,
            let subjectText = json["subject"]?.string, let data = json["data"], case .object = data
        else { throw fault(.badPayload) }
        guard isTaken(type) else { throw fault(.unknownType) }
        let time: Int64
        do { time = try instant(timeText) } catch { throw fault(error) }
        guard time <= record.timestamp + 300_000 else { throw fault(.timeInFuture, time) }
        guard let subject = SubscriberNumber.normalised(subjectText) else { throw fault(.badNumber, time) }
        do {
            return Event(
                id: id, type: type, time: time, subject: subject,
                traceparent: json["traceparent"]?.string ?? record.header("traceparent"), body: try body(type, data))
        } catch { throw fault(error, time) }
    }

    private func isTaken(_ type: String) -> Bool {
        switch topic {
        case .recharge: type == "recharge.completed.v1" || type == "recharge.reversed.v1"
        case .assist: type == "assist.completed.v1"
        case .receipt: type == "credit.settled.v1"
        }
    }

    private func body(_ type: String, _ data: JSON) throws(Reason) -> Event.Body {
        switch type {
        case "recharge.completed.v1": .recharge(try recharge(data))
        case "recharge.reversed.v1": .reversal(try reversal(data))
        case "credit.settled.v1": .receipt(try receipt(data))
        default: .assist(helper: try helper(data))
        }
    }

    private func recharge(_ data: JSON) throws(Reason) -> Event.Recharge {
        let amount = try integer(data["amountFen"])
        let paid: Int64?? = if let member = data["paidFen"] { try integer(member) } else { .none }
        guard data["channel"]?.string != nil, isOptional(data["package"], { $0.string != nil }),
            isOptional(data["carrier"], { ["CMCC", "CUCC", "CTCC", "CBN"].contains($0.string) }),
            isOptional(data["city"], { $0.string.map(isCity) ?? false }),
            isOptional(data["newSubscriber"], { if case .bool = $0 { true } else { false } })
        else { throw .badPayload }
        guard let amount, amount > 0 else { throw .badAmount }
        if let paid {
            guard let paid, paid >= 0, paid <= amount else { throw .badAmount }
        }
        return Event.Recharge(
            amountFen: amount, paidFen: paid ?? nil, package: data["package"]?.string,
            carrier: data["carrier"]?.string, city: data["city"]?.string)
    }

    private func reversal(_ data: JSON) throws(Reason) -> Event.Reversal {
        let refunded = try integer(data["refundedFen"])
        guard let rechargeID = data["rechargeId"]?.string, (1...128).contains(rechargeID.utf8.count),
            isOptional(data["rechargedAt"], { $0.string != nil })
        else { throw .badPayload }
        let rechargedAt: Int64? = if let text = data["rechargedAt"]?.string { try instant(text) } else { nil }
        guard let refunded, refunded > 0 else { throw .badAmount }
        return Event.Reversal(rechargeID: rechargeID, refundedFen: refunded, rechargedAt: rechargedAt)
    }

    private func helper(_ data: JSON) throws(Reason) -> String {
        guard let text = data["helper"]?.string, data["channel"]?.string != nil else { throw .badPayload }
        guard let helper = SubscriberNumber.normalised(text) else { throw .badNumber }
        return helper
    }

    private func receipt(_ data: JSON) throws(Reason) -> Event.Receipt {
        let credited = try integer(data["creditedFen"])
        guard let commandID = data["commandId"]?.string,
            let outcome = data["outcome"]?.string.flatMap(Answer.Outcome.init),
            isOptional(data["reason"], { $0.string != nil }),
            isOptional(data["retryable"], { if case .bool = $0 { true } else { false } })
        else { throw .badPayload }
        guard let credited, credited >= 0 else { throw .badAmount }
        return Event.Receipt(
            commandID: commandID,
            answer: Answer(
                outcome: outcome, fen: outcome == .credited ? credited : 0,
                isRetryable: data["retryable"] == .bool(true), reason: data["reason"]?.string))
    }

    /// An integer; nil is one beyond 64 bits.
    private func integer(_ member: JSON?) throws(Reason) -> Int64? {
        guard let member, member.isInteger else { throw .badPayload }
        return member.integer
    }

    private func instant(_ text: String) throws(Reason) -> Int64 {
        do { return try ChinaTime.parse(text) } catch { throw error == .noOffset ? .noTimezone : .badPayload }
    }

    private func isOptional(_ member: JSON?, _ isRight: (JSON) -> Bool) -> Bool { member.map(isRight) ?? true }

    private func isCity(_ text: String) -> Bool {
        text.utf8.count == 6 && text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }
}

extension Reason: Error {}
