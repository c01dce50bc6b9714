import Foundation
import Testing

/// Runs after all other tests, on what their workers wrote: see `Tests/run`.
@Suite(.enabled(if: Documents.missing == nil, "\(Documents.missing ?? "")"))
struct MessagesTests {
    @Test func everyMessageIsAsItsSchemaSays() throws {
        let path = try #require(ProcessInfo.processInfo.environment["MESSAGES"], "Tests/run sets it")
        let judged = try Documents.messages(inFile: path)
        #expect(judged.faults.isEmpty, "\(judged.faults.count) faults, such as \(judged.faults.prefix(5))")
        for topic in ["bonus-credits", "sms-notifications", "dead-letters", "dead-letter-status"] {
            #expect(judged.counts[topic] ?? 0 > 0, "the tests before this one wrote nothing to \(topic)")
        }
    }
}
