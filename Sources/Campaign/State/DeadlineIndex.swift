/// A shard's deadlines, the earliest first. They are hints: one is good while the subscriber's record still says so; one
/// that is no longer true is dropped when its time comes.
///
/// Most deadlines come in their order, for each gift has equally long: they stand in a queue. Those that do not, after a
/// step of the clock or a restore, stand in a binary heap.
struct DeadlineIndex {
    /// When something is due for whom.
    struct Hint {
        var deadline: Timestamp
        var number: PhoneNumber
    }

    private var queue: [Hint] = []
    /// How many of the queue are taken out.
    private var taken = 0
    private var heap: [Hint] = []

    /// The earliest; nil when there is none.
    var earliest: Hint? {
        guard taken < queue.count else { return heap.first }
        guard let first = heap.first, first.deadline < queue[taken].deadline else { return queue[taken] }
        return first
    }

    mutating func insert(_ deadline: Timestamp, _ number: PhoneNumber) {
        let hint = Hint(deadline: deadline, number: number)
        guard let last = queue.last, deadline < last.deadline else { return queue.append(hint) }
        heap.append(hint)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest out, if there is one.
    mutating func removeEarliest() {
        guard taken < queue.count, heap.first.map({ queue[taken].deadline <= $0.deadline }) ?? true else {
            return removeHeapTop()
        }
        taken += 1
        guard taken == queue.count || taken > max(1024, queue.count / 2) else { return }
        queue.removeSubrange(..<taken)
        taken = 0
    }

    /// Takes the earliest out, if it is at or before `horizon`.
    mutating func takeDue(_ horizon: Timestamp) -> Hint? {
        guard let first = earliest, first.deadline <= horizon else { return nil }
        removeEarliest()
        return first
    }

    private mutating func removeHeapTop() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
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
    }
}
