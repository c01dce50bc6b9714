internal import CRdKafka
internal import Glibc

/// A signal from one thread to another that keeps until it is waited for.
package final class Wakeup: Sendable {
    private let descriptor: Int32

    /// A signal that was not given yet.
    package init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        precondition(descriptor >= 0, "no file descriptor is left")
    }

    deinit { close(descriptor) }

    /// Wakes the waiting thread, or the next that waits.
    package func signal() {
        var one: UInt64 = 1
        write(descriptor, &one, 8)
    }

    /// Waits for a signal and takes it; -1 waits without end. False when none came in time.
    @discardableResult
    package func wait(atMostMs milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) == 1 else { return false }
        var count: UInt64 = 0
        return read(descriptor, &count, 8) == 8
    }
}
