import Campaign
import Synchronization

/// Writes one line for each thing that happened, to standard error unless told otherwise, with subscribers' numbers masked.
public struct Log: Sendable {
    /// How much a line matters; a log of one level leaves out what matters less.
    public enum Level: String, CaseIterable, Comparable, Sendable {
        /// What a person must look at.
        case error
        /// What passes by itself but should not happen often.
        case warn
        /// What the worker did.
        case info
        /// What helps to find a mistake.
        case debug

        /// What matters more comes first.
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .error: 0
            case .warn: 1
            case .info: 2
            case .debug: 3
            }
        }
    }

    /// How a line looks.
    public enum Format: String, CaseIterable, Sendable {
        /// One JSON object: for collectors.
        case json
        /// Words: for people.
        case text
    }

    /// What a field of a line holds.
    public enum Value: Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
        /// A text; masked.
        case text(String)
        /// A whole number that is no subscriber's.
        case integer(Int64)

        /// A text.
        public init(stringLiteral text: String) { self = .text(text) }
        /// A whole number.
        public init(integerLiteral number: Int64) { self = .integer(number) }
    }

    /// Lines that matter less are left out.
    public let level: Level
    private let format: Format
    private let file: FileDescriptor

    /// A log to an open file.
    public init(level: Level, format: Format, file: FileDescriptor = .standardError) {
        self.level = level
        self.format = format
        self.file = file
    }

    /// Writes a line. `event` names for good what happened (`ready`); `message` says it in words.
    public func write(
        _ level: Level, _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> KeyValuePairs<String, Value> = [:]
    ) {
        guard level <= self.level else { return }
        let entry = LogEntry(at: Clock.now(), level: level, event: event, message: message(), fields: fields())
        let line = entry.line(format) + "\n"
        Log.turn.withLock { _ in file.write(line) }
    }

    /// Whole lines, also when two threads write at once.
    private static let turn = Mutex<Void>(())
}
