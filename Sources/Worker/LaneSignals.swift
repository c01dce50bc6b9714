import Kafka
import Synchronization

/// All that lanes and the process share: the wish to stop, how many lanes are ready and how many records are done.
final class LaneSignals: Sendable {
    private let stop = Atomic<Bool>(false)
    private let waiting: Int
    private let ready = Atomic<Int>(0)
    private let done = Atomic<Int>(0)
    private let wakeups: [Wakeup]
    private let whenReady: @Sendable () -> Void
    private let whenDone: @Sendable () -> Void
    /// Where lanes say how they are and what they did.
    let vitals: Vitals

    /// Signals for the lanes that `vitals` has. `whenReady` is called once, when every lane has its first partitions restored;
    /// `whenDone` whenever records are done.
    init(vitals: Vitals, whenReady: @escaping @Sendable () -> Void, whenDone: @escaping @Sendable () -> Void) {
        self.vitals = vitals
        waiting = vitals.lanes.count
        wakeups = vitals.lanes.map { _ in Wakeup() }
        self.whenReady = whenReady
        self.whenDone = whenDone
    }

    /// True from the first `requestStop` on.
    var stopRequested: Bool { stop.load(ordering: .relaxed) }

    /// Asks all lanes to finish what they have and end.
    func requestStop() {
        stop.store(true, ordering: .relaxed)
        for wakeup in wakeups { wakeup.signal() }
    }

    /// Waits, a lane's pause; a wish to stop ends it.
    func wait(lane: Int, atMostMs milliseconds: Int32) {
        guard !stopRequested else { return }
        wakeups[lane].wait(atMostMs: milliseconds)
    }

    /// Input records whose transactions are committed, of all lanes.
    var recordsDone: Int { done.load(ordering: .relaxed) }

    /// A lane's transaction with so many input records is committed.
    func laneHasDone(records: Int) {
        done.add(records, ordering: .relaxed)
        whenDone()
    }

    /// A lane has its first partitions.
    func laneIsReady() {
        if ready.add(1, ordering: .relaxed).newValue == waiting { whenReady() }
    }
}
