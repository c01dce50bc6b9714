import CRdKafka
import Testing

@testable import Kafka

@Suite struct OutboxTests {
    private func contents(_ outbox: borrowing Outbox) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for group in outbox.groups where group.count > 0 {
            result["\(group.topic)/\(group.partition)"] = (0..<group.count).map { index in
                let message = group.messages[index]
                return text(message.key, message.key_len) + "=" + text(message.payload, message.len)
            }
        }
        return result
    }

    private func text(_ start: UnsafeMutableRawPointer?, _ count: Int) -> String {
        start.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: count), as: UTF8.self) } ?? "nil"
    }

    @Test func recordsAreGroupedInOrder() {
        var outbox = Outbox()
        for round in 1...2 {
            for number in 0..<300 {
                outbox.append(topic: number % 2, partition: Int32(number % 3), text: "k\(number)", "v\(round)")
            }
            let expected = Dictionary(grouping: 0..<300) { "\($0 % 2)/\($0 % 3)" }
                .mapValues { $0.map { "k\($0)=v\(round)" } }
            #expect(contents(outbox) == expected)
            let filled = outbox.count
            #expect(filled == 300)
            outbox.removeAll()
            let (count, bytes) = (outbox.count, outbox.bytes)
            #expect(count == 0)
            #expect(bytes == 0)
            #expect(contents(outbox).isEmpty)
        }
    }

    @Test func emptyIsNotAbsent() {
        var outbox = Outbox()
        outbox.append(topic: 0, partition: 0, text: nil, nil)
        outbox.append(topic: 0, partition: 0, text: "", "")
        #expect(contents(outbox) == ["0/0": ["nil=nil", "="]])
    }

    @Test func recordsLargerThanAChunkKeepTheirPlace() {
        var outbox = Outbox()
        let large = String(repeating: "x", count: 3 << 20)
        outbox.append(topic: 0, partition: 0, text: "a", "1")
        outbox.append(topic: 0, partition: 0, text: "b", large)
        outbox.append(topic: 0, partition: 0, text: "c", "3")
        #expect(contents(outbox) == ["0/0": ["a=1", "b=\(large)", "c=3"]])
        let bytes = outbox.bytes
        #expect(bytes == 5 + large.utf8.count)
    }

    @Test func recordsThatAreLentKeepTheirMemory() {
        var outbox = Outbox()
        outbox.append(topic: 0, partition: 0, text: "a", "first")
        var lent: Arena? = outbox.arena
        let payload = outbox.groups[0].messages[0].payload
        outbox.removeAll()
        outbox.append(topic: 0, partition: 0, text: "b", "other")
        #expect(text(payload, 5) == "first")
        #expect(outbox.arena !== lent)
        lent = nil
        let own = ObjectIdentifier(outbox.arena)
        outbox.removeAll()
        #expect(ObjectIdentifier(outbox.arena) == own && lent == nil)
    }

    @Test func headersCountAndAreShared() {
        var outbox = Outbox()
        let block = HeaderBlock()
        block.add("content-type", "json")
        for _ in 0..<2 { outbox.append(topic: 0, partition: 0, text: nil, "v", headers: block) }
        let bytes = outbox.bytes
        #expect(bytes == 2 * (1 + 16))
        let messages = outbox.groups[0].messages
        #expect(messages[0]._private == messages[1]._private)
    }
}

extension Outbox {
    /// The same with text.
    mutating func append(topic: Int, partition: Int32, text key: String?, _ value: String?, headers: HeaderBlock? = nil)
    {
        let key = key.map { Array($0.utf8) }
        let value = value.map { Array($0.utf8) }
        (key ?? []).withUnsafeBytes { keyBytes in
            (value ?? []).withUnsafeBytes { valueBytes in
                append(
                    topic: topic, partition: partition, key: key == nil ? nil : keyBytes,
                    value: value == nil ? nil : valueBytes, headers: headers)
            }
        }
    }
}
