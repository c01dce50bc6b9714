import Foundation

/// A started program whose output lines are collected, and which ends with the tests.
public final class ChildProcess: @unchecked Sendable {
    // The condition guards all that follows it.
    private let condition = NSCondition()
    private var collected: [String] = []
    private var dropped = 0
    private var openOutputs = 2
    private var exitCode: Int32?

    private let process = Process()
    private let name: String
    private let linesKept: Int

    /// The number of the operating system's process.
    public var processID: Int32 { process.processIdentifier }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: its path.
    ///   - environment: all of its environment; nil hands on the tests' own.
    ///   - linesKept: how many of the last output lines are kept.
    ///   - onLine: is given each line of standard output and error, on a thread of its own.
    public init(
        executable: String, arguments: [String], environment: [String: String]? = nil, linesKept: Int = 200_000,
        onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        name = (executable as NSString).lastPathComponent
        self.linesKept = linesKept
        let outputs = [Pipe(), Pipe()]
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = outputs[0]
        process.standardError = outputs[1]
        process.terminationHandler = { [weak self] ended in
            OrphanGuard.shared.ended(ended.processIdentifier)
            let signalled = ended.terminationReason == .uncaughtSignal
            self?.note { $0.exitCode = ended.terminationStatus + (signalled ? 128 : 0) }
        }
        try process.run()
        OrphanGuard.shared.started(process.processIdentifier)
        // One that ended so soon was reported before; its number may be another's by the end of the tests.
        if !process.isRunning { OrphanGuard.shared.ended(process.processIdentifier) }
        for output in outputs { collect(from: output.fileHandleForReading, onLine) }
    }

    /// All lines so far that are still kept, of standard output and error in the order they came.
    public var lines: [String] { condition.withLock { collected } }

    /// How many lines there were so far: where a later `waitFor` begins to see only new ones.
    public var lineCount: Int { condition.withLock { dropped + collected.count } }

    /// True until the program has ended.
    public var isRunning: Bool { condition.withLock { exitCode == nil } }

    /// True while a signal such as `SIGSTOP` holds the program.
    public var isStopped: Bool {
        let status = try? String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
        return status?.contains("State:\tT") ?? false
    }

    /// Sends a signal such as `SIGSTOP`; does nothing once the program has ended.
    public func signal(_ number: Int32) {
        guard isRunning else { return }
        kill(process.processIdentifier, number)
    }

    /// Asks the program to end (SIGTERM).
    public func terminate() { signal(SIGTERM) }

    /// Ends the program at once (SIGKILL) and waits until it is gone.
    public func kill9() throws {
        signal(SIGKILL)
        _ = try waitForExit(timeout: .seconds(20))
    }

    /// Waits for the first line at or after `start` (an index into all lines ever seen) that holds `text`.
    ///
    /// - Returns: the line, and where to go on for the next.
    /// - Throws: `TestFailure` with the last lines, at the timeout or when the program ends without such a line.
    public func waitFor(
        lineContaining text: String, from start: Int = 0, timeout: Duration = .seconds(30)
    ) throws -> (line: String, next: Int) {
        let deadline = Deadline(after: timeout)
        var next = start
        return try condition.withLock {
            while true {
                next = max(next, dropped)
                while next < dropped + collected.count {
                    let line = collected[next - dropped]
                    next += 1
                    if line.contains(text) { return (line, next) }
                }
                if exitCode != nil, openOutputs == 0 { throw failure("ended without a line with '\(text)'") }
                if deadline.isOver { throw failure("wrote no line with '\(text)' within \(timeout)") }
                _ = condition.wait(until: Date(timeIntervalSinceNow: deadline.seconds))
            }
        }
    }

    /// Waits until the program has ended and all its output was read.
    ///
    /// - Returns: its exit code, or 128 plus the signal's number as a shell says it.
    public func waitForExit(timeout: Duration = .seconds(30)) throws -> Int32 {
        let deadline = Deadline(after: timeout)
        return try condition.withLock {
            while true {
                if let exitCode, openOutputs == 0 { return exitCode }
                if deadline.isOver { throw failure("did not end within \(timeout)") }
                _ = condition.wait(until: Date(timeIntervalSinceNow: deadline.seconds))
            }
        }
    }

    /// The last lines, for a test's message.
    public func tail(_ count: Int = 30) -> String { lines.suffix(count).joined(separator: "\n") }

    private func failure(_ what: String) -> TestFailure {
        let status = exitCode.map { "exit code \($0)" } ?? "running"
        return TestFailure("\(name) \(what) (\(status)); last lines:\n" + collected.suffix(30).joined(separator: "\n"))
    }

    private func note(_ change: (ChildProcess) -> Void) {
        condition.withLock {
            change(self)
            condition.broadcast()
        }
    }

    private func collect(from output: FileHandle, _ onLine: @escaping @Sendable (String) -> Void) {
        Thread.detachNewThread { [self] in
            var rest = Data()
            while true {
                // Not `read(upToCount:)`, which waits until it has them all.
                let chunk = output.availableData
                guard !chunk.isEmpty else { break }
                rest.append(chunk)
                var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                rest = Data(lines.removeLast())
                add(lines.map { String(decoding: $0, as: UTF8.self) }, onLine)
            }
            if !rest.isEmpty { add([String(decoding: rest, as: UTF8.self)], onLine) }
            // Foundation keeps the pipes of processes that have ended.
            try? output.close()
            note { $0.openOutputs -= 1 }
        }
    }

    private func add(_ lines: [String], _ onLine: (String) -> Void) {
        lines.forEach(onLine)
        note {
            $0.collected += lines
            let surplus = $0.collected.count - $0.linesKept
            guard surplus > 0 else { return }
            $0.collected.removeFirst(surplus)
            $0.dropped += surplus
        }
    }
}
