import TestSupport
import Testing

@testable import HTTP

@Suite struct HTTPServerTests {
    @Test func readsAreAnsweredAndTheConnectionEnds() throws {
        let server = try RunningServer()
        let answer = try HTTPConnection.get("/a%20b?verbose&x=1", port: server.port)
        #expect(answer.status == 200)
        #expect(answer.body == #"/a b ["verbose", "x"]"#)
        #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["connection"]?.lowercased() == "close")
        #expect(try HTTPConnection.get("/none", port: server.port).status == 404)
    }

    @Test func headHasTheHeadersAlone() throws {
        let server = try RunningServer()
        let head = try HTTPConnection.request("HEAD", "/page", port: server.port)
        let get = try HTTPConnection.get("/page", port: server.port)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers["content-length"] == "\(get.body.utf8.count)")
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
    func otherMethodsAreRefused(method: String) throws {
        let server = try RunningServer()
        let answer = try HTTPConnection.request(method, "/", port: server.port)
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET, HEAD")
    }

    @Test(arguments: [
        (400, "GET / HTTP/1.1\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
        (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n"),
        (413, "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"),
    ])
    func whatIsMalformedIsRefused(status: Int, text: String) throws {
        let answer = try RunningServer().answer(to: text)
        #expect(answer.status == status, "\(text) got \(answer)")
    }

    /// 8 KiB count path, query and headers.
    @Test(arguments: [
        (200, 8000, 0), (413, 8300, 0), (413, 30_000, 0), (200, 0, 8000), (413, 0, 8300), (413, 4200, 4200),
    ])
    func heads(status: Int, pathBytes: Int, headerBytes: Int) throws {
        let path = String(repeating: "p", count: pathBytes)
        let header = String(repeating: "h", count: headerBytes)
        let answer = try RunningServer().answer(to: "GET /\(path) HTTP/1.1\r\nHost: a\r\nX: \(header)\r\n\r\n")
        #expect(answer.status == status, "\(answer.description.prefix(200))")
    }

    /// libmicrohttpd ends these before they are whole.
    @Test(arguments: [
        String(repeating: "x", count: 100_000),
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "h", count: 100_000),
        "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 100_000),
    ])
    func endlessHeadsAreCutOff(text: String) throws {
        let server = try RunningServer()
        let connection = try HTTPConnection(port: server.port)
        connection.send(text)
        // What is still on its way may reset the connection under the answer.
        if let answer = try? connection.readToEnd() { #expect([414, 431].contains(HTTPAnswer(answer).status)) }
        #expect(try HTTPConnection.get("/", port: server.port).status == 200)
    }

    @Test(arguments: [
        "\r\n\r\n", "GET\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}",
    ])
    func noiseDoesNoHarm(text: String) throws {
        let server = try RunningServer(connectionMs: 300)
        let connection = try HTTPConnection(port: server.port)
        connection.send(text)
        _ = try? connection.readToEnd()
        #expect(try HTTPConnection.get("/", port: server.port).status == 200)
    }
}

/// Slow and many clients.
@Suite struct HTTPConnectionsTests {
    @Test func aClientThatSendsNothingIsCutOff() throws {
        let server = try RunningServer(connectionMs: 200)
        #expect(try HTTPConnection(port: server.port).readToEnd(timeout: .seconds(10)).isEmpty)
    }

    /// Each byte is a sign of life, and yet the connection's time is over at the same moment.
    @Test func aSlowClientIsCutOff() throws {
        let server = try RunningServer(connectionMs: 500)
        let connection = try HTTPConnection(port: server.port)
        let began = ContinuousClock.now
        connection.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
        while !connection.waitForNews(atMostMs: 20), connection.send("y"), began.duration(to: .now) < .seconds(20) {}
        let lived = began.duration(to: .now)
        #expect(lived >= .milliseconds(400) && lived < .seconds(10), "\(lived)")
        #expect(try HTTPConnection.get("/", port: server.port).status == 200)
    }

    @Test func oneMoreThanTheMostWaits() throws {
        let server = try RunningServer(connections: 4)
        let held = try (0..<4).map { _ in try HTTPConnection(port: server.port) }
        for connection in held { connection.send("GET / HTTP/1.1\r\n") }
        let more = try HTTPConnection(port: server.port)
        more.send("GET /more HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(!more.waitForNews(atMostMs: 100))
        held[0].send("Host: a\r\n\r\n")
        #expect(HTTPAnswer(try held[0].readToEnd()).status == 200)
        #expect(HTTPAnswer(try more.readToEnd(timeout: .seconds(5))).body == "/more []")
    }
}

@Suite struct ListeningSocketTests {
    @Test func aPortInUseIsSaid() throws {
        let first = try ListeningSocket(host: "127.0.0.1", port: 0)
        #expect(throws: ListeningSocket.Failure(reason: "Address already in use")) {
            try ListeningSocket(host: "127.0.0.1", port: first.port)
        }
    }

    /// Its closed connections are still remembered by the system.
    @Test func aPortIsFreeAgainAtOnce() throws {
        let port: UInt16
        do {
            let server = try RunningServer()
            port = server.port
            #expect(try HTTPConnection.get("/", port: port).status == 200)
            server.stop()
        }
        #expect(try ListeningSocket(host: "127.0.0.1", port: port).port == port)
    }

    @Test(arguments: ["::1", "0.0.0.0", "localhost"]) func hosts(host: String) throws {
        #expect(try ListeningSocket(host: host, port: 0).port > 0)
    }

    @Test func aHostThatIsNotHereIsSaid() {
        #expect(throws: ListeningSocket.Failure.self) { try ListeningSocket(host: "192.0.2.1", port: 0) }
        #expect(throws: ListeningSocket.Failure.self) { try ListeningSocket(host: "no such host", port: 0) }
    }
}
