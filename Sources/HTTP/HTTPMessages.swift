/// A request to read something: GET or HEAD.
public struct HTTPRequest: Equatable, Sendable {
    /// The path, without the query.
    public let path: String
    /// The names in the query: `verbose` of `?verbose` and of `?verbose=1`.
    public let arguments: Set<String>

    /// A request.
    public init(path: String, arguments: Set<String> = []) {
        self.path = path
        self.arguments = arguments
    }
}

/// An answer.
public struct HTTPResponse: Equatable, Sendable {
    /// A code of RFC 9110.
    public let status: Int
    /// The form of the body.
    public let contentType: String
    /// The body; with HEAD its length alone is sent.
    public let body: String

    /// An answer; plain text unless told otherwise.
    public init(_ status: Int, _ body: String, contentType: String = "text/plain; charset=utf-8") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}
