import Glibc

/// Tells systemd how far the process is: one datagram for each state, as sd_notify(3) has it. Where systemd did not start
/// the process as a unit of `Type=notify`, nothing is sent.
struct SystemdNotification: Sendable {
    /// What systemd is told.
    enum State: String {
        /// The unit has started.
        case ready = "READY=1"
        /// The unit is about to end.
        case stopping = "STOPPING=1"
    }

    /// The socket's path, or its name in the abstract namespace behind an `@`; nil where nobody listens.
    let socket: String?
    let log: Log

    /// Notifies whom the environment names.
    init(log: Log) {
        self.init(socket: getenv("NOTIFY_SOCKET").map { String(cString: $0) }, log: log)
    }

    init(socket: String?, log: Log) {
        self.socket = socket
        self.log = log
    }

    /// Sends a state, without waiting for an answer: there is none.
    func send(_ state: State) {
        guard let socket, !sent(state.rawValue, to: socket) else { return }
        let reason = String(cString: strerror(errno))
        log.write(.warn, "systemd", "\(state.rawValue) can't be sent to NOTIFY_SOCKET \(socket): \(reason)")
    }
}

/// False when the datagram could not be sent; `errno` says why.
private func sent(_ text: String, to name: String) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    guard let length = address.fill(with: name) else {
        errno = ENAMETOOLONG
        return false
    }
    let bytes = Array(text.utf8)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length) == bytes.count
        }
    }
}

extension sockaddr_un {
    /// Makes it the address of a path, or of an abstract name behind an `@`. Its length; nil when the name is too long.
    fileprivate mutating func fill(with name: String) -> socklen_t? {
        sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 } else { bytes.append(0) }
        guard bytes.count <= MemoryLayout.size(ofValue: sun_path) else { return nil }
        withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: bytes) }
        return socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    }
}
