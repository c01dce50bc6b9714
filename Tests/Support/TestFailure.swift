/// Why a part of the test bed could not do what a test asked for.
public struct TestFailure: Error, CustomStringConvertible, Sendable {
    /// What happened, with what was last seen.
    public let description: String

    /// A failure in words.
    public init(_ description: String) {
        self.description = description
    }
}
