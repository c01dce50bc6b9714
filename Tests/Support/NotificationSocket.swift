import Foundation
import Glibc

/// A datagram socket as systemd has one for the states of its units.
public final class NotificationSocket: Sendable {
    /// What `NOTIFY_SOCKET` says.
    public let name: String
    private let descriptor: Int32

    /// Opens it, at a path of its own or, as containers have it, under a name in the abstract namespace.
    public init(isAbstract: Bool = false) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "notify-\(UUID())").path
        name = isAbstract ? "@" + path : path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = isAbstract ? [0] + Array(path.utf8) : Array(path.utf8) + [0]
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard code == 0 else { throw TestFailure("bind \(name): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(descriptor)
        unlink(name)
    }

    /// Waits for the next datagram; nil when none comes in time.
    public func next(atMostMs milliseconds: Int32) -> String? {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, milliseconds) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count >= 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
