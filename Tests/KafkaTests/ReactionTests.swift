import CRdKafka
import Testing

@testable import Kafka

@Suite struct ReactionTests {
    private static let cases: [(rd_kafka_resp_err_t, Reaction.Flags, Reaction.Call, Reaction)] = [
        // Within a transaction: the flags decide.
        (RD_KAFKA_RESP_ERR__TIMED_OUT, .retriable, .transactional, .retry),
        (RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, .retriable, .transactional, .retry),
        (RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, .requiresAbort, .transactional, .abort),
        (RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, .requiresAbort, .transactional, .abort),
        (RD_KAFKA_RESP_ERR__TIMED_OUT, .requiresAbort, .transactional, .abort),
        (RD_KAFKA_RESP_ERR__FENCED, .fatal, .transactional, .renew),
        (RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, .fatal, .transactional, .renew),
        (RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, [.fatal, .requiresAbort, .retriable], .transactional, .renew),
        (RD_KAFKA_RESP_ERR__STATE, [], .transactional, .renew),
        (RD_KAFKA_RESP_ERR_UNKNOWN, [], .transactional, .renew),
        // What people must mend, whatever the flags.
        (RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, .requiresAbort, .transactional, .fencedInstance),
        (RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, .fatal, .plain, .fencedInstance),
        (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .requiresAbort, .transactional, .unauthorised),
        (RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .fatal, .transactional, .unauthorised),
        (RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, [], .plain, .unauthorised),
        (RD_KAFKA_RESP_ERR__AUTHENTICATION, [], .plain, .unauthorised),
        // Outside a transaction.
        (RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, [], .plain, .retry),
        (RD_KAFKA_RESP_ERR_NOT_COORDINATOR, [], .plain, .retry),
        (RD_KAFKA_RESP_ERR__TRANSPORT, [], .plain, .unreachable),
        (RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, [], .plain, .unreachable),
        (RD_KAFKA_RESP_ERR__TIMED_OUT, [], .plain, .unreachable),
        (RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, [], .plain, .lostPlace),
        (RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, [], .plain, .retry),
        (RD_KAFKA_RESP_ERR__FATAL, .fatal, .plain, .other),
    ]

    @Test(arguments: cases)
    func table(code: rd_kafka_resp_err_t, flags: Reaction.Flags, call: Reaction.Call, expected: Reaction) {
        #expect(Reaction.to(code, flags: flags, in: call) == expected)
    }

    @Test func consumerErrorsThatPassEndNoPoll() {
        for code in [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
        ] {
            #expect(Reaction.passesByItself(code))
        }
        for code in [RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID] {
            #expect(!Reaction.passesByItself(code))
        }
    }
}
