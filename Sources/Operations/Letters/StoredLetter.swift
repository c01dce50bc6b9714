import Campaign
import Kafka

/// A letter's record as it stands in `dead-letters`, whole.
struct StoredLetter {
    let partition: Int32
    let offset: Int64
    let timestampMs: Int64
    let key: [UInt8]?
    let value: [UInt8]?
    let headers: [(name: String, value: [UInt8]?)]

    /// A copy that lives on when its batch is gone.
    init(_ record: Record) {
        partition = record.partition
        offset = record.offset
        timestampMs = record.timestampMs
        key = record.key.map { Array($0) }
        value = record.value.map { Array($0) }
        var headers: [(String, [UInt8]?)] = []
        record.forEachHeader { name, value in
            headers.append((String(decoding: name, as: UTF8.self), value.map { Array($0) }))
        }
        self.headers = headers
    }

    /// The last header of that name, as the worker's own stand behind the original ones.
    func header(_ name: String) -> String? {
        headers.last { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }

    /// When it failed, as the letter says it.
    var failedAt: String {
        header("recharge.letter.last-failed-at") ?? Timestamp(milliseconds: timestampMs).description
    }
}
