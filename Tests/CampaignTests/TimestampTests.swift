import Foundation
import Testing

@testable import Campaign

/// Contract, section 2: times are RFC 3339 with an offset, and what we write is at +08:00 with milliseconds.
@Suite struct Timestamps {
    @Test(arguments: [
        ("2026-05-03T10:15:30+08:00", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-03T02:15:30Z", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-03t02:15:30z", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-03T02:15:30-00:00", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-02T22:45:30-03:30", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-04T02:14:30+23:59", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-03T10:15:30.5+08:00", "2026-05-03T10:15:30.500+08:00"),
        ("2026-05-03T10:15:30.0009999+08:00", "2026-05-03T10:15:30.000+08:00"),
        ("2026-05-03T10:15:30.123456789123456789+08:00", "2026-05-03T10:15:30.123+08:00"),
        ("2026-12-31T23:59:59.999Z", "2027-01-01T07:59:59.999+08:00"),
        ("2024-02-29T00:00:00+08:00", "2024-02-29T00:00:00.000+08:00"),
        ("2000-02-29T00:00:00+08:00", "2000-02-29T00:00:00.000+08:00"),
        ("1969-12-31T23:59:59.999Z", "1970-01-01T07:59:59.999+08:00"),
        ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00.000+08:00"),
    ])
    func `are read with any offset and written at Beijing's`(text: String, written: String) throws {
        #expect(try instant(text).description == written)
    }

    @Test(arguments: [
        "", "2026", "2026-05-03", "2026-05-03T10:15+08:00", "2026-05-03 10:15:30+08:00", "26-05-03T10:15:30+08:00",
        "2026-5-3T10:15:30+08:00", "2026-02-29T10:15:30+08:00", "2100-02-29T10:15:30+08:00",
        "2026-04-31T10:15:30+08:00", "2026-13-01T10:15:30+08:00", "2026-00-01T10:15:30+08:00",
        "2026-05-00T10:15:30+08:00", "2026-05-03T24:00:00+08:00", "2026-05-03T10:60:30+08:00",
        "2026-05-03T10:15:60+08:00", "2026-05-03T10:15:30.+08:00", "2026-05-03T10:15:30,5+08:00",
        "2026-05-03T10:15:30+0800", "2026-05-03T10:15:30+08", "2026-05-03T10:15:30+8:00", "2026-05-03T10:15:30+24:00",
        "2026-05-03T10:15:30+08:60", "2026-05-03T10:15:30+08:00 ", " 2026-05-03T10:15:30+08:00",
        "2026-05-03T10:15:30 +08:00", "2026-05-03T10:15:30Zx", "2026-05-03T10:15:30GMT", "+2026-05-03T10:15:30+08:00",
        "20260503T101530+0800", "２０２６-05-03T10:15:30+08:00", "2026-05-03T1",
    ])
    func `that are malformed`(text: String) { #expect(throws: TimeError.malformed) { try parse(text) } }

    @Test(arguments: ["2026-05-03T10:15:30", "2026-05-03T10:15:30.123"])
    func `without an offset`(text: String) { #expect(throws: TimeError.noOffset) { try parse(text) } }

    /// Foundation's calendar is the model: every day of 800 years, back and forth.
    @Test func `days are those of the Gregorian calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: Int64(-135_140), through: 157_000, by: 1) {
            let civil = civilDate(daysSinceEpoch: day)
            #expect(dayNumber(year: civil.year, month: civil.month, day: civil.day) == day)
            guard day % 97 == 0 else { continue }
            let date = Date(timeIntervalSince1970: TimeInterval(day * 86_400))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            #expect(
                [parts.year, parts.month, parts.day] == [Int(civil.year), Int(civil.month), Int(civil.day)],
                "day \(day)")
        }
    }

    @Test(
        arguments: [
            (0, 0), (1, 1_000), (-1, -1_000), (1_777_777_777_777, 1_777_777_777_777_000),
            (.max, 253_402_300_799_999_000), (.min, -253_402_300_799_999_000),
        ] as [(Int64, Int64)])
    func `from Kafka's milliseconds, whatever they are`(milliseconds: Int64, microseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).microseconds == microseconds)
    }

    @Test(
        arguments: [(0, 0), (3_599_999_999, 0), (3_600_000_000, 1), (-1, -1), (-3_600_000_000, -1)] as [(Int64, Int64)])
    func `hours begin on the hour`(microseconds: Int64, hour: Int64) {
        #expect(Timestamp(microseconds: microseconds).hour == hour)
    }

    private func parse(_ text: String) throws -> Timestamp {
        try Array(text.utf8).withUnsafeBytes { try Timestamp(Bytes($0)) }
    }
}
