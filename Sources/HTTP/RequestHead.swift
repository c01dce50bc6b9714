internal import CMicrohttpd

/// What came before a request's body: it alone decides whether the request is answered or refused.
struct RequestHead {
    /// Of path, query and headers together.
    static let mostBytes = 8 << 10

    private let method: String
    private let path: String
    private var arguments: Set<String> = []
    private var bytes: Int
    private var hosts = 0
    private var contentLengths: [String] = []
    private var isEncoded = false

    init(_ connection: OpaquePointer, method: UnsafePointer<CChar>?, path: UnsafePointer<CChar>?) {
        self.method = method.map { String(cString: $0) } ?? ""
        self.path = path.map { String(cString: $0) } ?? ""
        bytes = self.path.utf8.count
        withUnsafeMutablePointer(to: &self) { head in
            MHD_get_connection_values_n(connection, .HEADER_KIND, Self.visit, head)
            MHD_get_connection_values_n(connection, .GET_ARGUMENT_KIND, Self.visit, head)
        }
    }

    private static let visit: MHD_KeyValueIteratorN = { head, kind, key, keySize, value, valueSize in
        guard let head = head?.assumingMemoryBound(to: RequestHead.self) else { return .NO }
        // A line's colon, space and end count too.
        head.pointee.bytes += keySize + valueSize + 4
        guard head.pointee.bytes <= mostBytes else { return .NO }
        head.pointee.note(kind, text(key, keySize), text(value, valueSize))
        return .YES
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self)
    }

    private mutating func note(_ kind: MHD_ValueKind, _ name: String, _ value: String) {
        if kind == .GET_ARGUMENT_KIND {
            arguments.insert(name)
            return
        }
        switch name.lowercased() {
        case "host": hosts += 1
        case "content-length": contentLengths.append(value)
        case "transfer-encoding": isEncoded = true
        default: break
        }
    }

    /// Why the request is refused; nil when it is not.
    var refusal: HTTPResponse? {
        if bytes > Self.mostBytes { return HTTPResponse(413, "path and headers have more than 8 KiB\n") }
        if isEncoded { return HTTPResponse(400, "Transfer-Encoding is not taken\n") }
        if contentLengths.count > 1 { return HTTPResponse(400, "one Content-Length at most\n") }
        if hosts != 1 { return HTTPResponse(400, "one Host is needed\n") }
        if method != "GET" && method != "HEAD" { return HTTPResponse(405, "GET and HEAD only\n") }
        if contentLengths.contains(where: { $0 != "0" }) { return HTTPResponse(413, "no body is taken\n") }
        return nil
    }

    var request: HTTPRequest { HTTPRequest(path: path, arguments: arguments) }
}
