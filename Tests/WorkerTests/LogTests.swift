import Campaign
import Foundation
import Testing

@testable import Worker

@Suite struct LogTests {
    private func line(_ format: Log.Format, _ message: String, _ fields: KeyValuePairs<String, Log.Value> = [:])
        -> String
    {
        LogEntry(
            at: Timestamp(milliseconds: 1_777_777_777_000), level: .warn, event: "lane-lost", message: message,
            fields: fields
        ).line(format)
    }

    @Test func jsonIsOneMaskedObject() throws {
        let line = line(.json, "a \"b\"\n\\ \u{1} 13812345678", ["lane": 3, "who": "+8613812345678 说"])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["at"] as? String == "2026-05-03T11:09:37.000+08:00")
        #expect(object["level"] as? String == "warn")
        #expect(object["event"] as? String == "lane-lost")
        #expect(object["message"] as? String == "a \"b\"\n\\ \u{1} 138****5678")
        #expect(object["lane"] as? Int == 3)
        #expect(object["who"] as? String == "+86138****5678 说")
        #expect(!line.contains("\n"))
    }

    @Test func textIsOneMaskedLine() {
        #expect(
            line(.text, "lost\n13812345678\u{1B}[2J", ["lane": 3])
                == "2026-05-03T11:09:37.000+08:00 WARN lane-lost: lost 138****5678 [2J lane=3")
    }

    @Test func linesStayWholeAndBelowTheLevelNothingIsWritten() async throws {
        let pipe = Pipe()
        let log = Log(level: .info, format: .json, file: FileDescriptor(pipe.fileHandleForWriting.fileDescriptor))
        let message = String(repeating: "x", count: 5000)
        async let text = pipe.fileHandleForReading.readToEnd()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<20 { log.write(.info, "e", message) } }
            }
        }
        log.write(.debug, "e", "left out")
        try pipe.fileHandleForWriting.close()
        let lines = String(decoding: try #require(try await text), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 160)
        #expect(Set(lines.map(\.count)).count == 1)
    }
}
