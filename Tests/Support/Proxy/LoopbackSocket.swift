import Glibc
import Synchronization

/// A TCP socket on the loopback interface, closed when nobody holds it any more.
final class LoopbackSocket: Sendable {
    private let descriptor: Int32
    /// Held while a frame is written: frames of two threads must not mix.
    private let writing = Mutex(())

    /// The largest frame that is taken for one; brokers refuse larger ones too.
    private static let largestFrame = 100 << 20

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        // A child that held it would keep the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Listens on a port; 0 takes a free one.
    convenience init(listeningOn port: UInt16) throws {
        try self.init(port: port, "listen on", bind)
        guard listen(descriptor, 128) == 0 else { throw TestFailure("listen on port \(port): \(Self.lastError)") }
    }

    /// Connects to a port.
    convenience init(connectingTo port: UInt16) throws {
        try self.init(port: port, "connect to", connect)
    }

    private convenience init(
        port: UInt16, _ what: String, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure("socket: \(Self.lastError)") }
        self.init(descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw TestFailure("\(what) port \(port): \(Self.lastError)") }
    }

    /// The port of this end.
    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Waits for the next connection; nil once this socket is shut down.
    func nextConnection() -> LoopbackSocket? {
        let accepted = accept(descriptor, nil, nil)
        return accepted >= 0 ? LoopbackSocket(accepted) : nil
    }

    /// Waits for a frame of Kafka's protocol: 4 bytes that say its size, which are part of what is returned, and so many
    /// bytes. Nil when the connection has ended.
    func readFrame() -> [UInt8]? {
        var frame: [UInt8] = []
        guard read(4, into: &frame) else { return nil }
        let size = frame.reduce(0) { $0 << 8 | Int($1) }
        guard size <= Self.largestFrame, read(size, into: &frame) else { return nil }
        return frame
    }

    /// Reads and forgets until the other end closes.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
    }

    /// Whether something has come, or the other end has closed, within so many milliseconds.
    func isReadable(withinMs milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, milliseconds) == 1
    }

    /// All that comes until the other end closes.
    func readToEnd(_ deadline: Deadline) throws -> [UInt8] {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while isReadable(withinMs: deadline.milliseconds(atMost: 60_000)) {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count == 0 { return all }
            guard count > 0 else { throw TestFailure("read: \(Self.lastError)") }
            all += bytes.prefix(count)
        }
        throw TestFailure("the other end did not close in time")
    }

    /// Writes a whole frame; false when the connection has ended.
    @discardableResult
    func write(_ frame: [UInt8]) -> Bool {
        writing.withLock { _ in
            var done = 0
            while done < frame.count {
                let count = frame.withUnsafeBytes {
                    send(descriptor, $0.baseAddress?.advanced(by: done), frame.count - done, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    /// Ends the connection, also for a thread that waits in it.
    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func read(_ count: Int, into frame: inout [UInt8]) -> Bool {
        let start = frame.count
        frame.append(contentsOf: repeatElement(0, count: count))
        var done = 0
        while done < count {
            let received = frame.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: start + done), count - done, 0)
            }
            guard received > 0 else { return false }
            done += received
        }
        return true
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
