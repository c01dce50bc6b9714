import Foundation
import TestSupport
import Testing

/// `letters` as a person runs it, on a terminal.
@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct TerminalTests {
    private static let count = 8
    private static let replay = "replay --reason UNKNOWN_PACKAGE --execute --why added"

    /// A world with letters that a replay makes good, or fails to.
    private func world(mended: Bool) throws -> ReplayWorld {
        let world = try ReplayWorld()
        for index in 1...Self.count { try world.recharge("E\(index)", ReplayWorld.number(index), package: "P9") }
        try world.wait(for: Self.count, "OPEN", reason: "UNKNOWN_PACKAGE")
        if mended { try world.start(knowsPackage: true) }
        return world
    }

    @Test func ctrlCStopsSendingAndTheNextRunGoesOn() throws {
        let world = try world(mended: true)
        let tool = try world.onTerminal(Self.replay + " --rate 2/s")
        try tool.waitFor(/8 requests go out. Type yes to go on:/)
        #expect(try world.commands().isEmpty, "nothing is sent before the answer")
        tool.type("yes\n")
        try tool.waitFor(/\] [2-7] done, 0 failed again,/)
        tool.type("\u{3}")
        #expect(try tool.waitForExit() == 2)
        #expect(tool.text.contains("stopped as asked"), "\(tool.text)")
        let sent = try #require(tool.text.firstMatch(of: /(\d+) of 8 sent:/).flatMap { Int($0.1) })
        #expect((2..<Self.count).contains(sent))
        #expect(tool.text.matches(of: /\x1B\[33mnot sent\x1B/).count == Self.count - sent, "\(tool.text)")

        try world.wait(for: sent, "RESOLVED", reason: "UNKNOWN_PACKAGE")
        #expect(try world.commands().count == sent, "what is said to be sent is what was sent")
        let rest = try world.letters(Self.replay + " --yes")
        #expect(rest.exitCode == 0)
        let left = Self.count - sent
        #expect(
            rest.lines.contains {
                $0.hasPrefix("\(left) letter") && $0.hasSuffix(": \(left) would pay \(5 * left).00 yuan")
            })
        #expect(try world.commands().sorted() == (1...Self.count).map { "recharge/E\($0)/gift" })
    }

    @Test func withoutAYesNothingIsSent() throws {
        let world = try ReplayWorld()
        try world.recharge("E1", ReplayWorld.number(1), package: "P9")
        try world.wait(for: 1, "OPEN", reason: "UNKNOWN_PACKAGE")
        // An end of input, and Ctrl-C.
        for (answer, code) in [("no\n", 1), ("\n", 1), ("\u{4}", 1), ("\u{3}", 128 + SIGINT)] {
            let tool = try world.onTerminal(Self.replay)
            try tool.waitFor(/1 requests go out. Type yes to go on:/)
            tool.type(answer)
            #expect(try tool.waitForExit() == code, "\(tool.text)")
            if code == 1 { #expect(tool.text.contains("nothing was sent")) }
        }
        #expect(try world.requestCount() == 0)
    }

    @Test(arguments: [60, 100])
    func theBarCountsAndStaysOnItsLine(_ columns: Int) throws {
        let world = try world(mended: false)
        let tool = try world.onTerminal(Self.replay + " --yes --rate 20/s", columns: columns)
        #expect(try tool.waitForExit() == 2, "\(tool.text)")
        let form = /\[#*\.*\] (\d+) done, (\d+) failed again, (\d+) left, \d+\/s(, \d+ s to go)?/
        let pieces = tool.text.split(separator: "\r").map { $0.split(separator: "\u{1B}[K").first ?? "" }
        let bars = pieces.filter { $0.contains(" left, ") }
        #expect(!bars.isEmpty, "\(tool.text)")
        for bar in bars {
            let match = try #require(try form.wholeMatch(in: bar), "\(bar)")
            #expect(bar.count < columns)
            #expect(Int(match.1) == Int(match.2), "all of them fail again")
            #expect(Int(match.1).map { $0 + (Int(match.3) ?? 0) } == Self.count)
        }
        let dones = try bars.compactMap { try form.wholeMatch(in: $0).flatMap { Int($0.1) } }
        #expect(dones == dones.sorted())
        // It is taken away before the outcomes.
        let outcomes = try #require(tool.text.split(separator: "\r\u{1B}[K").last)
        #expect(!outcomes.contains(" left, "))
        #expect(outcomes.matches(of: /\x1B\[31mOPEN again \(UNKNOWN_PACKAGE\)\x1B\[0m\r\n/).count == Self.count)
        #expect(outcomes.contains("8 of 8 sent: 0 resolved, 8 failed again; 0.00 yuan paid"), "\(outcomes)")
    }

    @Test func coloursObeyNoColor() throws {
        let letters = try LetterFixture()
        try letters.addEvent(1, number: "13800000001", event: "充值-1")
        try letters.addEvent(2, number: "13800000002", event: "E2")
        try letters.producer.flush()
        let coloured = try letters.onTerminal("list")
        #expect(try coloured.waitForExit() == 0)
        #expect(coloured.text.contains("\u{1B}[1mREASON\u{1B}[0m"))
        #expect(coloured.text.contains("\u{1B}[33mOPEN\u{1B}[0m"))
        let plain = try letters.onTerminal("list", ["NO_COLOR": "1"])
        #expect(try plain.waitForExit() == 0)
        #expect(!plain.text.contains("\u{1B}"))
        let rows = plain.text.split(separator: "\r\n").map(String.init)
        #expect(rows.count == 3)
        // Chinese letters take two columns each.
        let places = try rows.map { row in
            let before = row[..<(try #require(row.firstRange(of: /NUMBER|138\*\*\*\*/))).lowerBound]
            return before.count + before.count { "充值".contains($0) }
        }
        #expect(Set(places).count == 1, "\(rows)")
    }
}

extension ReplayWorld {
    /// Starts the tool on a terminal.
    fileprivate func onTerminal(_ line: String, columns: Int = 80) throws -> TerminalProcess {
        try TerminalProcess(
            executable: WorkerProcess.executable, arguments: arguments(line), environment: environment,
            columns: UInt16(columns))
    }

    /// How many requests were sent.
    fileprivate func requestCount() throws -> Int {
        try TestReader.readAll(
            bootstrapServers: topics.server.bootstrapServers, topic: topics.prefix + "letter-requests"
        ).count
    }
}

extension LetterFixture {
    fileprivate func onTerminal(_ line: String, _ more: [String: String] = [:]) throws -> TerminalProcess {
        try TerminalProcess(
            executable: WorkerProcess.executable,
            arguments: ["letters"] + line.split(separator: " ").map(String.init),
            environment: environment.merging(more) { $1 }, columns: 200)
    }
}
