import Foundation
import Glibc

/// A program on a terminal of its own, as a person has it: what is typed reaches it, Ctrl-C is a signal to it.
public final class TerminalProcess: @unchecked Sendable {
    // The condition guards all that follows it.
    private let condition = NSCondition()
    private var written = Data()
    private var isClosed = false
    private var exitCode: Int32?

    private let terminal: Int32
    private let process: pid_t
    private let name: String

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: what it sees, with what is always handed on.
    ///   - columns: how wide the terminal is.
    public init(executable: String, arguments: [String], environment: [String: String], columns: UInt16 = 80) throws {
        name = (executable as NSString).lastPathComponent
        terminal = try Self.openTerminal(columns: columns)
        do {
            process = try Self.start(
                [executable] + arguments, WorkerProcess.handingOn(environment), at: terminal)
        } catch {
            close(terminal)
            throw error
        }
        OrphanGuard.shared.started(process)
        Thread.detachNewThread { [self] in collect() }
        Thread.detachNewThread { [self] in awaitEnd() }
    }

    deinit { close(terminal) }

    /// Types a text; `\u{3}` is Ctrl-C.
    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    }

    /// All that was written to the terminal so far, with what the terminal itself echoed.
    public var text: String { condition.withLock { String(decoding: written, as: UTF8.self) } }

    /// Waits until something that was written is as `form` says.
    public func waitFor(_ form: some RegexComponent, timeout: Duration = .seconds(60)) throws {
        try wait(for: "\(form)", timeout) { String(decoding: written, as: UTF8.self).contains(form) ? () : nil }
    }

    /// Waits until the program has ended and all its output was read; its exit code, or 128 plus the signal's number.
    public func waitForExit(timeout: Duration = .seconds(60)) throws -> Int32 {
        try wait(for: "its end", timeout) { isClosed ? exitCode : nil }
    }

    /// Ends the program at once (SIGKILL) and waits until it is gone.
    public func kill9() throws {
        if condition.withLock({ exitCode == nil }) { kill(process, SIGKILL) }
        _ = try waitForExit()
    }

    private func wait<Result>(for what: String, _ timeout: Duration, _ find: () -> Result?) throws -> Result {
        let deadline = Deadline(after: timeout)
        return try condition.withLock {
            while true {
                if let result = find() { return result }
                guard !deadline.isOver, !(isClosed && exitCode != nil) else {
                    throw TestFailure("\(name) without \(what):\n\(String(decoding: written, as: UTF8.self))")
                }
                _ = condition.wait(until: Date(timeIntervalSinceNow: deadline.seconds))
            }
        }
    }

    private func note(_ change: () -> Void) {
        condition.withLock {
            change()
            condition.broadcast()
        }
    }

    /// Reads until nobody has the terminal open any more, which ends reading with an error.
    private func collect() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(terminal, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            note { written.append(contentsOf: chunk[..<count]) }
        }
        note { isClosed = true }
    }

    private func awaitEnd() {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        OrphanGuard.shared.ended(process)
        let signal = status & 0x7F
        note { exitCode = signal == 0 ? (status >> 8) & 0xFF : 128 + signal }
    }
}

extension TerminalProcess {
    // Linux has these (TIOCSPTLCK, TIOCGPTN, POSIX_SPAWN_SETSID); Swift's Glibc doesn't.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    private static let spawnSetSession: Int16 = 0x80

    private static func openTerminal(columns: UInt16) throws -> Int32 {
        // Not openpty, whose descriptors programs inherit that other tests start meanwhile.
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        guard terminal >= 0, ioctl(terminal, setLock, &isLocked) == 0 else {
            throw TestFailure("no terminal: \(String(cString: strerror(errno)))")
        }
        var size = winsize(ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
        return terminal
    }

    /// Starts a program that leads a session; the terminal that it opens first is its session's, so it gets the signals.
    private static func start(_ words: [String], _ environment: [String: String], at terminal: Int32) throws -> pid_t {
        var number: UInt32 = 0
        guard ioctl(terminal, getNumber, &number) == 0 else { throw TestFailure("the terminal has no number") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals do what they do at their default, whatever the tests were started by ignores.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, spawnSetSession | Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, words[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw TestFailure("\(words[0]): \(String(cString: strerror(code)))") }
        return process
    }
}
