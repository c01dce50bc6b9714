import Campaign
import Foundation
import Testing

/// A schema says yes where the worker's decoder says yes, and no where it says no: on every example with each of its
/// members missing, of another kind, or at and beyond its bounds.
@Suite(.enabled(if: Documents.missing == nil, "\(Documents.missing ?? "")"))
struct AgreementTests {
    private static let values: [JSONValue?] =
        [
            nil, .null, .bool(true), .integer(-1), .integer(0), .integer(1), .integer(9_007_199_254_740_993),
            .number(0.5), .array([]), .object([:]),
        ]
        + [
            "", " ", "x", "1.0", "13416000001", " +86 134-1600-0001 ", "0086１３４16000001", "86 13416000001",
            "+13416000001", "1341600000", "12416000001", "134160000010", "2026-05-03T10:15:30+08:00",
            "2026-05-03t02:15:30.123456z", "2026-05-03T10:15:30", "2026-05-03 10:15:30Z", "2026-13-03T10:15:30Z",
            "2026-05-03T24:00:00Z", "2026-05-03T10:15:60Z", "2026-05-03T10:15:30.Z", "2026-05-03", "CMCC", "cmcc",
            "442000", "44200", "credited", "rejected", "Credited", String(repeating: "x", count: 128),
            String(repeating: "x", count: 129), String(repeating: "x", count: 160),
            String(repeating: "x", count: 161), String(repeating: "x", count: 256),
            String(repeating: "x", count: 257),
        ].map(JSONValue.string)

    @Test(arguments: [
        ("recharge.completed.v1", InputTopic.recharges), ("recharge.reversed.v1", .recharges),
        ("assist.completed.v1", .assists), ("credit.settled.v1", .receipts),
    ])
    func theSchemaAndTheDecoderAgree(_ name: String, _ topic: InputTopic) throws {
        let schema = try Documents.schema(name)
        var example = try #require(schema["examples"]?.elements.first)
        // That it may not be above amountFen is more than a schema can say.
        example = example.with(["data", "paidFen"], nil)
        let envelope = (schema["properties"]?.members.keys.sorted() ?? []).map { [$0] }
        let data = (schema[["properties", "data", "properties"]]?.members.keys.sorted() ?? []).map { ["data", $0] }
        var verdicts: [String: (taken: Bool, why: String)] = [:]
        var cases: [SchemaCase] = []
        // A trace context of a wrong kind is passed over, and no reason to write one.
        for path in envelope + data where path != ["traceparent"] {
            for value in Self.values where path.last != "paidFen" || value != .integer(9_007_199_254_740_993) {
                let message = example.with(path, value)
                let words = "\(path.joined(separator: ".")) \(value.map { "\($0)" } ?? "missing")"
                verdicts[words] = try decode(message, on: topic)
                cases.append(SchemaCase(name, name: words, message))
            }
        }
        let faults = Dictionary(grouping: try Documents.faults(cases), by: \.name)
        for (words, verdict) in verdicts {
            #expect(
                verdict.taken == (faults[words] == nil),
                "\(name), \(words): the worker \(verdict.taken ? "takes it" : "says \(verdict.why)"), the schema \(faults[words]?.first?.description ?? "takes it")"
            )
        }
        #expect(verdicts.count > 300)
    }

    private func decode(_ message: JSONValue, on topic: InputTopic) throws -> (taken: Bool, why: String) {
        var decoder = EventDecoder()
        return try JSONEncoder().encode(message).withUnsafeBytes { bytes in
            let record = SourceRecord(
                topic: topic, partition: 0, offset: 0, timestamp: Timestamp(milliseconds: 1_780_000_000_000), key: nil,
                value: Bytes(bytes), headers: .none)
            switch decoder.decode(record).result {
            case .success: return (true, "")
            case .failure(let fault): return (false, fault.message)
            }
        }
    }
}
