import Campaign
import Testing

@testable import Operations

/// What people see on a terminal, without one: the bar, the columns, and how requests are spread over time.
@Suite struct TerminalWordsTests {
    @Test(arguments: [
        (0, 0, 80, "[........................] 0 done, 0 failed again, 40 left, 0/s"),
        (10, 1, 80, "[######..................] 10 done, 1 failed again, 30 left, 5/s, 6 s to go"),
        (40, 0, 80, "[########################] 40 done, 0 failed again, 0 left, 20/s, 0 s to go"),
        (10, 1, 60, "[##......] 10 done, 1 failed again, 30 left, 5/s, 6 s to go"),
        (10, 1, 52, "10 done, 1 failed again, 30 left, 5/s, 6 s to go"),
        (10, 1, 20, "10 done, 1 failed a"),
    ])
    func theBarFitsTheTerminal(_ done: Int, _ failed: Int, _ columns: Int, _ expected: String) {
        let line = Progress.line(done: done, failed: failed, total: 40, milliseconds: 2000, columns: columns)
        #expect(line == expected)
        #expect(line.count < columns)
    }

    @Test func whereBillingIsWaitedForTheBarSaysHowLong() {
        let line = Progress.line(
            done: 39, failed: 0, total: 40, milliseconds: 2000, patience: 4001, columns: 80)
        #expect(line.hasSuffix("1 left, 20/s, at most 5 s to go"))
    }

    @Test func columnsKnowHowWideChineseIs() {
        var table = TextTable(rightAligned: [1], .init(isAligned: true, isColoured: false))
        let rows = table.lines([
            [.init("事件", .heading), .init("YUAN", .heading), .init("x", .plain)],
            [.init("e\u{301}（1）", .plain), .init("5", .plain), .init("", .plain)],
            [.init("a\u{1B}[2J", .plain), .init("12345", .plain), .init("充值", .plain)],
        ])
        #expect(rows == ["事件     YUAN  x", "e\u{301}（1）      5  ", "a [2J   12345  充值"])
        #expect(displayWidth("充值12元") == 8)
    }

    @Test func coloursStandOnlyWhereTheyAreWanted() {
        var table = TextTable(.init(isAligned: true, isColoured: true))
        #expect(table.lines([[.init("a", .bad), .init("b", .plain)]]) == ["\u{1B}[31ma\u{1B}[0m  b"])
        for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
            #expect(!TextTable.Style(environment).isColoured)
        }
    }

    @Test(arguments: [1, 3, 10, 19, 50, 999, 100_000])
    func requestsGoOutAtTheRate(_ rate: Int) {
        var schedule = RequestSchedule(rate: rate)
        let sent = (0..<200).map { step in
            schedule.take(atMost: .max, Timestamp(milliseconds: Int64(step) * 100))
        }
        #expect(sent[0] == 1)
        #expect(abs(sent.reduce(0, +) - 1 - rate * 199 / 10) <= 1, "\(sent)")
        let late = schedule.take(atMost: .max, Timestamp(milliseconds: 3_600_000))
        #expect(late <= 1 + rate / 5, "what an hour missed is not made up for")
    }

    @Test func noMoreGoOutThanAreAskedFor() {
        var schedule = RequestSchedule(rate: 1000)
        #expect(schedule.take(atMost: 0, Timestamp(milliseconds: 0)) == 0)
        #expect(schedule.take(atMost: 5, Timestamp(milliseconds: 0)) == 1)
        #expect(schedule.take(atMost: 5, Timestamp(milliseconds: 100)) == 5)
    }
}
