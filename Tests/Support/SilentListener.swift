/// Takes connections on a loopback port and never says a word.
public final class SilentListener: Sendable {
    private let socket: LoopbackSocket

    /// On any free port.
    public init() throws { socket = try LoopbackSocket(listeningOn: 0) }

    /// Where it listens.
    public var port: UInt16 { socket.port }
}
