import Foundation

/// A file of the project that people write.
struct SourceFile: Sendable, CustomStringConvertible {
    /// The project's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Its path in the project.
    let description: String
    let text: String

    /// The files under these paths, in order.
    static func all(under paths: [String]) -> [SourceFile] {
        paths.flatMap { path in
            let files = FileManager.default.subpaths(atPath: root.appending(path: path).path) ?? []
            return (files.isEmpty ? [path] : files.map { "\(path)/\($0)" }).sorted()
        }.filter { path in [".swift", ".cpp", ".h"].contains { path.hasSuffix($0) } }.map { SourceFile($0) }
    }

    private init(_ path: String) {
        description = path
        text = (try? String(contentsOf: Self.root.appending(path: path), encoding: .utf8)) ?? ""
    }

    var isSwift: Bool { description.hasSuffix(".swift") }

    /// The folder of its target; nil for the package's own description.
    var target: String? {
        let parts = description.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : nil
    }

    /// Its name without the ending.
    var name: String { URL(filePath: description).deletingPathExtension().lastPathComponent }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }

    var imports: [String] {
        text.matches(of: /(?m)^(?:@\w+ )*(?:\w+ )?import (?:\w+ )?(\w+)/).map { String($0.1) }
    }

    var declaredTypes: [String] {
        text.matches(of: /(?m)^\s*(?:@\w+ |\w+ )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/).map {
            String($0.1)
        }
    }
}
