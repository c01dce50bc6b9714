import Foundation
import HTTP
import TestSupport

/// A server on a thread of its own, which ends with the last reference. It answers with the path and the arguments.
final class RunningServer: Sendable {
    private let socket: ListeningSocket
    private let ended = DispatchSemaphore(value: 0)

    init(connections: Int = 64, connectionMs: Int64 = 10_000) throws {
        let socket = try ListeningSocket(host: "127.0.0.1", port: 0)
        self.socket = socket
        Thread.detachNewThread { [ended] in
            Self.serve(on: socket, connections, connectionMs)
            ended.signal()
        }
    }

    private static func serve(on socket: ListeningSocket, _ connections: Int, _ connectionMs: Int64) {
        let server = try? HTTPServer(on: socket, connections: connections, connectionMs: connectionMs) {
            HTTPResponse($0.path == "/none" ? 404 : 200, "\($0.path) \($0.arguments.sorted())")
        }
        server?.run()
    }

    deinit { socket.shutDown() }

    var port: UInt16 { socket.port }

    /// Waits until its thread has ended.
    func stop() {
        socket.shutDown()
        ended.wait()
    }

    /// Sends bytes on a connection of its own and reads the answer.
    func answer(to text: String) throws -> HTTPAnswer {
        let connection = try HTTPConnection(port: port)
        connection.send(text)
        return HTTPAnswer(try connection.readToEnd())
    }
}
