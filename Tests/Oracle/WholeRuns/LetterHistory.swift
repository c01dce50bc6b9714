import TestSupport

/// A letter of an event or a receipt from its first failure on, when it fails at every replay.
struct LetterHistory {
    private(set) var letters: [ExpectedLetter] = []
    private(set) var statuses: [ExpectedStatus] = []

    /// - Parameter requests: all that name the letter, in the order of their partitions.
    init(_ first: ExpectedLetter, requests: [TestRecord]) {
        fail(first)
        for record in requests where record.partition == first.partition && isTrue(record, first) {
            let request = Gift.Request(record)
            switch record.header("recharge.request.action") {
            case "replay":
                var again = letters[letters.count - 1]
                again.record.headers = record.originalHeaders
                again.replays += 1
                fail(again)
            case "discard":
                let last = letters[letters.count - 1]
                statuses.append(status("DISCARDED", last, request))
                return
            default: break
            }
        }
    }

    private mutating func fail(_ letter: ExpectedLetter) {
        letters.append(letter)
        statuses.append(status(letter.replays >= Gift.mostReplays ? "PARKED" : "OPEN", letter))
    }

    private func status(_ state: String, _ letter: ExpectedLetter, _ request: Gift.Request? = nil) -> ExpectedStatus {
        ExpectedStatus(
            letterID: letter.id, partition: letter.partition, state: state, reason: letter.reason,
            replays: letter.replays, by: request?.by, why: request?.why)
    }

    private func isTrue(_ record: TestRecord, _ letter: ExpectedLetter) -> Bool {
        record.key == letter.record.key && record.value == letter.record.value
            && record.header("recharge.letter.record-time") == ChinaTime.text(letter.record.timestamp)
    }

    /// What differs from the records that the worker wrote about it.
    func problems(_ writtenLetters: [TestRecord], _ writtenStatuses: [TestRecord], by comparison: Comparison)
        -> [String]
    {
        let id = letters[0].id
        guard letters.count == writtenLetters.count, statuses.count == writtenStatuses.count else {
            return [
                "letter \(id): \(letters.count) letters and states \(statuses.map(\.state)) expected; written "
                    + "\(writtenLetters.count) and \(writtenStatuses.map { $0.valueText ?? "-" })"
            ]
        }
        let first = writtenLetters.first?.timestamp
        let differentLetters = zip(letters, writtenLetters).flatMap { letter, record in
            var letter = letter
            letter.firstFailedAt = first
            return comparison.problems(letter: letter, record)
        }
        return differentLetters
            + zip(statuses, writtenStatuses).flatMap { comparison.problems(status: $0, $1) }
    }
}
