import Glibc

/// An open file of this process, to write text to.
public struct FileDescriptor: Sendable {
    private let number: Int32

    /// A descriptor that stays open, and the caller's.
    public init(_ number: Int32) { self.number = number }

    /// What was asked for.
    public static let standardOutput = FileDescriptor(1)
    /// Logs and errors.
    public static let standardError = FileDescriptor(2)

    /// Whether people read along.
    public var isTerminal: Bool { isatty(number) == 1 }

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
}
