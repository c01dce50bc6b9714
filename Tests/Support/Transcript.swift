import Foundation
import Synchronization

/// All that workers wrote where no subscriber's number may stand in clear: their lines, and what they say about letters.
/// It goes into the file that `TRANSCRIPT` names, and is searched once all tests are over.
public enum Transcript {
    private static let file: Mutex<FileHandle?> = {
        guard let path = ProcessInfo.processInfo.environment["TRANSCRIPT"] else { return Mutex(nil) }
        return Mutex(FileHandle(forUpdatingAtPath: path))
    }()

    /// Adds a line.
    public static func append(_ line: String) {
        file.withLock { file in
            guard let file else { return }
            _ = try? file.seekToEnd()
            try? file.write(contentsOf: Data((line + "\n").utf8))
        }
    }

    /// Adds what the worker itself says in a dead letter: its own headers, not the original record's.
    public static func append(headersOf letter: TestRecord) {
        for header in letter.headers where header.name.hasPrefix("recharge.letter.") || header.name.hasPrefix("__dlq.")
        {
            append("\(header.name): \(header.value.map { String(decoding: $0, as: UTF8.self) } ?? "")")
        }
    }
}
