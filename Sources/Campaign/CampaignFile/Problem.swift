/// A mistake in a campaign file, or a change that is refused: where it stands and what to change. It names no subscriber.
public struct Problem: Equatable, Sendable, CustomStringConvertible {
    /// The file's name, as the reader was given it.
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, in characters.
    public let column: Int
    /// What is wrong and what to write instead, in one line.
    public let message: String

    /// As compilers write it, so that editors find the place: `campaign.yaml:12:5: message`.
    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// All that is wrong with a campaign file, in the order of its lines. Never empty.
public struct CampaignProblems: Error, CustomStringConvertible {
    /// At most some 200; the last one says so when there are more.
    public let problems: [Problem]

    init(problems: [Problem]) { self.problems = problems }

    /// The one problem of a file that can't be read.
    public init(unreadable file: String, _ error: UnreadableFile) {
        problems = [Problem(file: file, line: 1, column: 1, message: "can't be read: \(error.reason)")]
    }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A place in a text, line and column from 1.
struct Position: Hashable, Comparable {
    var line: Int
    var column: Int

    static let start = Position(line: 1, column: 1)

    static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Collects the problems of one reading. It is bounded, whatever the file holds.
final class ProblemList {
    private static let limit = 200

    /// The campaign file's name; other files are named with each problem.
    let file: String
    private var found: [Problem] = []

    init(file: String) { self.file = file }

    var isEmpty: Bool { found.isEmpty }

    func report(_ message: @autoclosure () -> String, at position: Position, in otherFile: String? = nil) {
        guard found.count <= ProblemList.limit else { return }
        let message = found.count < ProblemList.limit ? message() : "there are more problems: mend these first"
        found.append(
            Problem(file: otherFile ?? file, line: position.line, column: position.column, message: message))
    }

    /// By line; those of other files come last, the note that there are more at the very end.
    var sorted: [Problem] {
        let cut = found.prefix(ProblemList.limit)
        return cut.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            return (one.file == file ? 0 : 1, one.line, one.column, left.offset)
                < (other.file == file ? 0 : 1, other.line, other.column, right.offset)
        }.map(\.element) + found.dropFirst(ProblemList.limit)
    }
}
