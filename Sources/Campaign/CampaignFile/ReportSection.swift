extension Field {
    private enum Key: String, CaseIterable { case lastMonth, activeAboveFen, goals }
    private enum LastMonthKey: String, CaseIterable { case rechargeFen, recharges }
    private enum GoalsKey: String, CaseIterable { case growthPercent, activeUsers }

    /// Checks the section `report`. The worker doesn't need its values; a mistake is better found now than at the month's end.
    func checkReport() {
        guard let section = Section<Key>(self) else { return }
        let counts: ClosedRange<Int64> = 0...1_000_000_000
        if let lastMonth = section.required(.lastMonth).flatMap({ Section<LastMonthKey>($0) }) {
            _ = lastMonth.required(.rechargeFen)?.integer(in: 0...1_000_000_000_000_000)
            _ = lastMonth.required(.recharges)?.integer(in: counts)
        }
        _ = section.required(.activeAboveFen)?.fen(atLeast: 0)
        if let goals = section.required(.goals).flatMap({ Section<GoalsKey>($0) }) {
            _ = goals.required(.growthPercent)?.integer(in: -100...10_000)
            _ = goals.required(.activeUsers)?.integer(in: counts)
        }
    }
}
