import CRdKafka
import Foundation
import TestSupport
import Testing

@testable import Kafka

@Suite
struct MockClusterTests {
    private func lane(on cluster: MockCluster) throws -> TestLane {
        let topics = TestTopics(servers: cluster.bootstrapServers, name: "mock")
        for topic in [topics.lead, topics.following, topics.output] {
            try cluster.createTopic(topic, partitions: 2)
        }
        try topics.write(0..<10, to: topics.lead)
        return try TestLane(topics)
    }

    @Test func theSameLoopRuns() throws {
        let cluster = try MockCluster(log: { _, _ in })
        let lane = try lane(on: cluster)
        try lane.initTransactions()
        let end = Date(timeIntervalSinceNow: 30)
        while lane.read.count < 20 {
            try #require(Date() < end, "\(lane.read.count) \(lane.rebalances)")
            try lane.poll()
            try lane.commitBatch()
        }
        let output = try TestReader.readAll(bootstrapServers: cluster.bootstrapServers, topic: "mock-output")
        #expect(output.count == 20)
    }

    @Test(arguments: [
        (RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, Reaction.abort),
        (RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, .abort),
        (RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, .fencedInstance),
        (RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, .unauthorised),
        (RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, .renew),
    ])
    func aFailureOfOffsetsAsksForItsReaction(code: rd_kafka_resp_err_t, expected: Reaction) throws {
        let cluster = try MockCluster(log: { _, _ in })
        let lane = try lane(on: cluster)
        try lane.initTransactions()
        try lane.poll { $0.batch.count > 0 }
        cluster.failNext(apiKey: 28, with: [code.rawValue])  // TxnOffsetCommit
        try lane.session.begin()
        let places = lane.places
        let failure = #expect(throws: KafkaFailure.self) { try lane.session.sendOffsets(places, timeoutMs: 5_000) }
        #expect(failure?.reaction == expected, "\(String(describing: failure))")
    }

    @Test(arguments: [
        (RD_KAFKA_RESP_ERR_PRODUCER_FENCED, Reaction.renew),
        (RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .unauthorised),
        (RD_KAFKA_RESP_ERR_UNKNOWN, .abort),
    ])
    func aFailureOfTheCommitAsksForItsReaction(code: rd_kafka_resp_err_t, expected: Reaction) throws {
        let cluster = try MockCluster(log: { _, _ in })
        let lane = try lane(on: cluster)
        try lane.initTransactions()
        try lane.begin(producing: "v")
        cluster.failNext(apiKey: 26, with: [code.rawValue])  // EndTxn
        let failure = #expect(throws: KafkaFailure.self) { try lane.session.commit(timeoutMs: 5_000) }
        #expect(failure?.reaction == expected, "\(String(describing: failure))")
    }

    /// librdkafka 2.0.2 ends the process when it destroys a consumer that has joined and has had no assignment yet.
    @Test func aConsumerMayGoBeforeItsFirstAssignment() async {
        await #expect(processExitsWith: .success) {
            let cluster = try MockCluster(log: { _, _ in })
            try cluster.createTopic("lead", partitions: 1)
            let joined = Wakeup()
            // SyncGroup: the assignment never comes.
            cluster.failNext(
                apiKey: 14, with: Array(repeating: RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS.rawValue, count: 1000))
            do {
                let session = try Session(
                    consumer: ["bootstrap.servers": cluster.bootstrapServers, "debug": "cgrp"],
                    producer: ["bootstrap.servers": cluster.bootstrapServers], groupID: "g", groupInstanceID: "i",
                    transactionalID: "t", leadTopic: "lead", followingTopics: [], outputTopics: ["lead"],
                    log: { _, text in if text.contains("JoinGroup response: GenerationId") { joined.signal() } })
                var batch = RecordBatch()
                let end = ContinuousClock.now + .seconds(30)
                while !joined.wait(atMostMs: 0) {
                    try #require(.now < end, "it did not join")
                    try session.poll(into: &batch, maximum: 1, timeoutMs: 100)
                }
            }
            // The thread that would destroy it is bounded to 3 s.
            joined.wait(atMostMs: 3_500)
        }
    }

    /// librdkafka ends the process when it destroys a producer that is just registering a transaction's first partition.
    @Test func aProducerMayGoAtAnyMomentOfATransaction() async {
        await #expect(processExitsWith: .success) {
            let cluster = try MockCluster(log: { _, _ in })
            let topics = TestTopics(servers: cluster.bootstrapServers, name: "mock")
            for topic in [topics.lead, topics.following, topics.output] {
                try cluster.createTopic(topic, partitions: 1)
            }
            let lane = try TestLane(topics)
            for round in 0..<100 {
                try lane.initTransactions()
                // From then on the producer knows the topic.
                try lane.begin(producing: "kept")
                try lane.session.commit(timeoutMs: 10_000)
                try lane.begin(producing: "lost")
                let moment = ContinuousClock.now + .microseconds(20 * round)
                while .now < moment {}
                try lane.session.renewProducer()
            }
        }
    }

    @Test(arguments: [RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS])
    func aRequestThatIsSentAgainIsCounted(error: rd_kafka_resp_err_t) throws {
        let cluster = try MockCluster(log: { _, _ in })
        let lane = try lane(on: cluster)
        try lane.initTransactions()
        try lane.begin(producing: "v")
        cluster.failNext(apiKey: 26, with: [error.rawValue])
        try lane.session.commit(timeoutMs: 10_000)
        #expect(lane.session.unansweredRequests == 1)
    }
}

extension TestTopics {
    init(servers: String, name: String) {
        self.servers = servers
        self.name = name
    }
}
