import Foundation
import Oracle
import TestSupport

extension History {
    /// Events whose outcomes differ wherever a state that this history made has lost or invented something: what each
    /// recharge was given and lost again, what waits for a recharge, who has helped whom and how often, and which assists
    /// are not yet paid. They ask about some 500 of its events.
    var questions: [TestRecord] {
        var (known, recharged) = (Set<String>(), Set<String>())
        let step = max(1, records.count / 500)
        let events = stride(from: 0, to: records.count, by: step).compactMap { PastEvent(records[$0]) }
            .filter { known.insert($0.type + $0.id).inserted }
        let helpers = events.compactMap(\.helper)
        let questions = events.enumerated().flatMap { number, event in event.questions(number, helpers) }
        let last = events.filter { $0.type == PastEvent.recharge && recharged.insert($0.subject).inserted }
        return questions + last.enumerated().map { number, event in event.anotherRecharge("last-\(number)", at: now) }
    }

    private var now: String {
        guard case .now(let instant) = options.clock else { return "" }
        return ChinaTime.text(instant)
    }
}

/// What can be read of a history's event, good or bad.
private struct PastEvent {
    static let recharge = "recharge.completed.v1"
    static let reversal = "recharge.reversed.v1"
    static let assist = "assist.completed.v1"

    let record: TestRecord
    let type: String
    let id: String
    let subject: String
    let time: String
    let amountFen: Int64
    let rechargeID: String
    let helper: String?

    init?(_ record: TestRecord) {
        guard let json = record.value.flatMap(JSON.init), let data = json["data"], let type = json["type"]?.string,
            let id = json["id"]?.string, let subject = json["subject"]?.string, let time = json["time"]?.string
        else { return nil }
        (self.record, self.type, self.id, self.subject, self.time) = (record, type, id, subject, time)
        amountFen = data["amountFen"]?.integer ?? 1
        rechargeID = data["rechargeId"]?.string ?? ""
        helper = data["helper"]?.string
    }

    func questions(_ number: Int, _ helpers: [String]) -> [TestRecord] {
        switch type {
        case Self.recharge:
            return [refund("half-\(number)", amountFen / 2 + 1), refund("rest-\(number)", amountFen)]
        case Self.reversal:
            // One that did not come, or one in conflict with what came.
            return [anotherRecharge(rechargeID, at: time)]
        case Self.assist:
            let others = [7, 13].map { helpers[number * $0 % helpers.count] }
            return ([helper ?? ""] + others).enumerated().map { index, helper in
                event(Self.assist, "friend-\(number)-\(index)", time, ["helper": helper, "channel": "h5"])
            }
        default: return []
        }
    }

    func anotherRecharge(_ id: String, at time: String) -> TestRecord {
        event(Self.recharge, id, time, ["amountFen": 38_400, "channel": "app"])
    }

    private func refund(_ id: String, _ fen: Int64) -> TestRecord {
        event(Self.reversal, id, time, ["rechargeId": self.id, "refundedFen": fen])
    }

    /// Another event of the same subscriber, where this one stands.
    private func event(_ type: String, _ id: String, _ time: String, _ data: [String: any Sendable]) -> TestRecord {
        let members: [String: Any] = [
            "specversion": "1.0", "id": id, "source": "/questions", "type": type, "time": time, "subject": subject,
            "data": data,
        ]
        var event = record
        event.value = (try? JSONSerialization.data(withJSONObject: members)).map { Array($0) }
        event.headers = []
        return event
    }
}
