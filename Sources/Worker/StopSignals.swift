import Glibc
import Kafka

/// SIGTERM and SIGINT: the first asks the worker to stop, the second ends the process at once.
///
/// Make it before the first thread: a thread inherits which signals it leaves to others.
package final class StopSignals: Sendable {
    /// Takes the two signals away from all threads that are made from now on.
    package init() {
        var signals = StopSignals.set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    private static var set: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }

    /// Calls `body` on the first signal; the process ends on the second.
    package func whenStopped(_ body: @escaping @Sendable () -> Void) {
        startThread {
            var signals = StopSignals.set
            var received: Int32 = 0
            sigwait(&signals, &received)
            body()
            sigwait(&signals, &received)
            _exit(128 + received)
        }
    }
}
