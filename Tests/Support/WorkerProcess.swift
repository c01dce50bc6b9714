import Foundation
import Synchronization

/// A run of the built binary `recharge-worker`.
public struct WorkerProcess: Sendable {
    /// The process, for what is not repeated here.
    public let process: ChildProcess

    /// Starts the binary that was built with the tests.
    ///
    /// - Parameter environment: what the worker sees, with what is always handed on.
    public init(arguments: [String], environment: [String: String] = [:]) throws {
        // Who asks for numbers in clear gets them.
        let isTold = arguments.contains("--reveal")
        process = try ChildProcess(
            executable: Self.executable, arguments: arguments,
            environment: Self.handingOn(environment),
            onLine: { if !isTold { Transcript.append($0) } })
    }

    /// An environment with `PATH`, `HOME` and what a sanitizer needs.
    public static func handingOn(_ environment: [String: String]) -> [String: String] {
        let outer = ProcessInfo.processInfo.environment.filter {
            ["PATH", "HOME", "LD_PRELOAD"].contains($0.key) || $0.key.hasSuffix("SAN_OPTIONS")
        }
        return outer.merging(environment) { _, given in given }
    }

    /// The path of the binary: beside the test bundle, in the build's folder.
    public static var executable: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "recharge-worker").path
    }

    /// Runs the binary to its end.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], timeout: Duration = .seconds(30)
    ) throws -> (exitCode: Int32, lines: [String]) {
        let worker = try WorkerProcess(arguments: arguments, environment: environment)
        return (try worker.waitForExit(timeout: timeout), worker.lines)
    }

    /// All lines so far, of standard output and error.
    public var lines: [String] { process.lines }

    /// Waits for a line that holds `text`; see `ChildProcess.waitFor`.
    @discardableResult
    public func waitFor(lineContaining text: String, timeout: Duration = .seconds(30)) throws -> String {
        try process.waitFor(lineContaining: text, timeout: timeout).line
    }

    /// Waits until the worker is ready.
    public func waitUntilReady(timeout: Duration = .seconds(60)) throws {
        try waitFor(lineContaining: #""event":"ready""#, timeout: timeout)
    }

    /// Asks it to end (SIGTERM).
    public func terminate() { process.terminate() }

    /// Ends it at once (SIGKILL) and waits until it is gone.
    public func kill9() throws { try process.kill9() }

    /// Waits for its end; the exit code, or 128 plus the signal's number.
    public func waitForExit(timeout: Duration = .seconds(30)) throws -> Int32 {
        try process.waitForExit(timeout: timeout)
    }
}
