public import Campaign
import Glibc

/// An open file of this process, to write text to or to read to its end.
public struct FileDescriptor: Sendable {
    private let number: Int32

    /// A descriptor that stays open, and the caller's.
    public init(_ number: Int32) { self.number = number }

    /// What the caller hands over.
    public static let standardInput = FileDescriptor(0)
    /// What was asked for.
    public static let standardOutput = FileDescriptor(1)
    /// Logs and errors.
    public static let standardError = FileDescriptor(2)

    /// Whether people read along.
    public var isTerminal: Bool { isatty(number) == 1 }

    /// How many columns the terminal has; nil where there is none, or it doesn't say.
    public var columns: Int? {
        var size = winsize()
        guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all of it, in one call where the system takes it so. A file that takes no more is given up: nobody can be told.
    public func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(number, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                } else if written == 0 || errno != EINTR {
                    return
                }
            }
        }
    }

    /// Reads to the end. Throws when it can't be read, or when there are more than `limit` bytes.
    public func readAll(atMost limit: Int) throws(UnreadableFile) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            var failed = false
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                let received = Glibc.read(number, buffer.baseAddress, buffer.count)
                failed = received < 0
                count = max(0, received)
            }
            if failed {
                guard errno == EINTR else { throw lastError() }
                continue
            }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
        throw UnreadableFile(reason: "larger than \(limit >> 20) MiB")
    }
}

/// The bytes of a file. Throws when it can't be read, or when there are more than `limit` bytes.
public func contents(ofFile path: String, atMost limit: Int) throws(UnreadableFile) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw lastError() }
    defer { close(descriptor) }
    return try FileDescriptor(descriptor).readAll(atMost: limit)
}

private func lastError() -> UnreadableFile { UnreadableFile(reason: String(cString: strerror(errno))) }
