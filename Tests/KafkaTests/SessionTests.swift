import Foundation
import TestSupport
import Testing

@testable import Kafka

@Suite(.enabled(if: KafkaServer.available, "\(KafkaServer.reason)"))
struct SessionTests {
    private func values(_ topics: Range<Int>, _ partitions: Range<Int>, _ numbers: Range<Int>) -> [String] {
        topics.flatMap { topic in partitions.flatMap { partition in numbers.map { "\(topic):\(partition)/\($0)" } } }
    }

    /// A lane that has read four records of the lead topic's partition 0.
    private func laneThatReadFour(_ topics: TestTopics) throws -> TestLane {
        try topics.write(0..<4, to: topics.lead, partitions: 0..<1)
        let lane = try TestLane(topics)
        try lane.initTransactions()
        try lane.poll { $0.read.count == 4 }
        return lane
    }

    @Test func anAssignmentWaitsForItsAnswer() throws {
        let topics = try TestTopics()
        try topics.write(0..<20, to: topics.lead)
        try topics.write(0..<20, to: topics.following)
        let lane = try TestLane(topics)
        lane.answers = false
        try lane.poll { !$0.rebalances.isEmpty }
        #expect(lane.rebalances == [.assigned([0, 1])])
        for _ in 0..<5 { #expect(try lane.poll(timeoutMs: 100) == []) }
        try lane.answer(lane.rebalances[0])
        lane.answers = true
        try lane.poll { $0.read.count >= 80 }
        #expect(lane.read.sorted() == values(0..<2, 0..<2, 0..<20).sorted())
    }

    @Test func aRebalanceLosesAndDoublesNothing() throws {
        let topics = try TestTopics(partitions: 4)
        try topics.write(0..<50, to: topics.lead, partitions: 0..<4)
        try topics.write(0..<50, to: topics.following, partitions: 0..<4)
        let first = try TestLane(topics)
        try first.initTransactions()
        while first.read.count < 400 {
            try first.poll()
            try first.commitBatch()
        }
        var second: TestLane? = try TestLane(topics, instance: "i2")
        try second?.initTransactions()

        // The revocation waits for its answer, while records of all partitions go on coming in.
        first.answers = false
        let before = first.rebalances.count
        let end = Date(timeIntervalSinceNow: 30)
        while first.rebalances.count == before {
            try #require(Date() < end)
            try first.poll()
            try second?.poll()
        }
        guard case .revoked(let revoked) = first.rebalances[before] else {
            Issue.record("\(first.rebalances)")
            return
        }
        #expect(revoked.count == 2)
        try topics.write(50..<100, to: topics.lead, partitions: 0..<4)
        for _ in 0..<5 { #expect(try first.poll(timeoutMs: 100) == []) }
        try first.answer(first.rebalances[before])
        first.answers = true

        while first.read.count + (second?.read.count ?? 0) < 600 {
            try #require(
                Date() < end,
                "\(first.read.count) + \(second?.read.count ?? 0) \(first.owned) \(first.rebalances) \((0..<4).map { first.session.position(topic: 0, partition: $0) ?? -1 })"
            )
            for lane in [first, second].compactMap(\.self) {
                try lane.poll()
                try lane.commitBatch()
            }
        }
        #expect(second?.owned == Set(revoked))
        #expect(first.owned.count == 2)
        let all = first.read + (second?.read ?? [])
        #expect(all.sorted() == (values(0..<2, 0..<4, 0..<50) + values(0..<1, 0..<4, 50..<100)).sorted())

        // A member that is gone without leaving: its partitions come back after the session timeout.
        second = nil
        try first.poll { $0.owned.count == 4 }
        let output = try topics.output(atLeast: 600)
        #expect(output.count == 600)
    }

    @Test func partitionsAreLostByALaneThatPollsTooLate() throws {
        let topics = try TestTopics()
        let lane = try TestLane(topics, consumer: ["max.poll.interval.ms": "6000"])
        try lane.poll { $0.owned.count == 2 }
        Thread.sleep(forTimeInterval: 7)
        try lane.poll { $0.rebalances.count >= 2 }
        #expect(lane.rebalances[1] == .lost([0, 1]))
        try lane.poll { $0.owned.count == 2 }
    }

    @Test func anotherProcessWithTheSameInstanceFences() throws {
        let topics = try TestTopics()
        let first = try TestLane(topics)
        try first.poll { $0.owned.count == 2 }
        let second = try TestLane(topics)
        try second.poll { $0.owned.count == 2 }
        let failure = #expect(throws: KafkaFailure.self) { try first.poll { _ in false } }
        #expect(failure?.reaction == .fencedInstance)
        #expect(failure?.name == "FENCED_INSTANCE_ID")
    }

    /// It may hear of it between two polls, by a call that says less.
    @Test func aFencedInstanceIsTheCauseOfAnyFailure() throws {
        let topics = try TestTopics()
        let first = try TestLane(topics)
        try first.poll { $0.owned.count == 2 }
        let second = try TestLane(topics)
        try second.poll { $0.owned.count == 2 }
        let end = Date(timeIntervalSinceNow: 30)
        let failure = #expect(throws: KafkaFailure.self) {
            while Date() < end {
                try first.session.seek([TopicOffset(topic: 0, partition: 0, offset: 0)], timeoutMs: 1_000)
            }
        }
        let cause = first.session.cause(of: try #require(failure))
        #expect(cause.reaction == .fencedInstance, "\(cause)")
    }

    @Test func offsetsOfFollowingTopicsAreCommittedWithTheTransaction() throws {
        let topics = try TestTopics()
        try topics.write(0..<3, to: topics.lead)
        try topics.write(0..<5, to: topics.following, partitions: 0..<1)
        let lane = try TestLane(topics)
        try lane.initTransactions()
        while lane.read.count < 11 {
            try lane.poll()
            try lane.commitBatch()
        }
        let committed = try lane.session.committed([0, 1], timeoutMs: 10_000)
        #expect(
            committed == [
                CommittedOffset(topic: 0, partition: 0, offset: 3), CommittedOffset(topic: 0, partition: 1, offset: 3),
                CommittedOffset(topic: 1, partition: 0, offset: 5),
                CommittedOffset(topic: 1, partition: 1, offset: nil),
            ])
    }

    @Test func recordsArriveWithHeaders() throws {
        let topics = try TestTopics()
        let lane = try TestLane(topics)
        try lane.initTransactions()
        let shared = HeaderBlock()
        shared.add("content-type", "json")
        var outbox = Outbox()
        for number in 0..<500 {
            outbox.append(topic: 0, partition: 1, text: "k", "\(number)", headers: shared)
        }
        var own: HeaderBlock? = HeaderBlock()
        own?.add("reason", "a")
        own?.add("reason", "b")
        outbox.append(topic: 0, partition: 0, text: nil, nil, headers: own)
        own = nil
        outbox.append(topic: 0, partition: 0, text: "plain", "")
        try lane.session.begin()
        try lane.session.produce(outbox)
        try lane.session.commit(timeoutMs: 10_000)

        let records = try topics.output(atLeast: 502)
        let commands = records.filter { $0.partition == 1 }
        #expect(commands.map(\.valueText) == (0..<500).map { "\($0)" })
        #expect(commands.allSatisfy { $0.headers == [TestHeader("content-type", "json")] })
        let others = records.filter { $0.partition == 0 }
        #expect(others.map(\.key) == [nil, Array("plain".utf8)])
        #expect(others.map(\.value) == [nil, []])
        #expect(others.map(\.headers) == [[TestHeader("reason", "a"), TestHeader("reason", "b")], []])
    }

    @Test func anAbortAndASeekDeliverAgain() throws {
        let topics = try TestTopics()
        try topics.write(0..<30, to: topics.lead)
        let lane = try TestLane(topics)
        try lane.initTransactions()
        try lane.poll { $0.batch.count > 0 }
        let places = lane.places
        try lane.session.begin()
        try lane.session.produce(lane.outbox())
        try lane.session.sendOffsets(places, timeoutMs: 10_000)
        try lane.session.abort()
        #expect(lane.session.unansweredRequests == 0)
        try lane.session.seek(
            [0, 1].map { TopicOffset(topic: 0, partition: $0, offset: 0) }, timeoutMs: 10_000)
        let aborted = lane.read.count
        while lane.read.count < aborted + 60 {
            try lane.poll()
            try lane.commitBatch()
        }
        #expect(lane.read.dropFirst(aborted).sorted() == values(0..<1, 0..<2, 0..<30).sorted())
        let output = try topics.output(atLeast: 60)
        #expect(
            output.compactMap(\.valueText).sorted()
                == values(0..<1, 0..<2, 0..<30).map { String($0.dropFirst(2)) }.sorted())
    }

    @Test func aCommitLeavesNoRequestUnanswered() throws {
        let topics = try TestTopics()
        let lane = try TestLane(topics)
        try lane.initTransactions()
        for number in 0..<20 {
            try lane.begin(producing: "\(number)")
            try lane.session.commit(timeoutMs: 10_000)
            #expect(lane.session.unansweredRequests == 0)
        }
    }

    @Test func offsetsAreRefusedOutsideTheGroupAndWhenThereAreNone() throws {
        let topics = try TestTopics()
        // A consumer that finds no broker joins no group.
        let lane = try TestLane(topics, consumer: ["bootstrap.servers": "127.0.0.1:1"])
        try lane.initTransactions()
        try lane.session.begin()
        let place = TopicOffset(topic: 0, partition: 0, offset: 1)
        let outside = #expect(throws: KafkaFailure.self) { try lane.session.sendOffsets([place], timeoutMs: 1_000) }
        #expect(outside?.reaction == .abort)
        #expect(outside?.name == "UNKNOWN_MEMBER_ID")
        let none = #expect(throws: KafkaFailure.self) { try lane.session.sendOffsets([], timeoutMs: 1_000) }
        #expect(none?.reaction == .abort)
        try lane.session.abort()
    }

    @Test func aPositionStepsOverControlRecords() throws {
        let topics = try TestTopics()
        let lane = try TestLane(topics)
        try lane.initTransactions()
        try lane.poll { $0.owned.count == 2 }
        #expect(lane.session.position(topic: 0, partition: 0) == nil)
        // The output of one lane is the input of the other; it finds no group, lest it takes the partition.
        let writer = try TestLane(
            topics, instance: "w", output: topics.lead, consumer: ["bootstrap.servers": "127.0.0.1:1"])
        try writer.initTransactions()
        try writer.begin(producing: "v")
        try writer.session.commit(timeoutMs: 10_000)
        // One behind the record stands the commit's marker, which may come later than the commit's answer.
        try lane.poll { $0.session.position(topic: 0, partition: 0) == 2 }
        #expect(lane.read == ["0:v"])
    }

    /// What was read before an abort is read again: until then it does not count as read.
    @Test func aSeekForgetsThePosition() throws {
        let topics = try TestTopics()
        let lane = try laneThatReadFour(topics)
        #expect(lane.session.position(topic: 0, partition: 0) == 4)
        try lane.session.seek([TopicOffset(topic: 0, partition: 0, offset: 1)], timeoutMs: 10_000)
        #expect(lane.session.position(topic: 0, partition: 0) ?? 1 == 1)
        try lane.poll { $0.read.count == 7 }
        #expect(lane.session.position(topic: 0, partition: 0) == 4)
    }

    @Test func aNewProducerEndsWhatTheOldOneLeftOpen() throws {
        let topics = try TestTopics()
        let old = try TestLane(topics)
        try old.initTransactions()
        try old.begin(producing: "lost")
        let new = try TestLane(topics)
        try new.initTransactions()
        try new.begin(producing: "kept")
        try new.session.commit(timeoutMs: 10_000)
        let output = try topics.output(atLeast: 1)
        #expect(output.map(\.valueText) == ["kept"])
        withExtendedLifetime(old) {}
    }

    @Test func aProducerThatGoesGivesUpItsTransaction() throws {
        let topics = try TestTopics()
        let lane = try laneThatReadFour(topics)
        try lane.session.begin()
        try lane.session.sendOffsets([TopicOffset(topic: 0, partition: 0, offset: 4)], timeoutMs: 10_000)
        try lane.session.renewProducer()
        // Open it would be waited for, up to its timeout of 10 s.
        #expect(try lane.session.committed([0], timeoutMs: 5_000).map(\.offset) == [nil, nil])
    }

    @Test func anotherProducerWithTheIDIsANewProducersWork() throws {
        let topics = try TestTopics()
        let old = try TestLane(topics)
        try old.initTransactions()
        try old.session.begin()
        let new = try TestLane(topics)
        try new.initTransactions()
        var outbox = Outbox()
        outbox.append(topic: 0, partition: 0, text: "k", "zombie")
        let failure = #expect(throws: KafkaFailure.self) {
            try old.session.produce(outbox)
            try old.session.commit(timeoutMs: 10_000)
        }
        #expect(failure?.reaction == .renew)
    }

    @Test func recordsThatCannotBeProducedFail() throws {
        let topics = try TestTopics()
        let lane = try TestLane(topics)
        try lane.initTransactions()
        var outbox = Outbox()
        outbox.append(topic: 0, partition: 0, text: "k", String(repeating: "x", count: 11 << 20))
        try lane.session.begin()
        let failure = #expect(throws: KafkaFailure.self) { try lane.session.produce(outbox) }
        #expect(failure?.name == "MSG_SIZE_TOO_LARGE")
        try lane.session.abort()
    }

    @Test func aSessionEndsSoonThoughItsAssignmentWasNotAnswered() throws {
        let topics = try TestTopics()
        var lane: TestLane? = try TestLane(topics)
        lane?.answers = false
        try lane?.poll { !$0.rebalances.isEmpty }
        let start = Date()
        lane = nil
        #expect(Date().timeIntervalSince(start) < 2)
    }

    @Test func committedOffsetsWaitForAnOpenTransaction() throws {
        let topics = try TestTopics()
        let lane = try laneThatReadFour(topics)
        try lane.session.begin()
        try lane.session.sendOffsets([TopicOffset(topic: 0, partition: 0, offset: 4)], timeoutMs: 10_000)
        let failure = #expect(throws: KafkaFailure.self) { _ = try lane.session.committed([0], timeoutMs: 300) }
        #expect([.retry, .unreachable].contains(failure?.reaction), "\(String(describing: failure))")
        #expect(failure?.text.contains("a transaction left open on __consumer_offsets") == true)
        try lane.session.commit(timeoutMs: 10_000)
        #expect(try lane.session.committed([0], timeoutMs: 10_000).map(\.offset) == [4, nil])
    }

    @Test func aCommitThatRanOutOfTimeIsContinuedByTheSameCall() throws {
        let server = try KafkaServer()
        let topics = try TestTopics(on: server)
        try topics.write(0..<10, to: topics.lead)
        let lane = try TestLane(topics)
        try lane.initTransactions()
        try lane.poll { $0.batch.count > 0 }
        let count = lane.batch.count
        try lane.session.begin()
        try lane.session.produce(lane.outbox())
        let places = lane.places
        try lane.session.sendOffsets(places, timeoutMs: 10_000)
        server.signal(SIGSTOP)
        for _ in 0..<2 {
            let failure = #expect(throws: KafkaFailure.self) { try lane.session.commit(timeoutMs: 300) }
            #expect(failure?.reaction == .retry, "\(String(describing: failure))")
        }
        server.signal(SIGCONT)
        try lane.session.commit(timeoutMs: 10_000)
        #expect(lane.session.unansweredRequests == 0)
        let output = try topics.output(atLeast: count)
        #expect(output.count == count)
    }
}
