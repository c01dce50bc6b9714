import Foundation
import TestSupport
import Testing

/// `simulate billing` and `simulate gateway` on a real broker.
@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct SimulateBrokerTests {
    private func simulate(_ topics: LetterFixture, _ line: String) throws -> (exitCode: Int32, lines: [String]) {
        try WorkerProcess.run(
            ["simulate"] + line.split(separator: " ").map(String.init), environment: topics.environment,
            timeout: .seconds(60))
    }

    @Test func billingAnswersEachCommandOnceAndGoesOnWhereItWas() throws {
        let topics = try LetterFixture()
        let number = "13411600001"
        func publish(_ id: String) throws {
            let value =
                #"{"id":"\#(id)","type":"credit.grant.v1","subject":"\#(number)","#
                + #""data":{"lines":[{"benefit":"bonus-credit","fen":800}]}}"#
            try topics.producer.produce(topic: topics.prefix + "bonus-credits", key: number, value: value)
            try topics.producer.flush()
        }
        func receipts() throws -> [TestRecord] {
            try TestReader.readAll(
                bootstrapServers: topics.server.bootstrapServers, topic: topics.prefix + "credit-receipts")
        }
        try publish("recharge/a/gift")
        let first = try simulate(topics, "billing --until-quiet")
        #expect(first.exitCode == 0)
        #expect(first.lines.contains { $0.hasPrefix("1 commands, 0 of them copies: 1 executed, 8 yuan") }, "\(first)")
        let answer = try #require(try receipts().first)
        #expect(answer.keyText == number)
        let text = try #require(answer.valueText)
        #expect(text.contains(#""data":{"commandId":"recharge/a/gift","outcome":"credited","creditedFen":800}}"#))

        try publish("recharge/a/gift")
        try publish("recharge/b/gift")
        let second = try simulate(topics, "billing --until-quiet --rejects 100 --doubles 100")
        #expect(second.lines.contains { $0.hasPrefix("2 commands, 1 of them copies: 0 executed") }, "\(second)")
        let outcomes = try receipts().compactMap { $0.valueText?.contains(#""outcome":"credited""#) }
        #expect(outcomes == [true, true, true, false, false], "the copy of what is executed is never rejected")
    }

    @Test func theGatewayTakesEachMessageOnceAndHeedsItsTimes() throws {
        let topics = try LetterFixture()
        for (id, bounds) in [
            ("a", ""), ("a", ""), ("b", #","notBefore":"2026-05-01T00:00:00Z","notAfter":"2026-05-02T00:00:00Z""#),
            ("c", #","notBefore":"2100-05-01T00:00:00Z""#),
        ] {
            let value =
                #"{"id":"\#(id)","type":"sms.send.v1","subject":"13411600001","#
                + #""data":{"template":"helper-gift","text":"x"\#(bounds)}}"#
            try topics.producer.produce(topic: topics.prefix + "sms-notifications", key: "13411600001", value: value)
        }
        try topics.producer.flush()
        let gateway = try simulate(topics, "gateway --until-quiet")
        #expect(gateway.exitCode == 0)
        #expect(gateway.lines.contains("1 messages sent: 1 helper-gift"), "\(gateway)")
        #expect(
            gateway.lines.contains("1 copies passed over, 1 came after their notAfter, 1 wait for their notBefore"))
    }
}
