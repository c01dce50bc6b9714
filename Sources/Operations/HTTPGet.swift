import Glibc
import Worker

/// One GET of a page of this machine: what a container's health check needs, where there is no curl.
struct HTTPGet {
    /// Nobody answered, for a reason in words.
    struct Failure: Error {
        let reason: String
    }

    /// What a server said.
    struct Answer: Equatable {
        /// 200 is well.
        let status: Int
        /// The page's lines.
        let lines: [String]
    }

    /// How long connecting may take, and each wait for the next bytes, in seconds.
    private static let patience = 3
    /// More of an answer is not read, in bytes.
    private static let limit = 1 << 16

    let address: HTTPAddress
    let path: String

    /// Asks, and reads what comes.
    func answer() throws(Failure) -> Answer {
        let descriptor = try connection()
        defer { close(descriptor) }
        let request = "GET \(path) HTTP/1.1\r\nHost: \(address.host)\r\nConnection: close\r\n\r\n"
        let sent = request.utf8CString.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count - 1, Int32(MSG_NOSIGNAL))
        }
        guard sent == request.utf8.count else { throw .last }
        return try Self.parsed(try Self.text(from: descriptor))
    }

    private func connection() throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, "\(address.port)", &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard code == 0 else { throw Failure(reason: String(cString: gai_strerror(code))) }
        var next = found
        while let candidate = next?.pointee {
            let descriptor = socket(candidate.ai_family, candidate.ai_socktype, candidate.ai_protocol)
            guard descriptor >= 0 else { throw .last }
            var time = timeval(tv_sec: Self.patience, tv_usec: 0)
            for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
                setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
            }
            if connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 { return descriptor }
            next = candidate.ai_next
            let failure = Failure.last
            close(descriptor)
            if next == nil { throw failure }
        }
        throw Failure(reason: "no address")
    }

    private static func text(from descriptor: Int32) throws(Failure) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = recv(descriptor, &part, part.count, 0)
            guard count >= 0 else { throw .last }
            guard count > 0 else { break }
            bytes += part.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes an answer apart: `HTTP/1.1 200 OK`, headers, an empty line, the page.
    static func parsed(_ text: String) throws(Failure) -> Answer {
        let lines = text.split(separator: "\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw Failure(reason: "that is no HTTP server")
        }
        let page = text.firstRange(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return Answer(status: status, lines: page.split(whereSeparator: \.isNewline).map(String.init))
    }
}

extension HTTPGet.Failure {
    /// What the system said last.
    fileprivate static var last: Self {
        Self(reason: errno == EAGAIN ? "no answer in time" : String(cString: strerror(errno)))
    }
}
