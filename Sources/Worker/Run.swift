/// The worker's life from its start to its end.
public enum Run {
    /// Runs the lanes until a signal or a failure ends them.
    public static func start(_ settings: Settings) -> ExitCode {
        settings.log.write(.error, "run", "this build has no lanes yet")
        return .failed
    }
}
