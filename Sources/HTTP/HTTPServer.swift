internal import CMicrohttpd
internal import Glibc

/// Answers requests to read: one on each connection, from its head alone. What is malformed, too large or of another
/// method never reaches `answer`. Made, run and dropped on one thread.
public struct HTTPServer: ~Copyable {
    /// The server can't start.
    public struct Failure: Error {}

    /// What libmicrohttpd keeps of a connection; a head of more than this it refuses by itself.
    private static let connectionBytes = 64 << 10

    private let socket: ListeningSocket
    private let daemon: OpaquePointer
    private let exchange: Exchange

    /// A server on a socket, with at most so many connections at a time, none of them longer than so many milliseconds.
    public init(
        on socket: ListeningSocket, connections: Int, connectionMs: Int64,
        answer: @escaping (HTTPRequest) -> HTTPResponse
    ) throws(Failure) {
        let exchange = Exchange(connectionMs: connectionMs, answer: answer)
        guard
            let daemon = recharge_start_daemon(
                socket.descriptor, UInt32(connections), Self.connectionBytes, Exchange.respond, Exchange.note,
                Unmanaged.passUnretained(exchange).toOpaque())
        else { throw Failure() }
        self.socket = socket
        self.daemon = daemon
        self.exchange = exchange
    }

    deinit {
        // It would close the socket, which has its owner.
        _ = MHD_quiesce_daemon(daemon)
        MHD_stop_daemon(daemon)
    }

    /// Answers until the socket is shut down.
    public func run() {
        var waiting = [
            pollfd(fd: recharge_daemon_descriptor(daemon), events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket.descriptor, events: 0, revents: 0),
        ]
        while waiting[1].revents & Int16(POLLHUP) == 0 {
            exchange.open.endOverdue(nowMs: nowMs())
            MHD_run(daemon)
            // A full server does not listen, and begins to again when it is run after one has closed.
            poll(&waiting, nfds_t(waiting.count), exchange.open.takeClosed() ? 0 : waitMs)
        }
    }

    private var waitMs: Int32 {
        let untilEnd = exchange.open.waitMs(nowMs: nowMs())
        var own: UInt64 = 0
        guard MHD_get_timeout(daemon, &own) == .YES else { return untilEnd }
        let wait = Int32(clamping: own)
        return untilEnd < 0 ? wait : min(wait, untilEnd)
    }
}

/// What libmicrohttpd's callbacks work on.
private final class Exchange {
    var open: OpenConnections
    private let answer: (HTTPRequest) -> HTTPResponse

    init(connectionMs: Int64, answer: @escaping (HTTPRequest) -> HTTPResponse) {
        open = OpenConnections(mostMs: connectionMs)
        self.answer = answer
    }

    /// Called when a request's head is complete: the answer does not wait for a body.
    static let respond: MHD_AccessHandlerCallback = { context, connection, path, method, _, _, _, _ in
        guard let context, let connection else { return .NO }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        let head = RequestHead(connection, method: method, path: path)
        return queue(head.refusal ?? exchange.answer(head.request), on: connection)
    }

    /// Called when a connection was accepted, and before its socket is closed.
    static let note: MHD_NotifyConnectionCallback = { context, connection, _, event in
        guard let context, let connection else { return }
        let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
        let socket = recharge_connection_socket(connection)
        if event == .CONNECTION_NOTIFY_STARTED {
            exchange.open.opened(socket, nowMs: nowMs())
        } else {
            exchange.open.closed(socket)
        }
    }

    private static func queue(_ answer: HTTPResponse, on connection: OpaquePointer) -> MHD_Result {
        var body = answer.body
        let created = body.withUTF8 { bytes in
            // It is copied.
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let response = created else { return .NO }
        defer { MHD_destroy_response(response) }
        MHD_add_response_header(response, "Content-Type", answer.contentType)
        MHD_add_response_header(response, "Cache-Control", "no-store")
        MHD_add_response_header(response, "Connection", "close")
        if answer.status == 405 { MHD_add_response_header(response, "Allow", "GET, HEAD") }
        return MHD_queue_response(connection, UInt32(answer.status), response)
    }
}

/// Milliseconds that only go forward.
private func nowMs() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
