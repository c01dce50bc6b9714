import Foundation
import Testing

@testable import Campaign

/// Contract, section 4: a command's bytes are the same on every retry, so they are frozen here.
@Suite struct CommandEncoding {
    @Test func `a recharge's gift`() throws {
        var command = try grant(
            .rechargeGift(lasting("E1")), [.instantDiscount: 500, .bonusCredit: 2_000, .assist: 400])
        command.amountFen = 10_000
        let records = try encode(.command(command), partition: 7)
        #expect(records.map(\.topic) == [.bonusCredits, .smsNotifications])
        #expect(records.map(\.partition) == [7, 7])
        #expect(records.map(\.key) == [inviter, inviter])
        #expect(records.map(\.headers) == [["content-type"], ["content-type"]])
        #expect(
            records[0].text == """
                {"specversion":"1.0","id":"recharge/E1/gift","source":"/recharge-worker/zs-2026-05",\
                "type":"credit.grant.v1","time":"2026-05-03T10:15:31.500+08:00","subject":"13900000001",\
                "data":{"cause":"E1","lines":[{"benefit":"instant-discount","fen":500},\
                {"benefit":"bonus-credit","fen":2000},{"benefit":"assist","fen":400}],"totalFen":2900,\
                "campaign":"zs-2026-05","rulesVersion":1,"eventTime":"2026-05-03T10:15:30.000+08:00",\
                "confirmBy":"2026-05-03T10:20:31.500+08:00"}}
                """)
        #expect(
            records[1].text == """
                {"specversion":"1.0","id":"recharge/E1/gift/sms","source":"/recharge-worker/zs-2026-05",\
                "type":"sms.send.v1","time":"2026-05-03T10:15:31.500+08:00","subject":"13900000001",\
                "data":{"template":"recharge-gift","parameters":{"date":"5月3日","amount":"100","credit":"29",\
                "breakdown":"（含立减5元、好友助力4元）"},\
                "text":"【中国移动】您于5月3日充值100元，获赠话费29元（含立减5元、好友助力4元）。","segments":1,\
                "class":"service","notBefore":"2026-05-03T10:15:31.500+08:00",\
                "notAfter":"2026-05-04T10:15:31.500+08:00"}}
                """)
    }

    @Test func `a gift taken back`() throws {
        var command = try grant(.reversal(lasting("V1")), [.bonusCredit: 1_200, .package: 1_160])
        command.reversedRecharge = lasting("R1")
        command.amountFen = 17_400
        command.refundedFen = 9_950
        command.rulesVersion = 12
        command.traceparent = lasting("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        let records = try encode(.command(command))
        #expect(
            records[0].text == """
                {"specversion":"1.0","id":"reversal/V1/reversal","source":"/recharge-worker/zs-2026-05",\
                "type":"credit.reverse.v1","time":"2026-05-03T10:15:31.500+08:00","subject":"13900000001",\
                "traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",\
                "data":{"cause":"V1","reverses":"recharge/R1/gift",\
                "lines":[{"benefit":"bonus-credit","fen":1200},{"benefit":"package","fen":1160}],"totalFen":2360,\
                "campaign":"zs-2026-05","rulesVersion":12,"eventTime":"2026-05-03T10:15:30.000+08:00",\
                "confirmBy":"2026-05-03T10:20:31.500+08:00"}}
                """)
        let message = try records[1].json()
        #expect(message["id"] as? String == "reversal/V1/reversal/sms")
        #expect(message["traceparent"] as? String == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        let data = try #require(message["data"] as? [String: Any])
        #expect(data["template"] as? String == "gift-reversed")
        #expect(data["text"] as? String == "【中国移动】您充值的174元已于5月3日退款99.5元，相应优惠23.6元（含套餐优惠11.6元）将收回。")
        #expect(
            data["parameters"] as? [String: String] == [
                "date": "5月3日", "amount": "174", "credit": "23.6", "refunded": "99.5", "breakdown": "（含套餐优惠11.6元）",
            ])
    }

    @Test func `an inviter's gift and a helper's`() throws {
        let inviters = try encode(.command(try grant(.assistGift(lasting("A1")), [.assist: 200])))
        #expect(inviters[0].text.contains(#""id":"assist/A1/gift""#))
        #expect(inviters[0].text.contains(#""cause":"A1","lines":[{"benefit":"assist","fen":200}],"totalFen":200"#))
        #expect(inviters[1].text.contains(#""id":"assist/A1/gift/sms""#))
        #expect(inviters[1].text.contains(#""template":"assist-gift","parameters":{"date":"5月3日","credit":"2"},"#))
        #expect(inviters[1].text.contains("【中国移动】好友助力成功，您于5月3日获得2元话费优惠。"))

        let helpers = try encode(.command(try grant(.helperGift(lasting("A1")), [.helper: 100])))
        #expect(helpers[0].text.contains(#""id":"assist/A1/helper""#))
        #expect(helpers[0].text.contains(#""lines":[{"benefit":"helper","fen":100}]"#))
        #expect(helpers[1].text.contains(#""template":"helper-gift""#))
        #expect(helpers[1].text.contains("【中国移动】感谢您于5月3日为好友助力，获赠话费1元。"))
    }

    /// Whatever an event calls itself, what we write is JSON with the same text in it.
    @Test(arguments: [
        "a\"b\\c", "\u{0}\u{1}\u{1f}\u{7f}", "\n\r\t\u{8}\u{c}", "中文😀\u{2028}", "\",\"subject\":\"13800000000", "/",
        String(repeating: "\u{1}", count: 128), String(repeating: "\"", count: 128),
    ])
    func `awkward ids come back as they were`(id: String) throws {
        var command = try grant(.reversal(lasting(id)), [.bonusCredit: 100])
        command.reversedRecharge = lasting(id)
        for record in try encode(.command(command)) {
            let json = try record.json()
            let suffix = record.topic == .smsNotifications ? "/sms" : ""
            #expect(json["id"] as? String == "reversal/\(id)/reversal\(suffix)")
            #expect(json["subject"] as? String == inviter)
            guard record.topic == .bonusCredits else { continue }
            let data = try #require(json["data"] as? [String: Any])
            #expect(data["cause"] as? String == id)
            #expect(data["reverses"] as? String == "recharge/\(id)/gift")
        }
    }

    /// What many commands have in common is made once, but each has its own times.
    @Test func `one encoder writes what a new one would`() throws {
        var encoder = EffectEncoder(
            campaign: try SeedCampaign.seed.file(), partitionCount: 12,
            inputNames: inputNames, creditsName: "bonus-credits", group: "recharge-worker")
        var command = try grant(.rechargeGift(lasting("R1")), [.bonusCredit: 100])
        for seconds in [0, 1, 40_000, 1] as [Int64] {
            command.issued = command.eventTime + .seconds(seconds)
            command.confirmBy = command.issued + .seconds(300)
            var written: [String] = []
            encoder.encode(.command(command), of: 0) { written.append(EncodedRecord($0).text) }
            #expect(try encode(.command(command)).map(\.text) == written, "issued after \(seconds) s")
        }
    }

    /// Eight bytes are looked at together, so each place counts.
    @Test(arguments: [7, 8, 21])
    func `every character is escaped at every place`(length: Int) throws {
        for code in UInt8(0)..<128 {
            for place in 0..<length {
                var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                bytes[place] = code
                let text = String(decoding: bytes, as: UTF8.self)
                var json = Writer()
                json.put("\"")
                json.putEscaped(text)
                json.put("\"")
                let read = try JSONSerialization.jsonObject(with: Data(json.bytes.buffer), options: .fragmentsAllowed)
                #expect(read as? String == text, "\(code) at \(place)")
            }
        }
    }

    @Test func `a traceparent can't break out of its string`() throws {
        let sly = "00-0af7\",\"subject\":\"13800000000\",\"x\":\"\\\n"
        var record = InputRecord(published: try instant("05-03 10:00"), value: soundRecharge.bytes)
        record.headers = [("traceparent", sly)]
        var command = try grant(.rechargeGift(lasting("E1")), [.bonusCredit: 2_000])
        try decode(record) { command.traceparent = lasting($0.event?.traceparent.text ?? "") }
        for written in try encode(.command(command)) {
            let json = try written.json()
            #expect(json["subject"] as? String == inviter, "\(written.text)")
            #expect(json["traceparent"] as? String == sly, "\(written.text)")
        }
    }

    private func grant(_ id: Command.ID, _ lines: KeyValuePairs<Benefit, Fen>) throws -> Command {
        Command(
            id: id, subject: try number(inviter), lines: Lines(lines),
            issued: try instant("2026-05-03T10:15:31.5+08:00"),
            confirmBy: try instant("2026-05-03T10:20:31.5+08:00"),
            eventTime: try instant("2026-05-03T10:15:30+08:00"), rulesVersion: 1, traceparent: .none)
    }
}
