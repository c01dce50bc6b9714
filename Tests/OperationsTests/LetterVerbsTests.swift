import Foundation
import TestSupport
import Testing

/// `letters groups|list|show|export` as a person runs them, on letters that stand on a real broker.
@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct LetterVerbsTests {
    private let letters: LetterFixture

    init() throws {
        letters = try LetterFixture()
        let resolved = "\(letters.prefix)recharge-events/2/9"
        try letters.addEvent(7, number: "13800000001", minutes: 1)
        try letters.addEvent(8, number: "13800000002", fen: 700, minutes: 2, event: "of-13800000002")
        try letters.addEvent(9, number: "13800000003", minutes: 3, partition: 2)
        try letters.addStatus(resolved, "REPLAYING", minutes: 4, replays: 1, partition: 2, by: "lin")
        try letters.addStatus(
            resolved, "RESOLVED", minutes: 5, replays: 1, partition: 2, by: "lin", decision: "recharge/E9/gift")
        try letters.addEvent(3, reason: "BAD_AMOUNT", class: "poison", number: "13800000001", minutes: 90, partition: 1)
        try letters.addGift("G1", number: "13800000004", fen: 1234, minutes: 10)
        try letters.addGift("G2", number: "13800000005", fen: 66, minutes: 11)
        try letters.addStatus("gift/recharge/G2/gift", "PARKED", minutes: 12, replays: 3, partition: 1)
        // The same letter once more: it failed again.
        try letters.addEvent(7, number: "13800000001", minutes: 20)
        try letters.producer.flush()
    }

    @Test func groupsCountByReasonAndStatus() throws {
        let groups = try letters.run("groups --json")
        #expect(groups.exitCode == 0)
        let rows = try groups.lines.map(object)
        let unknown = try #require(rows.first { $0["reason"] as? String == "UNKNOWN_PACKAGE" })
        #expect(unknown["open"] as? Int == 2)
        #expect(unknown["resolved"] as? Int == 1)
        #expect(unknown["eventFen"] as? Int == 5700, "what is resolved is at stake no more")
        #expect(unknown["giftFen"] as? Int == 0, "nobody knows what a recharge earns that was not decided")
        let delayed = try #require(rows.first { $0["reason"] as? String == "GIFT_DELAYED" })
        #expect(delayed["giftFen"] as? Int == 1300)
        #expect(delayed["eventFen"] as? Int == 0)
        #expect(unknown["newest"] as? String == LetterFixture.time(20))
        #expect((unknown["meaning"] as? String)?.contains("加上再重放") == true)

        let plain = try letters.run("groups --status OPEN")
        #expect(plain.lines.first?.split(separator: "\t").prefix(3) == ["REASON", "OPEN", "REPLAYING"])
        #expect(plain.lines.contains { $0.hasPrefix("UNKNOWN_PACKAGE\t2\t0\t0\t") }, "\(plain.lines)")
        #expect(!plain.lines.joined().contains("\u{1B}"), "no colours in a pipe")
    }

    @Test func listShowsOpenLettersMaskedTheOldestFirst() throws {
        let list = try letters.run("list")
        #expect(list.exitCode == 0)
        #expect(list.lines.count == 5, "\(list.lines)")
        #expect(list.lines[1].contains("recharge-events/0/8\tUNKNOWN_PACKAGE\tpolicy\tOPEN\t0\t"))
        #expect(list.lines[1].hasSuffix("of-138****0002\t138****0002\t\t7"))
        #expect(list.lines[2].hasSuffix("\tG1\t138****0004\t12.34\t"))
        #expect(!list.lines.contains { $0.contains("13800000002") })
        #expect(try letters.run("list --reveal").lines[1].hasSuffix("of-13800000002\t13800000002\t\t7"))
    }

    @Test(arguments: [
        ("", 4), ("--status any", 6), ("--status RESOLVED,PARKED", 2), ("--reason UNKNOWN_PACKAGE", 2),
        ("--reason unknown_package,BAD_AMOUNT", 3), ("--class poison", 1), ("--limit 2", 2),
        ("--since 2026-05-03T10:10:00+08:00", 3), ("--until 2026-05-03T03:30:00Z", 3), ("--since 7d", 0),
        ("--event-id E3", 1), ("--event-id of-13800000002", 1), ("--number 13800000001", 2),
        ("--number +86-138-0000-0001", 2),
        ("--topic recharge-events", 3), ("--topic PREFIXrecharge-events --partition 1", 1), ("--partition 1", 2),
        ("--id PREFIXrecharge-events/2/9", 1), ("--id PREFIXrecharge-events/2/9 --status OPEN", 0),
        ("--id gift/recharge/G2/gift", 1), ("--id nothing", 0),
    ])
    func filtersSelect(_ filter: String, _ count: Int) throws {
        let list = try letters.run("list --json " + filter.replacing("PREFIX", with: letters.prefix))
        #expect(list.exitCode == 0)
        #expect(list.lines.count == count, "\(list.lines)")
    }

    @Test func aLineOfJSONHasItsMembersInOrder() throws {
        let line = try #require(try letters.run("list --json --id gift/recharge/G2/gift").lines.first)
        #expect(
            line
                == #"{"id":"gift/recharge/G2/gift","reason":"GIFT_DELAYED","class":"sla","kind":"command","#
                + #""status":"PARKED","replays":3,"firstFailedAt":"\#(LetterFixture.time(11))","#
                + #""lastFailedAt":"\#(LetterFixture.time(11))","eventId":"G2","#
                + #""topic":"\#(letters.prefix)bonus-credits","partition":1,"offset":-1,"fen":66}"#)
    }

    @Test func noNumberIsShownInClearUnlessAskedFor() throws {
        let id = "\(letters.prefix)recharge-events/0/70"
        try letters.addEvent(
            70, reason: "BAD_NUMBER", class: "poison", number: "+86 138-0000-0007", event: "of-13800000007",
            subject: "138 0000 0007x")
        try letters.producer.flush()
        let file = FileManager.default.temporaryDirectory.appending(path: "letters-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = [
            "list --id \(id)", "list --id \(id) --json", "show \(id)", "show \(id) --json", "groups --id \(id)",
            "export --id \(id) --format csv -o \(file.path)", "export --id \(id) --format jsonl -o \(file.path)",
        ]
        func text(_ line: String) throws -> String {
            let said = try letters.run(line)
            #expect(said.exitCode == 0, "\(said.lines)")
            let exported = line.hasPrefix("export") ? try String(contentsOf: file, encoding: .utf8) : ""
            return said.lines.joined(separator: "\n") + exported
        }
        let clear = /138[ -]?0000[ -]?0007/
        for line in lines {
            #expect(try text(line).firstMatch(of: clear) == nil, "\(line)")
            if !line.hasPrefix("groups") {
                #expect(try text(line + " --reveal").contains("of-13800000007"), "\(line)")
            }
        }
        #expect(try text("show \(id)").contains(#""subject":"138 **** 0007x""#))
    }

    @Test func showTellsALettersStory() throws {
        let show = try letters.run("show \(letters.prefix)recharge-events/2/9")
        #expect(show.exitCode == 0)
        let page = show.lines.joined(separator: "\n")
        #expect(page.contains("UNKNOWN_PACKAGE (policy)"))
        #expect(page.contains("RESOLVED by lin: so RESOLVED [recharge/E9/gift]"))
        #expect(page.contains("  tenant: a"))
        #expect(page.contains(#""subject":"138****0003""#))
        #expect(
            try letters.run("show \(letters.prefix)recharge-events/2/9 --reveal").lines.joined().contains("13800000003")
        )

        let none = try letters.run("show nothing")
        #expect(none.exitCode == 1)
        #expect(none.lines == ["recharge-worker: there is no letter nothing"])
    }

    @Test(arguments: ["csv", "jsonl"])
    func exportWritesAFile(_ format: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "letters-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let export = try letters.run("export --status any --format \(format) -o \(file.path)")
        #expect(export.exitCode == 0, "\(export.lines)")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.count == (format == "csv" ? 7 : 6))
        if format == "csv" {
            #expect(lines[0].hasPrefix("id,reason,class,kind,status,replays,"))
            #expect(lines.contains { $0.hasPrefix("gift/recharge/G1/gift,GIFT_DELAYED,sla,command,OPEN,0,") })
        } else {
            #expect(try lines == letters.run("list --status any --json").lines)
        }
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let nowhere = try letters.run("export --format csv -o /nowhere/letters.csv")
        #expect(nowhere.exitCode == 1)
        #expect(nowhere.lines.last?.contains("/nowhere/letters.csv: No such file") == true)
        let full = try letters.run("export --format csv -o /dev/full")
        #expect(full.exitCode == 1, "\(full.lines)")
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}
