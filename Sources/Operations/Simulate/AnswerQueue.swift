import Campaign

/// A receipt that is to be published.
struct PendingReceipt {
    let subject: PhoneNumber
    let value: String
    /// It may be left out when the simulation ends before its time.
    let isLate: Bool
}

/// Receipts by the moment at which they are due.
struct AnswerQueue {
    private var pending: [(due: Timestamp, receipt: PendingReceipt)] = []

    var count: Int { pending.count }

    /// When the next is due; nil when none is.
    var nextDue: Timestamp? { pending.last?.due }

    mutating func add(_ receipt: PendingReceipt, due: Timestamp) {
        // The last is due first; of several at one moment the one that came first.
        var (low, high) = (0, pending.count)
        while low < high {
            let middle = (low + high) / 2
            if pending[middle].due <= due { high = middle } else { low = middle + 1 }
        }
        pending.insert((due, receipt), at: low)
    }

    /// Takes out what is due by `now`.
    mutating func takeDue(_ now: Timestamp) -> [PendingReceipt] {
        var due: [PendingReceipt] = []
        while let last = pending.last, last.due <= now {
            due.append(last.receipt)
            pending.removeLast()
        }
        return due
    }

    /// Takes out all but the late ones.
    mutating func takePunctual() -> [PendingReceipt] {
        let punctual = pending.reversed().map(\.receipt).filter { !$0.isLate }
        pending.removeAll { !$0.receipt.isLate }
        return punctual
    }
}
