import Foundation
import TestSupport
import Testing

/// Many letters: `LETTERS=1000000` makes a million, which takes a minute to write.
@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct LetterVolumeTests {
    private static let count = ProcessInfo.processInfo.environment["LETTERS"].flatMap { Int($0) } ?? 20_000

    @Test func groupsCountsThemInSeconds() throws {
        let letters = try LetterFixture()
        for index in 0..<Self.count {
            try letters.addEvent(
                index, number: "\(13_800_000_000 + index)", minutes: index % 60,
                partition: Int32(index) % LetterFixture.partitions)
        }
        try letters.producer.flush(timeout: .seconds(300))

        let clock = ContinuousClock()
        var groups: (exitCode: Int32, lines: [String]) = (1, [])
        let took = try clock.measure { groups = try letters.run("groups --json") }
        #expect(groups.exitCode == 0)
        #expect(groups.lines.count == 1)
        #expect(groups.lines.first?.hasPrefix(#"{"reason":"UNKNOWN_PACKAGE","open":\#(Self.count),"#) == true)
        #expect(took < .seconds(10))
        print("groups of \(Self.count) letters took \(took)")
        try measureMemory(letters)
    }

    /// The most memory that `groups` took, where GNU time can say it.
    private func measureMemory(_ letters: LetterFixture) throws {
        let time = "/usr/bin/time"
        guard FileManager.default.isExecutableFile(atPath: time) else { return }
        let measured = try ChildProcess(
            executable: time, arguments: ["-f", "%M", WorkerProcess.executable, "letters", "groups", "--json"],
            environment: WorkerProcess.handingOn(letters.environment))
        #expect(try measured.waitForExit(timeout: .seconds(60)) == 0)
        let kilobytes = try #require(measured.lines.compactMap { Int($0) }.last)
        print("groups of \(Self.count) letters took \(kilobytes / 1024) MB")
        #expect(kilobytes < 300 * 1000)
    }
}
