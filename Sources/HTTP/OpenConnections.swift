internal import Glibc

/// The server's connections, the oldest first: none lives longer than it may, however slow its other end is.
struct OpenConnections {
    private let mostMs: Int64
    private var connections: [(socket: Int32, endMs: Int64)] = []
    private var hasClosedSome = false

    init(mostMs: Int64) { self.mostMs = mostMs }

    mutating func opened(_ socket: Int32, nowMs: Int64) {
        connections.append((socket, nowMs + mostMs))
    }

    mutating func closed(_ socket: Int32) {
        connections.removeAll { $0.socket == socket }
        hasClosedSome = true
    }

    /// Whether connections closed since the last call.
    mutating func takeClosed() -> Bool {
        defer { hasClosedSome = false }
        return hasClosedSome
    }

    /// How long until the oldest must end, in milliseconds; -1 when there is none.
    func waitMs(nowMs: Int64) -> Int32 {
        connections.first.map { Int32(max(0, $0.endMs - nowMs)) } ?? -1
    }

    /// Makes the server see an end of those that lived long enough.
    func endOverdue(nowMs: Int64) {
        for connection in connections.prefix(while: { $0.endMs <= nowMs }) {
            shutdown(connection.socket, Int32(SHUT_RDWR))
        }
    }
}
