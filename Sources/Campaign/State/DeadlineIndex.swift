/// A shard's deadlines, the earliest first: a binary heap of hints. A hint is good while the subscriber's record still
/// has that deadline; one that is no longer true is dropped when its time comes.
struct DeadlineIndex {
    private struct Hint {
        var deadline: Timestamp
        var number: PhoneNumber
    }

    private var heap: [Hint] = []

    /// The earliest deadline; nil when there is none.
    var earliest: Timestamp? { heap.first?.deadline }

    mutating func insert(_ deadline: Timestamp, _ number: PhoneNumber) {
        heap.append(Hint(deadline: deadline, number: number))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest out, if it is at or before `horizon`.
    mutating func takeDue(_ horizon: Timestamp) -> (deadline: Timestamp, number: PhoneNumber)? {
        guard let first = heap.first, first.deadline <= horizon else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return (first.deadline, first.number) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].deadline < heap[least].deadline { least = child }
            }
            guard least != parent else { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.deadline, first.number)
    }
}
