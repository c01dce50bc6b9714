extension Subscriber {
    /// Ends what ends with the grace: assists that no recharge paid expire, reversals that still wait become letters.
    /// Returns how many assists expired.
    mutating func endGrace(now: Timestamp, into effects: inout [Effect]) -> Int {
        var expired = 0
        for index in assists.indices where assists[index].outcome == .waiting {
            assists.change(index) { $0.outcome = .refused(.assistExpired) }
            expired += 1
        }
        for index in reversals.indices where reversals[index].outcome == .waiting {
            reversals.change(index) { $0.outcome = .dead }
            guard let source = reversals[index].record else { continue }
            let fault = Fault(.reversalWithoutOriginal, "no such recharge came by the end of the window's grace")
            effects.append(
                .letter(
                    Letter(
                        .record(source), fault, stage: .deadline, eventID: reversals[index].id,
                        eventTime: reversals[index].time, rulesVersion: nil, failedAt: now)))
        }
        return expired
    }
}
