import TestSupport
import Testing

@testable import Campaign

/// Contract, section 4: the SMS that goes with a command.
@Suite struct Messages {
    @Test(
        arguments: [
            ([.bonusCredit: 2_000], ""),
            ([.instantDiscount: 500], "（含立减5元）"),
            ([.instantDiscount: 500, .bonusCredit: 2_000, .package: 1_160, .assist: 400], "（含立减5元、套餐优惠11.6元、好友助力4元）"),
            ([.package: 1], "（含套餐优惠0.01元）"),
            ([.assist: 1_000], "（含好友助力10元）"),
        ] as [([Benefit: Fen], String)])
    func `the breakdown names every line but the bonus`(lines: [Benefit: Fen], expected: String) throws {
        var command = Command(
            id: .rechargeGift(lasting("E1")), subject: try number(inviter), lines: Lines(),
            issued: try instant("05-03 10:00"), confirmBy: try instant("05-03 10:05"),
            eventTime: try instant("05-03 10:00"), rulesVersion: 1, traceparent: .none)
        for (benefit, fen) in lines { command.lines[benefit] = fen }
        let data = try #require(encode(.command(command))[1].json()["data"] as? [String: Any])
        #expect((data["parameters"] as? [String: String])?["breakdown"] == expected)
        #expect((data["text"] as? String)?.contains("元\(expected)。") == true)
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.01"), (10, "0.1"), (11, "0.11"), (99, "0.99"), (100, "1"), (1_160, "11.6"),
            (1_106, "11.06"),
            (9_950, "99.5"), (10_000, "100"), (5_000_000, "50000"), (-150, "-1.5"),
            (.max, "92233720368547758.07"), (.min, "-92233720368547758.08"),
        ] as [(Fen, String)])
    func `yuan have no needless zeros`(fen: Fen, expected: String) { #expect(yuan(fen) == expected) }

    @Test(
        arguments: [
            (0, 1), (1, 1), (69, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4),
        ] as [(Int, Int64)])
    func `segments are counted in UTF-16 units`(units: Int, segments: Int64) {
        for character in ["a", "é", "中", "￥"] {
            #expect(
                segmentCount(utf16Units: utf16Units(lasting(String(repeating: character, count: units)))) == segments,
                "\(character)")
        }
        guard units > 1 else { return }
        let wide = String(repeating: "😀", count: units / 2) + (units % 2 == 0 ? "" : "a")
        #expect(wide.utf16.count == units)
        #expect(segmentCount(utf16Units: utf16Units(lasting(wide))) == segments)
    }

    @Test func `every character counts the units that it takes, wherever it stands`() {
        let characters = ["a", "é", "中", "😀", "元", "9", "￥", "𠀀"]
        var random = SeededRandom(seed: 1)
        for length in 0..<40 {
            let text = (0..<length).map { _ in random.pick(characters) }.joined()
            #expect(utf16Units(lasting(text)) == text.utf16.count, "\(text)")
        }
    }

    /// When it is issued, when the event was, when it may be sent.
    @Test(arguments: [
        ("05-03 12:00", "05-03 11:00", "05-03 12:00"),
        ("05-03 23:30", "05-03 23:00", "05-03 23:30"),
        ("2026-05-03T23:30:00.001+08:00", "05-03 23:00", "05-04 08:00"),
        ("05-03 20:59:59", "05-03 10:00", "05-03 20:59:59"),
        ("05-03 21:00", "05-03 10:00", "05-04 08:00"),
        ("05-04 00:00", "05-03 10:00", "05-04 08:00"),
        ("05-04 07:59:59", "05-03 10:00", "05-04 08:00"),
        ("05-04 08:00", "05-03 10:00", "05-04 08:00"),
        ("05-31 22:00", "05-31 10:00", "06-01 08:00"),
        ("05-04 03:00", "05-04 02:40", "05-04 03:00"),
        ("05-04 03:00", "05-04 03:04", "05-04 03:00"),
    ])
    func `what comes late waits for the morning`(issued: String, event: String, notBefore: String) throws {
        let found = earliestSending(issued: try instant(issued), eventTime: try instant(event))
        #expect(try found == instant(notBefore))
        var command = Command(
            id: .helperGift(lasting("A1")), subject: try number(inviter), lines: Lines(.helper, 100),
            issued: try instant(issued), confirmBy: try instant(issued), eventTime: try instant(event), rulesVersion: 1,
            traceparent: .none)
        command.amountFen = 0
        let data = try #require(encode(.command(command))[1].json()["data"] as? [String: Any])
        #expect(data["notBefore"] as? String == found.description)
        #expect(data["notAfter"] as? String == (found + .seconds(86_400)).description)
    }

    /// A signature and a text may hold anything that a campaign file may.
    @Test func `a signature with quotes`() throws {
        let command = Command(
            id: .helperGift(lasting("A1")), subject: try number(inviter), lines: Lines(.helper, 150),
            issued: try instant("01-09 10:00"), confirmBy: try instant("01-09 10:05"),
            eventTime: try instant("01-09 10:00"), rulesVersion: 1, traceparent: .none)
        let records = try encode(.command(command), in: SeedCampaign(signature: "'移动\"\\'"))
        let data = try #require(records[1].json()["data"] as? [String: Any])
        #expect(data["text"] as? String == "【移动\"\\】感谢您于1月9日为好友助力，获赠话费1.5元。")
    }
}
