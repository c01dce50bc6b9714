/// A shard's totals by hour, with the changes of a batch staged beside what is committed.
struct TotalsTable {
    private struct Entry {
        let hour: Int64
        var committed = HourlyTotals()
        var staged = HourlyTotals()
        var isChanged = false
    }

    private var entries: [Entry] = []
    /// Per hour its entry's index.
    private var indexes: [Int64: Int] = [:]
    /// The entries that the batch changed.
    private var changed: [Int] = []
    /// The entry asked for last: events mostly come in the order of their times.
    private var latest = 0

    /// True when the batch changed an hour.
    var hasChanges: Bool { !changed.isEmpty }

    /// Changes an hour's totals; it counts with the commit.
    mutating func stage(ofHour hour: Int64, _ change: (inout HourlyTotals) -> Void) {
        let index = index(ofHour: hour)
        let before = entries[index].staged
        change(&entries[index].staged)
        if !entries[index].isChanged, entries[index].staged != before {
            entries[index].isChanged = true
            changed.append(index)
        }
    }

    /// Takes in what is committed of an hour.
    mutating func restore(_ totals: HourlyTotals, ofHour hour: Int64) {
        let index = index(ofHour: hour)
        entries[index].committed = totals
        entries[index].staged = totals
    }

    /// Calls `body` with the totals of each changed hour.
    func forEachChange(_ body: (_ hour: Int64, HourlyTotals) -> Void) {
        for index in changed { body(entries[index].hour, entries[index].staged) }
    }

    /// Adopts the changes.
    mutating func commit() {
        for index in changed {
            entries[index].committed = entries[index].staged
            entries[index].isChanged = false
        }
        changed.removeAll(keepingCapacity: true)
    }

    /// Forgets the changes.
    mutating func rollback() {
        for index in changed {
            entries[index].staged = entries[index].committed
            entries[index].isChanged = false
        }
        changed.removeAll(keepingCapacity: true)
    }

    private mutating func index(ofHour hour: Int64) -> Int {
        if latest < entries.count, entries[latest].hour == hour { return latest }
        latest = indexes[hour] ?? entries.count
        if latest == entries.count {
            indexes[hour] = latest
            entries.append(Entry(hour: hour))
        }
        return latest
    }
}
