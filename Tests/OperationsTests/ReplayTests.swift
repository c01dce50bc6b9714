import Foundation
import TestSupport
import Testing

/// `letters replay` and `letters discard` against a running worker and a simulated billing system.
@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct ReplayTests {
    @Test func thePlanComesTrueAndNothingIsPaidTwice() throws {
        let world = try ReplayWorld()
        for index in 1...4 { try world.recharge("E\(index)", ReplayWorld.number(index), package: "P9") }
        try world.wait(for: 4, "OPEN", reason: "UNKNOWN_PACKAGE")
        let vain = try world.letters("replay --reason UNKNOWN_PACKAGE")
        #expect(vain.exitCode == 0)
        #expect(vain.lines.last == "4 letters: 4 would fail again (UNKNOWN_PACKAGE)", "\(vain.lines)")

        try world.start(knowsPackage: true)
        try world.recharge("E4", ReplayWorld.number(4), package: "P9")
        let commands = try TestReader(
            bootstrapServers: world.topics.server.bootstrapServers, topic: world.topics.prefix + "bonus-credits")
        try commands.read(what: "the gift of E4") { !$0.isEmpty }
        // 3 yuan of bonus credit, 2 of the package.
        let plan = try world.letters("replay --reason UNKNOWN_PACKAGE")
        #expect(plan.lines.last == "4 letters: 3 would pay 15.00 yuan, 1 was paid meanwhile", "\(plan.lines)")
        #expect(try world.commands() == ["recharge/E4/gift"], "a plan writes nothing")

        let bounded = try world.letters(
            "replay --reason UNKNOWN_PACKAGE --execute --why added --yes --max-fen 1200 --rate 1000/s")
        #expect(bounded.exitCode == 2)
        #expect(bounded.lines.contains { $0.contains("would pay more than 12.00 yuan in all") }, "\(bounded.lines)")
        #expect(bounded.lines.contains { $0.contains(" resolved; 10.00 yuan paid") }, "\(bounded.lines)")

        let rest = try world.letters("replay --reason UNKNOWN_PACKAGE --execute --why added --yes")
        #expect(rest.exitCode == 0)
        #expect(rest.lines.contains { $0.contains(" resolved; 5.00 yuan paid") }, "\(rest.lines)")
        #expect((bounded.lines + rest.lines).contains { $0.hasSuffix("RESOLVED (DUPLICATE)") }, "\(rest.lines)")
        #expect(try world.commands().sorted() == (1...4).map { "recharge/E\($0)/gift" })
        let story = try world.letters("show \(try world.anyResolved())").lines.joined(separator: "\n")
        #expect(story.contains("RESOLVED by lin: added"), "\(story)")
    }

    @Test func twoToolsAtOnceAndOneKilledHalfWayPayOnce() throws {
        let world = try ReplayWorld()
        for index in 1...40 { try world.recharge("E\(index)", ReplayWorld.number(index), package: "P9") }
        try world.wait(for: 40, "OPEN", reason: "UNKNOWN_PACKAGE")
        try world.start(knowsPackage: true)
        let replay = "replay --class policy --execute --why added --yes"
        let killed = try world.startLetters(replay + " --rate 10/s")
        try world.wait(for: 5, "RESOLVED", reason: "UNKNOWN_PACKAGE")
        try killed.kill9()

        // The slow one sees the other's payments for letters whose turn has not come.
        let slow = try world.startLetters(replay + " --rate 4/s")
        try slow.waitFor(lineContaining: " would pay ")
        let quick = try world.startLetters(replay + " --rate 1000/s")
        for tool in [slow, quick] {
            #expect(try tool.waitForExit(timeout: .seconds(60)) == 0, "\(tool.lines)")
            #expect(tool.lines.contains { $0.contains(" resolved; ") }, "\(tool.lines)")
        }
        let sent = try #require(slow.lines.compactMap { $0.firstMatch(of: /^(\d+) of (\d+) sent:/) }.first)
        #expect(Int(sent.1) ?? 0 < Int(sent.2) ?? 0, "what the other closed is not sent")
        #expect(try world.commands().sorted() == (1...40).map { "recharge/E\($0)/gift" }.sorted())
        let none = try world.letters(replay)
        #expect(none.exitCode == 0)
        #expect(none.lines == ["0 letters"])
    }

    @Test func aDelayedGiftIsReplayedInVainParkedAndMadeGood() throws {
        let world = try ReplayWorld()
        try world.recharge("E1", ReplayWorld.number(1))
        try world.wait(for: 1, "OPEN", reason: "GIFT_DELAYED")
        let plan = try world.letters("replay gift/recharge/E1/gift")
        #expect(
            plan.lines.last == "1 letter: 1 would be sent again, at most 3.00 yuan, billing may have credited some",
            "\(plan.lines)")
        let page = try world.letters("show gift/recharge/E1/gift").lines
        #expect(page.contains("Replay now\twould be sent again, at most 3 yuan"), "\(page)")
        let silent = try world.startBilling("--silence 100")
        for attempt in 1...3 {
            let vain = try world.letters("replay --reason GIFT_DELAYED --execute --why again --yes")
            #expect(vain.exitCode == 2)
            let state = attempt == 3 ? "PARKED" : "OPEN"
            #expect(vain.lines.contains("gift/recharge/E1/gift\t\(state) again (GIFT_DELAYED)"), "\(vain.lines)")
        }
        silent.terminate()
        _ = try silent.waitForExit()

        #expect(try world.letters("replay --reason GIFT_DELAYED").lines == ["0 letters"], "PARKED is not OPEN")
        let billing = try world.startBilling()
        let good = try world.letters("replay --status PARKED --execute --why mended --yes")
        #expect(good.exitCode == 0, "\(good.lines)")
        #expect(good.lines.last?.contains("1 resolved; 0.00 yuan paid and 3.00 confirmed, of 3.00 planned") == true)
        #expect(try Set(world.commands()) == ["recharge/E1/gift"])
        let again = try world.letters("replay gift/recharge/E1/gift --execute --why again --yes")
        #expect(again.exitCode == 0)
        #expect(again.lines.last == "1 letter: 1 is left alone (RESOLVED)", "\(again.lines)")
        billing.terminate()
    }

    @Test func whatAReplayCannotMendIsRefusedAndMayBeDiscarded() throws {
        let world = try ReplayWorld()
        for index in 1...3 { try world.recharge("E\(index)", ReplayWorld.number(index), amount: "\"x\"") }
        try world.wait(for: 3, "OPEN", reason: "BAD_PAYLOAD")
        let refused = try world.letters("replay --class poison --execute --why x --yes")
        #expect(refused.exitCode == 2)
        #expect(refused.lines.last == "3 letters: 3 are refused without --force (BAD_PAYLOAD)", "\(refused.lines)")

        let canary = try world.letters("replay --class poison --force --execute --why x --yes --canary")
        #expect(canary.exitCode == 2)
        #expect(canary.lines.contains { $0.hasPrefix("1 of 3 sent: 0 resolved, 1 failed again") }, "\(canary.lines)")
        #expect(canary.lines.contains { $0.hasSuffix("1 of 1 failed again, more than 5 %") })
        #expect(canary.lines.count { $0.hasSuffix("\tnot sent") } == 2)

        let plan = try world.letters("discard --class poison")
        #expect(plan.lines.last == "3 letters: 3 would be discarded", "\(plan.lines)")
        let discard = try world.letters("discard --class poison --execute --why never --yes")
        #expect(discard.exitCode == 0)
        #expect(discard.lines.count { $0.hasSuffix("\tDISCARDED") } == 3, "\(discard.lines)")
        #expect(try world.letters("list --status OPEN,PARKED --json").lines.isEmpty)
    }

    @Test(arguments: [
        ("replay", "letters replay needs a filter or an ID"), ("discard", "letters discard needs a filter or an ID"),
        ("replay x --execute --yes", "--execute needs --why TEXT"),
        ("replay x --execute --why y", "--execute needs --yes where there is no terminal"),
        ("replay --reason , --execute --why y --yes", "--reason is empty"),
        ("discard --class= --status", "--status needs a value"), ("discard --class=", "--class is empty"),
        ("replay --partition -1", "--partition is -1: a whole number from 0 on is needed"),
        ("replay x --rate 0", "--rate is 0: such as 50/s is needed"),
        ("replay x --stop-at 101", "--stop-at needs a whole number from 0 to 100"),
        ("replay x --max-fen y", "--max-fen needs a whole number of fen"),
    ])
    func mistakesAreNamed(_ line: String, _ mistake: String) throws {
        let outcome = try WorkerProcess.run(
            ["letters"] + line.split(separator: " ").map(String.init), environment: ["KAFKA_BOOTSTRAP_SERVERS": "h:1"])
        #expect(outcome.exitCode == 64)
        #expect(outcome.lines.first == "recharge-worker: \(mistake)")
    }
}

extension ReplayWorld {
    /// A letter that a replay made good with a command.
    fileprivate func anyResolved() throws -> String {
        let list = try letters("list --status RESOLVED --json --event-id E1")
        let line = try #require(list.lines.first)
        return try #require(line.firstMatch(of: /"id":"([^"]+)"/).map { String($0.1) })
    }
}
