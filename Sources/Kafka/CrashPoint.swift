/// A step at which tests end or stop the process as a loss of power or a stalled machine would. Debug builds look at
/// `CRASH_POINT`, which names a step; in a release this is nothing.
@inlinable
public func crashPoint(_ step: StaticString) {
    #if DEBUG
        CrashPoint.reached(step)
    #endif
}

#if DEBUG
    internal import Glibc
    internal import Synchronization

    @usableFromInline
    enum CrashPoint {
        /// The step to crash at; `CRASH_COUNT` says at which of the times that it is reached, else at the first.
        private static let step = setting("CRASH_POINT")
        private static let timesLeft = Atomic(Int(setting("CRASH_COUNT") ?? "") ?? 1)
        /// The number of the signal that the process sends itself.
        private static let signal = Int32(setting("CRASH_SIGNAL") ?? "") ?? SIGKILL

        private static func setting(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

        @usableFromInline
        static func reached(_ step: StaticString) {
            guard let wanted = Self.step, wanted == step.description else { return }
            if timesLeft.subtract(1, ordering: .relaxed).newValue == 0 { kill(getpid(), signal) }
        }
    }
#endif
