import Glibc
import TestSupport
import Testing

/// The test bed itself: what it wrote it reads again, and a killed broker keeps what it acknowledged.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct TestBedTests {
    @Test func readsBackWhatWasWritten() throws {
        let server = try KafkaServer.shared()
        let topic = "test-bed-\(UInt32.random(in: 0 ... .max))"
        try TestAdmin(bootstrapServers: server.bootstrapServers).createTopic(topic, partitions: 3)
        let producer = try TestProducer(bootstrapServers: server.bootstrapServers)
        for number in 0..<20_000 {
            try producer.produce(topic: topic, key: "key-\(number % 100)", value: "value-\(number)", timestamp: 1_000)
        }
        let header = TestHeader("traceparent", "00-1")
        try producer.produce(
            topic: topic, partition: 2, key: nil, value: [UInt8](),
            headers: [header, TestHeader(name: "n", value: nil)])
        try producer.produce(topic: topic, partition: 2, key: "tombstone", value: nil as String?)
        try producer.flush()

        let records = try TestReader.readAll(bootstrapServers: server.bootstrapServers, topic: topic)
        #expect(records.count == 20_002)
        #expect(Set(records.compactMap(\.valueText)).count == 20_001)
        let keyless = try #require(records.first { $0.key == nil })
        #expect(keyless.value == [])
        #expect(keyless.headers == [header, TestHeader(name: "n", value: nil)])
        #expect(try #require(records.first { $0.keyText == "tombstone" }).value == nil)
        #expect(records.first { $0.keyText == "key-1" }?.timestamp == 1_000)
    }

    @Test func brokerKeepsItsDataWhenItIsKilled() throws {
        let server = try KafkaServer(properties: ["log.retention.ms": "-1"])
        try TestAdmin(bootstrapServers: server.bootstrapServers).createTopic("kept", partitions: 1)
        let producer = try TestProducer(bootstrapServers: server.bootstrapServers)
        try producer.produce(topic: "kept", key: "1", value: "before")
        try producer.flush()
        try server.kill9()
        try server.start()
        try server.restart()
        try producer.produce(topic: "kept", key: "1", value: "after")
        try producer.flush()
        let reader = try TestReader(bootstrapServers: server.bootstrapServers, topic: "kept")
        try reader.read(timeout: .seconds(20)) { $0.count == 2 }
        #expect(reader.records.map(\.valueText) == ["before", "after"])
        #expect(throws: TestFailure.self) { try reader.read(timeout: .milliseconds(50)) { $0.count == 3 } }
    }

    @Test func workerProcessGivesLinesAndExitCode() throws {
        let result = try WorkerProcess.run(["--version"])
        #expect(result.exitCode == 0)
        #expect(!result.lines.isEmpty)
    }
}
