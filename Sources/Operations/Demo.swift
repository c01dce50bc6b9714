import Worker

/// A small campaign on a mock cluster.
enum Demo {
    static func run(_ settings: Settings) -> ExitCode {
        settings.log.write(.error, "demo", "this build has no demo yet")
        return .failed
    }
}
