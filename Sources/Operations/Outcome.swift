public import Worker

/// What a verb has to say when it is through, and how the process ends.
public struct Outcome: Equatable, Sendable {
    /// Lines for standard output: what was asked for.
    public var output: [String] = []
    /// Lines for standard error: why it could not be had.
    public var errors: [String] = []
    /// How the process ends.
    public var exitCode: ExitCode

    /// An answer.
    static func answer(_ output: [String], _ exitCode: ExitCode = .ok) -> Outcome {
        Outcome(output: output, exitCode: exitCode)
    }

    /// No answer, and why.
    static func refusal(_ errors: [String], _ exitCode: ExitCode) -> Outcome {
        Outcome(errors: errors, exitCode: exitCode)
    }
}
