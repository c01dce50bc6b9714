/// What the process says to its caller when it ends: the codes of sysexits(3), and 2 for a check that found something.
public enum ExitCode: Int32, Sendable {
    /// Done.
    case ok = 0
    /// Failed for a reason that none of the others names.
    case failed = 1
    /// Ran, and found problems.
    case foundProblems = 2
    /// A mistake on the command line.
    case usage = 64
    /// A bad campaign file, or bad data.
    case badData = 65
    /// The broker can't be reached.
    case unreachable = 69
    /// A bug of ours.
    case bug = 70
    /// The broker doesn't allow it.
    case notAllowed = 77
    /// A bad configuration.
    case badConfiguration = 78
}
