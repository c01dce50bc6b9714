import Foundation
import Testing

/// Runs after all other tests, on what their workers wrote: see `Tests/run`.
@Suite struct TranscriptTests {
    @Test func noNumberStandsInClear() throws {
        let path = try #require(ProcessInfo.processInfo.environment["TRANSCRIPT"], "Tests/run sets it")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("recharge.letter.id"), "the tests before this one wrote no letters")
        let number = #/(^|[^0-9])(0086|86)?1[3-9][0-9]{9}([^0-9]|$)/#
        let leaks = text.split(separator: "\n").filter { $0.contains(number) }
        #expect(leaks.isEmpty, "\(leaks.count) lines, such as \(leaks.prefix(3))")
    }
}
