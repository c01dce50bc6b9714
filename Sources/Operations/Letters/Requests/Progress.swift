import Campaign
import Worker

/// A bar on a terminal: how far it is, what failed, how fast it goes and how long it takes. Nothing where nobody looks.
struct Progress {
    private static let width = 24
    private static let intervalMs: Int64 = 200

    private let total: Int
    private let isShown = FileDescriptor.standardError.isTerminal
    private let started = Clock.now()
    private var shownAt: Int64 = 0

    init(total: Int) { self.total = total }

    mutating func show(sent: Int, _ outcomes: borrowing LetterOutcomes) {
        let now = Clock.now().milliseconds
        guard isShown, now - shownAt >= Self.intervalMs else { return }
        shownAt = now
        let done = outcomes.count(\.isFinal)
        let line = Self.line(
            done: done, failed: outcomes.count(\.hasFailed), total: total, milliseconds: now - started.milliseconds)
        FileDescriptor.standardError.write("\r\(line)\u{1B}[K")
    }

    /// Takes the bar away, so that what follows begins on a line of its own.
    func clear() {
        if isShown { FileDescriptor.standardError.write("\r\u{1B}[K") }
    }

    static func line(done: Int, failed: Int, total: Int, milliseconds: Int64) -> String {
        let filled = total == 0 ? width : width * done / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let seconds = Double(max(1, milliseconds)) / 1000
        let rate = Double(done) / seconds
        let left = total - done
        let toGo = done == 0 ? "" : ", \(Int((Double(left) / rate).rounded(.up))) s to go"
        return "[\(bar)] \(done) done, \(failed) failed again, \(left) left, \(Int(rate.rounded()))/s\(toGo)"
    }
}
