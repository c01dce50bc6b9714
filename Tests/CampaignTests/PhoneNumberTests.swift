import CRdKafka
import Testing

@testable import Campaign

/// Contract, section 2: subscribers' numbers, and section 1: their partition.
@Suite struct PhoneNumbers {
    @Test(arguments: [
        "13900000001", "+8613900000001", "008613900000001", "8613900000001", "139 0000 0001", "139-0000-0001",
        "+86 139-0000-0001", "0086 139 0000 0001", "86-139-0000-0001", " 13900000001 ", "１３９０００００００１",
        "１３９-0000 ０００１", "+８６13900000001", "00８６ 139 0000 0001", "-1-3-9-0-0-0-0-0-0-0-1-",
    ])
    func `are read as people write them`(text: String) {
        #expect(number(text)?.value == 13_900_000_001)
    }

    @Test(arguments: [
        "", " ", "+", "1390000000", "139000000011", "03900000001", "12900000001", "23900000001", "10000000000",
        "+13900000001", "++8613900000001", "86+13900000001", "+008613900000001", "+860013900000001", "8713900000001",
        "018613900000001", "13900000001x", "139.0000.0001", "139_0000_0001", "139\t0000\t0001", "١٣٩٠٠٠٠٠٠٠١",
        "1390000000１１", "＋8613900000001", "139–0000–0001", "8612900000001", "99999999999999999999999999",
        "1390000000\u{FF1A}", "1390000000\u{FF0F}",
    ])
    func `other texts are none`(text: String) {
        #expect(number(text) == nil)
    }

    @Test func `a cut full-width digit is none`() {
        let bytes = Array("1390000000".utf8) + [0xEF, 0xBC]
        #expect(bytes.withUnsafeBytes { PhoneNumber(Bytes($0)) } == nil)
    }

    @Test func `every second digit from 3 to 9`() {
        for second in 0...9 {
            #expect((number("1\(second)900000001") != nil) == (second >= 3))
        }
        #expect(PhoneNumber(value: 12_999_999_999) == nil)
        #expect(PhoneNumber(value: 13_000_000_000) != nil)
        #expect(PhoneNumber(value: 19_999_999_999) != nil)
        #expect(PhoneNumber(value: 20_000_000_000) == nil)
    }

    @Test func `are shown masked and have a segment`() throws {
        let found = try #require(number("13900001001"))
        #expect("\(found)" == "139****1001")
        #expect("\(number("13800000007"), default: "none")" == "138****0007")
        #expect(found.segment == 1_390_000)
    }

    /// What the Java client gives for these texts.
    @Test(
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] as [(String, Int32)])
    func `murmur2 is Java's`(text: String, expected: Int32) {
        #expect(Array(text.utf8).withUnsafeBytes { Int32(bitPattern: murmur2($0)) } == expected)
    }

    @Test func `a partition is murmur2 of the 11 digits`() throws {
        for value in stride(from: UInt64(13_000_000_000), through: 19_999_999_999, by: 123_456_791) {
            let number = try #require(PhoneNumber(value: value))
            let hash = Array("\(value)".utf8).withUnsafeBytes { murmur2($0) } & 0x7FFF_FFFF
            for count in [1, 2, 12, 1_000] as [Int32] {
                #expect(number.partition(of: count) == Int32(hash % UInt32(count)), "\(value) of \(count)")
                let theirs = "\(value)".withCString { rd_kafka_msg_partitioner_murmur2(nil, $0, 11, count, nil, nil) }
                #expect(number.partition(of: count) == theirs, "\(value) of \(count) by librdkafka")
            }
        }
    }

    private func number(_ text: String) -> PhoneNumber? {
        Array(text.utf8).withUnsafeBytes { PhoneNumber(Bytes($0)) }
    }
}
