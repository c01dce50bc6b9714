import Foundation
import Synchronization

/// What workers wrote for others to read, a line for each: its topic and its JSON, which for a dead letter is the worker's
/// own headers. It goes into the file that `MESSAGES` names, and is held against the published schemas once all tests are
/// over.
public enum WrittenMessages {
    private static let file: Mutex<FileHandle?> = {
        guard let path = ProcessInfo.processInfo.environment["MESSAGES"] else { return Mutex(nil) }
        return Mutex(FileHandle(forUpdatingAtPath: path))
    }()

    /// Adds records of topics with this prefix.
    public static func append(_ records: [TestRecord], topicsPrefix: String = "") {
        file.withLock { file in
            guard let file else { return }
            var lines = Data()
            for record in records {
                guard let json = json(of: record) else { continue }
                lines += Data((record.topic.dropFirst(topicsPrefix.count) + " ").utf8) + json + Data("\n".utf8)
            }
            _ = try? file.seekToEnd()
            try? file.write(contentsOf: lines)
        }
    }

    private static func json(of record: TestRecord) -> Data? {
        guard record.topic.hasSuffix("dead-letters") else { return record.value.map { Data($0) } }
        let own = record.headers.filter { header in
            ["__dlq.", "kafka_dlt", "recharge.letter."].contains { header.name.hasPrefix($0) }
        }
        let texts = Dictionary(
            own.map { ($0.name, $0.value.map { String(decoding: $0, as: UTF8.self) }) }, uniquingKeysWith: { $1 })
        return try? JSONEncoder().encode(texts)
    }
}
