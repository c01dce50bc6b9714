import Foundation

/// A connection to a server on the loopback interface that sends whatever a test wants, also what no client would.
public final class HTTPConnection: Sendable {
    private let socket: LoopbackSocket

    /// Connects; nothing is sent yet.
    public init(port: UInt16) throws {
        socket = try LoopbackSocket(connectingTo: port)
    }

    /// Sends bytes as they are; false when the other end has closed.
    @discardableResult
    public func send(_ text: String) -> Bool { socket.write(Array(text.utf8)) }

    /// Waits until something has come, an answer or the end of the connection; false when nothing has.
    public func waitForNews(atMostMs milliseconds: Int32) -> Bool { socket.isReadable(withinMs: milliseconds) }

    /// All that comes until the server closes the connection.
    public func readToEnd(timeout: Duration = .seconds(30)) throws -> String {
        String(decoding: try socket.readToEnd(Deadline(after: timeout)), as: UTF8.self)
    }

    /// Sends a well-formed request on a connection of its own and reads the answer.
    public static func request(_ method: String, _ path: String, port: UInt16) throws -> HTTPAnswer {
        let connection = try HTTPConnection(port: port)
        connection.send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return HTTPAnswer(try connection.readToEnd())
    }

    /// Reads a page.
    public static func get(_ path: String, port: UInt16) throws -> HTTPAnswer {
        try request("GET", path, port: port)
    }
}

/// An answer in its parts.
public struct HTTPAnswer: Sendable, CustomStringConvertible {
    /// As it came.
    public let description: String
    /// The code of its first line; 0 where there is none.
    public let status: Int
    /// By their names in lower case.
    public let headers: [String: String]
    /// What follows the empty line.
    public let body: String

    /// Takes an answer apart.
    public init(_ text: String) {
        description = text
        let end = text.range(of: "\r\n\r\n")
        let head = text[..<(end?.lowerBound ?? text.endIndex)].components(separatedBy: "\r\n")
        body = end.map { String(text[$0.upperBound...]) } ?? ""
        status = head[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = Dictionary(
            head.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map { colon in
                    let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    return (line[..<colon].lowercased(), value)
                }
            }, uniquingKeysWith: { "\($0), \($1)" })
    }
}
