import Testing

@testable import Campaign

/// Commands read back from their topics by tools.
@Suite struct CommandReadingTests {
    private func read<Result>(_ text: String, _ body: (inout CommandReader, Bytes) -> Result) -> Result {
        var reader = CommandReader()
        return Array(text.utf8).withUnsafeBytes { body(&reader, Bytes($0)) }
    }

    private func credit(type: String = "credit.grant.v1", lines: String) -> PublishedCredit? {
        let text = #"{"type":"\#(type)","subject":"13411600001","data":{"lines":\#(lines)}}"#
        return read(text) { $0.credit($1) }
    }

    @Test func aCreditIsReadBack() throws {
        let lines = #"[{"benefit":"instant-discount","fen":500},{"benefit":"bonus-credit","fen":800}]"#
        let grant = try #require(credit(lines: lines))
        #expect(grant.kind == .grant)
        #expect(grant.subject.value == 13_411_600_001)
        #expect(grant.lines[.instantDiscount] == 500)
        #expect(grant.lines.total == 1300)
        #expect(credit(type: "credit.reverse.v1", lines: lines)?.kind == .reverse)
    }

    @Test(arguments: [
        #"[{"benefit":"gold","fen":500}]"#, #"[{"benefit":"package","fen":"5"}]"#, #"[{"benefit":"package"}]"#,
        #"[{"benefit":"package","fen":0}]"#, "[1]", "{}", "null",
    ])
    func whatIsNoCreditIsNone(lines: String) { #expect(credit(lines: lines) == nil) }

    @Test func anotherTypeIsNone() { #expect(credit(type: "sms.send.v1", lines: "[]") == nil) }

    @Test func aMessageIsReadBack() throws {
        let text =
            #"{"type":"sms.send.v1","subject":"13411600001","data":{"template":"helper-gift","text":"【a】\"b\""}}"#
        let message = try #require(read(text) { $0.message($1) })
        #expect(message.template == "helper-gift")
        #expect(message.text == #"【a】"b""#)
        #expect(read("{}") { $0.message($1) } == nil)
        #expect(read("[") { $0.message($1) } == nil)
    }
}
