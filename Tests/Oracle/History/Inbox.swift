import TestSupport

/// What others will publish, and what they published and nobody has read yet.
struct Inbox {
    private(set) var coming: [Coming] = []
    /// The next offset of each log.
    private var ends: [String: Int64] = [:]
    private var unread: [Int32: [String: [TestRecord]]] = [:]

    var isEmpty: Bool { coming.isEmpty && unread.values.allSatisfy { $0.values.allSatisfy(\.isEmpty) } }

    var nextDue: Int64? { coming.map(\.due).min() }

    mutating func expect(_ more: [Coming]) { coming += more }

    /// Publishes what is due.
    ///
    /// - Returns: what was published.
    mutating func publish(upTo now: Int64) -> [TestRecord] {
        let due = coming.filter { $0.due <= now }.sorted { $0.due < $1.due }
        coming.removeAll { $0.due <= now }
        return due.map { coming in
            var record = coming.record
            let log = "\(record.topic)/\(record.partition)"
            record.offset = ends[log, default: 0]
            record.timestamp = coming.due
            ends[log] = record.offset + 1
            unread[record.partition, default: [:]][record.topic, default: []].append(record)
            return record
        }
    }

    /// Takes the next records of a log.
    mutating func read(_ topic: String, of partition: Int32, atMost count: Int) -> [TestRecord] {
        guard let log = unread[partition]?[topic] else { return [] }
        unread[partition]?[topic] = Array(log.dropFirst(count))
        return Array(log.prefix(count))
    }
}
