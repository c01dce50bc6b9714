import Foundation
import TestSupport
import Testing

/// What a person sees of `recharge-worker demo`.
@Suite
struct DemoTests {
    @Test func itShowsWhatCameInAndWentOut() throws {
        let page = try DemoPage()
        let broken = try page.row("有错的事件").count
        let cameIn = try ["充值 recharges", "退费 reversals", "好友助力 friend assists", "重复发送"].map { try page.row($0).count }
        #expect(try page.events == cameIn.reduce(broken, +), "\(page)")

        let grants = try page.row("赠送 grants")
        let lines = try ["充值满减", "充值赠送话费", "套餐优惠", "the inviter", "the helper"].map { try page.row($0).yuan }
        #expect(grants.yuan == lines.reduce(0, +), "\(page)")
        #expect(lines.allSatisfy { $0 > 0 }, "\(page)")
        #expect(try page.row("such as:").count == grants.count + page.row("退费收回").count, "\(page)")

        let letters = page.rows.filter { $0.name.contains(#/^[A-Z_]+: /#) }
        #expect(letters.count == 9, "\(page)")
        #expect(letters.map(\.count).reduce(0, +) == broken, "\(page)")
    }

    @Test func aGiftWithoutAnAnswerBecomesALetterAndIsReplayed() throws {
        let page = try DemoPage()
        #expect(page.lines.contains { $0.contains("would be sent again, at most ") }, "\(page)")
        let proof = try #require(page.description.firstMatch(of: /(\d+) of (\d+) sent: (\d+) resolved;/), "\(page)")
        #expect(proof.1 == proof.2 && proof.1 == proof.3)
        #expect(page.lines.contains { $0.contains("RESOLVED (receipt/") }, "\(page)")
    }

    @Test func itShowsNoNumber() throws {
        let page = try DemoPage()
        for line in page.lines { #expect(!line.contains(/1[3-9]\d{9}/), "\(line)") }
        let samples = page.lines.filter { $0.contains("【中国移动】") }
        #expect(samples.count == 4)
        #expect(samples.allSatisfy { $0.contains(/1[3-9]\d\*{4}\d{4}  【/) }, "\(samples)")
    }
}

/// The page that `demo --once` prints.
private struct DemoPage: CustomStringConvertible {
    /// A row of figures: a count, maybe yuan, then the name.
    struct Row {
        let count: Int
        let yuan: Decimal
        let name: String

        init?(_ line: String) {
            guard let match = line.wholeMatch(of: /\ +([\d,]+)(?:\ +([\d,]+\.?\d*))?\ \ (.+)/) else { return nil }
            count = Int(match.1.replacing(",", with: "")) ?? -1
            yuan = match.2.flatMap { Decimal(string: String($0.replacing(",", with: ""))) } ?? 0
            name = match.3.trimmingCharacters(in: .whitespaces)
        }
    }

    let lines: [String]

    init() throws {
        let demo = try WorkerProcess.run(["demo", "--once"], timeout: .seconds(60))
        lines = demo.lines
        #expect(demo.exitCode == 0, "\(self)")
    }

    var description: String { lines.joined(separator: "\n") }

    var rows: [Row] { lines.compactMap { Row($0) } }

    func row(_ name: String) throws -> Row {
        try #require(rows.first { $0.name.contains(name) }, "\(name)\n\(self)")
    }

    /// How many events it says that it played.
    var events: Int {
        get throws {
            let count = try #require(lines.compactMap { $0.firstMatch(of: /([\d,]+) 个事件/) }.first, "\(self)").1
            return Int(count.replacing(",", with: "")) ?? -1
        }
    }
}
