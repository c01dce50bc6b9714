/// A moment after which a bounded wait of a test gives up.
public struct Deadline: Sendable {
    let end: ContinuousClock.Instant

    /// The moment that is so far from now.
    public init(after timeout: Duration) {
        end = .now + timeout
    }

    /// True from that moment on.
    public var isOver: Bool { end <= .now }

    /// What is left, 0 to `most` milliseconds: for calls that take a timeout.
    func milliseconds(atMost most: Int32) -> Int32 {
        let left = ContinuousClock.now.duration(to: end)
        let milliseconds = left / .milliseconds(1)
        return Int32(max(0, min(Double(most), milliseconds.rounded(.up))))
    }

    /// What is left, in seconds, never below 0.
    var seconds: Double {
        max(0, ContinuousClock.now.duration(to: end) / .seconds(1))
    }
}
