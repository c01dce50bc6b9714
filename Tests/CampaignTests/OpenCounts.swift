@testable import Campaign

/// What waits for billing, and which letters are open.
struct OpenCounts: Equatable {
    private(set) var gifts: Int64 = 0
    private(set) var earliestDeadline: Timestamp?
    private(set) var letters: [Rejection: Int64] = [:]

    /// As a shard says it.
    init(saidBy shard: Shard) {
        gifts = shard.giftsWaitedFor
        earliestDeadline = shard.earliestGiftDeadline
        for reason in Rejection.allCases where shard.openLetters(reason) != 0 {
            letters[reason] = shard.openLetters(reason)
        }
    }

    /// Counted one by one.
    init(countedIn shard: Shard, _ changelog: Changelog) throws {
        var records: [[UInt8]] = []
        shard.subscribers.forEachCommitted { _, record in records.append(Array(record.buffer)) }
        for record in records {
            try record.withUnsafeBytes { bytes in
                var subscriber = Subscriber()
                try subscriber.read(Bytes(bytes))
                subscriber.forEachGift { _, gift in count(gift) }
            }
        }
        for (key, value) in changelog.latest where key.starts(with: Array("letter/".utf8)) {
            letters[try value.withUnsafeBytes { try LetterTable.Entry(Bytes($0)).reason }, default: 0] += 1
        }
    }

    private mutating func count(_ gift: Gift) {
        if gift.isWaitedFor {
            gifts += 1
            earliestDeadline = min(earliestDeadline ?? gift.deadline, gift.deadline)
        }
        if let letter = gift.letter { letters[letter.reason, default: 0] += 1 }
    }
}
