import Campaign
import Worker

/// A bar on a terminal: how far it is, what failed, how fast it goes and how long it takes. Nothing where nobody looks.
struct Progress {
    private static let widestBar = 24
    private static let narrowestBar = 6
    private static let intervalMs: Int64 = 200

    private let total: Int
    private let isShown = FileDescriptor.standardError.isTerminal
    private let started = Clock.now()
    private var shownAt: Int64 = 0

    init(total: Int) { self.total = total }

    /// Shows how far it is. Once nothing but billing is waited for, it has time until `billingsTime`.
    mutating func show(_ outcomes: borrowing LetterOutcomes, waitsUntil billingsTime: Timestamp?) {
        let now = Clock.now().milliseconds
        guard isShown, now - shownAt >= Self.intervalMs else { return }
        shownAt = now
        let line = Self.line(
            done: outcomes.count(\.isFinal), failed: outcomes.count(\.hasFailed), total: total,
            milliseconds: now - started.milliseconds,
            patience: billingsTime.map { max(0, $0.milliseconds - now) },
            columns: FileDescriptor.standardError.columns ?? 80)
        FileDescriptor.standardError.write("\r\(line)\u{1B}[K")
    }

    /// Takes the bar away, so that what follows begins on a line of its own.
    func clear() {
        if isShown { FileDescriptor.standardError.write("\r\u{1B}[K") }
    }

    /// The bar after so many milliseconds. A line that is wider than the terminal could not be overwritten, so the bar is
    /// as wide as there is room. `patience` is how long billing may take with what is left, if it is known.
    static func line(
        done: Int, failed: Int, total: Int, milliseconds: Int64, patience: Int64? = nil, columns: Int
    ) -> String {
        let rate = Double(done) * 1000 / Double(max(1, milliseconds))
        let left = total - done
        var words = "\(done) done, \(failed) failed again, \(left) left, \(Int(rate.rounded()))/s"
        if let patience {
            words += ", at most \((patience + 999) / 1000) s to go"
        } else if done > 0 {
            words += ", \(Int((Double(left) / rate).rounded(.up))) s to go"
        }
        // The last column stays free: some terminals go on to the next line behind it.
        let width = min(widestBar, columns - 1 - words.count - "[] ".count)
        guard width >= narrowestBar else { return String(words.prefix(max(0, columns - 1))) }
        let filled = total == 0 ? width : width * done / total
        return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: width - filled))] \(words)"
    }
}
