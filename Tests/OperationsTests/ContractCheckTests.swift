import Campaign
import Foundation
import Testing
import Worker

@testable import Operations

@Suite struct ContractCheckTests {
    /// 2026-05-03T12:00:00+08:00
    private static let now = Timestamp(milliseconds: 1_777_780_800_000)
    private static let recharge =
        #"{"specversion":"1.0","id":"r-1","source":"/billing","type":"recharge.completed.v1","#
        + #""time":"2026-05-03T11:00:00+08:00","subject":"13416000001","data":{"amountFen":10000,"channel":"app"}}"#

    /// What is said of a file of this text.
    private func check(_ text: String, topics: [InputTopic] = [.recharges, .assists, .receipts]) throws -> Outcome {
        let file = FileManager.default.temporaryDirectory.appending(path: "messages-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        let outcome = checkMessages(in: [file.path], for: topics, now: Self.now)
        return .answer(outcome.output.map { $0.replacing(file.path, with: "file") }, outcome.exitCode)
    }

    @Test func whatIsTakenIsCounted() throws {
        let assist = Self.recharge.replacing("recharge.completed", with: "assist.completed")
            .replacing(#""amountFen":10000"#, with: #""helper":"13416000002""#)
        let checked = try check("\(Self.recharge)\n\n\(assist)\r\n\(Self.recharge)\n")
        #expect(checked == .answer(["3 messages: 2 taken from recharge-events, 1 taken from assist-events"]))
    }

    @Test func aMessageMayHaveManyLines() throws {
        let spread = Self.recharge.replacing(",", with: ",\n  ").replacing("{", with: "{\n")
        #expect(try check("\n" + spread).output == ["1 message: 1 taken from recharge-events"])
        let bad = try check("\n" + spread.replacing("10000", with: "0"))
        #expect(bad.output.first == "file:2: BAD_AMOUNT at /data/amountFen: data.amountFen must be above 0")
    }

    @Test(arguments: [
        (
            #""amountFen":10000"#, #""amountFen":"10000""#,
            "BAD_PAYLOAD at /data/amountFen: data.amountFen must be an integer"
        ),
        (#""amountFen":10000,"#, "", "BAD_PAYLOAD at /data/amountFen: data.amountFen is missing"),
        (#","channel":"app""#, #","channel":null"#, "BAD_PAYLOAD at /data/channel: data.channel is missing"),
        (#""channel""#, #""paidFen":10001,"channel""#, "BAD_AMOUNT at /data/paidFen: "),
        (
            #""channel""#, #""newSubscriber":"no","channel""#,
            "BAD_PAYLOAD at /data/newSubscriber: data.newSubscriber must be true or false"
        ),
        (#""channel""#, #""city":"zs","channel""#, "BAD_PAYLOAD at /data/city: "),
        ("+08:00", "", "NO_TIMEZONE at /time: "), ("T11:", "T25:", "BAD_PAYLOAD at /time: "),
        ("T11:", "T13:", "TIME_IN_FUTURE at /time: "),
        (#""13416000001""#, #""12416000001""#, "BAD_NUMBER at /subject: "),
        (#""r-1""#, "1", "BAD_PAYLOAD at /id: "), (#""1.0""#, "1.0", "BAD_PAYLOAD at /specversion: "),
        (
            "recharge.completed.v1", "recharge.completed.v2",
            "UNKNOWN_TYPE at /type: type must be one of recharge.completed.v1, "
        ),
        (#"{"specversion"#, #"{specversion"#, "BAD_PAYLOAD: the value is not a JSON object in UTF-8"),
        ("app", String(repeating: "x", count: 65_536), "BAD_PAYLOAD: a value is at most 64 KiB"),
    ])
    func aFaultHasItsPlaceItsReasonAndASentence(_ old: String, _ new: String, _ expected: String) throws {
        let text = Self.recharge.replacing(old, with: new)
        #expect(text != Self.recharge)
        let checked = try check("\(Self.recharge)\n\(text)\n")
        #expect(checked.exitCode == .foundProblems)
        #expect(checked.output.first?.hasPrefix("file:2: \(expected)") == true, "\(checked.output)")
        #expect(checked.output.last == "2 messages: 1 taken from recharge-events, 1 not taken")
    }

    @Test func theTopicMayBeNamed() throws {
        let checked = try check(Self.recharge, topics: [.assists])
        #expect(
            checked.output.first == "file:1: UNKNOWN_TYPE at /type: type must be one of assist.completed.v1")
        let mistaken = Program.outcome(arguments: ["contract", "check", "--topic", "recharge-event"], environment: [:])
        #expect(mistaken.exitCode == .usage)
        #expect(mistaken.errors.first?.hasSuffix("; did you mean recharge-events?") == true, "\(mistaken.errors)")
    }

    @Test func whatCannotBeReadIsBadData() throws {
        let missing = Program.outcome(arguments: ["contract", "check", "/no/such.json"], environment: [:])
        #expect(missing == .refusal(["/no/such.json: No such file or directory"], .badData))
        #expect(try check(" \n\n").exitCode == .badData)
        #expect(checkMessages(in: ["/"], for: [.recharges], now: Self.now).exitCode == .badData)
    }

    /// The worker's list of types is what its decoder takes.
    @Test(arguments: InputTopic.allCases)
    func eachListedTypeIsTaken(_ topic: InputTopic) throws {
        for type in topic.eventTypes {
            let checked = try check(Self.recharge.replacing("recharge.completed.v1", with: type), topics: [topic])
            #expect(checked.output.first?.contains("UNKNOWN_TYPE") == false, "\(type)")
        }
    }

    @Test func noNumberIsShown() throws {
        let number = "13416000001"
        for text in [Self.recharge, Self.recharge.replacing("10000", with: "\"\(number)\""), "\(number) {\(number)"] {
            #expect(try !check(text).output.contains { $0.contains(number) })
        }
    }
}
