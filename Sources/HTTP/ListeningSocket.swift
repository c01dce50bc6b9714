internal import Glibc

/// A TCP socket that listens; closed when nobody holds it any more.
public final class ListeningSocket: Sendable {
    /// Nobody may listen there, for a reason in words.
    public struct Failure: Error, Equatable {
        /// The system's words: `Address already in use`.
        public let reason: String
    }

    /// Connections that wait to be taken.
    private static let backlog: Int32 = 64

    let descriptor: Int32
    /// The port, also where any free one was asked for.
    public let port: UInt16

    /// Listens on the first address of `host` that is to be had; port 0 is any free one.
    public init(host: String, port: UInt16) throws(Failure) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, "\(port)", &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard code == 0 else { throw Failure(reason: String(cString: gai_strerror(code))) }
        var failure = Failure(reason: "no address")
        var next = found
        while let address = next?.pointee {
            do throws(Failure) {
                descriptor = try Self.listen(on: address)
                self.port = Self.port(of: descriptor)
                return
            } catch {
                failure = error
            }
            next = address.ai_next
        }
        throw failure
    }

    deinit { close(descriptor) }

    /// Ends the server that runs on it.
    public func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func listen(on address: addrinfo) throws(Failure) -> Int32 {
        let type = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.ai_family, type, address.ai_protocol)
        guard descriptor >= 0 else { throw .last }
        // A worker that starts again need not wait until the connections of the one before are forgotten.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, Glibc.listen(descriptor, backlog) == 0 else {
            let failure = Failure.last
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            getsockname(descriptor, start.assumingMemoryBound(to: sockaddr.self), &size)
            // In both families the port comes behind the family.
            return UInt16(bigEndian: start.load(fromByteOffset: 2, as: UInt16.self))
        }
    }
}

extension ListeningSocket.Failure {
    /// What the last call of the system said.
    fileprivate static var last: Self { Self(reason: String(cString: strerror(errno))) }
}
