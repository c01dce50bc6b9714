internal import CRdKafka

/// What the runtime must do about a failure.
public enum Reaction: Sendable, Equatable {
    /// The same call again, with the same arguments.
    case retry
    /// Abort the transaction, drop what it staged, seek to the committed offsets.
    case abort
    /// The producer is finished: drop what is staged, `renewProducer`, `initTransactions`, restore.
    case renew
    /// The brokers refuse our password or rights: not ready until people mend it; then as `renew`.
    case unauthorised
    /// Another process runs with the same `group.instance.id`: this one must end.
    case fencedInstance
    /// The group gave this consumer up while no broker answered, and it can't come back by itself: make a new session.
    case rejoin
    /// No broker answers: wait and try again.
    case unreachable
    /// A property is unknown, malformed or contradicts another, or a certificate does not hold: people must mend it.
    case misconfigured
    /// The next record to read is not in the topic any more: people must bring it back.
    case lostPlace
    /// Nothing known helps: stop, a person must look.
    case other

    /// The flags of librdkafka's error objects.
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let fatal = Flags(rawValue: 1)
        static let requiresAbort = Flags(rawValue: 2)
        static let retriable = Flags(rawValue: 4)
    }

    /// What kind of call failed: the same code asks for different reactions.
    enum Call {
        case transactional, plain
    }

    /// The whole table. Within a transaction the flags decide and the unknown is taken as fatal.
    static func to(_ code: rd_kafka_resp_err_t, flags: Flags = [], in call: Call) -> Reaction {
        if code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID { return .fencedInstance }
        if code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET { return .lostPlace }
        if code == RD_KAFKA_RESP_ERR__SSL { return .misconfigured }
        if refusals.contains(code.rawValue) { return .unauthorised }
        switch call {
        case .transactional:
            if flags.contains(.fatal) { return .renew }
            if flags.contains(.requiresAbort) { return .abort }
            return flags.contains(.retriable) ? .retry : .renew
        case .plain:
            if flags.contains(.fatal) { return .other }
            if flags.contains(.retriable) || passing.contains(code.rawValue) { return .retry }
            return absences.contains(code.rawValue) ? .unreachable : .other
        }
    }

    /// Errors that a consumer reports and mends by itself: they belong in the log and end no poll.
    static func passesByItself(_ code: rd_kafka_resp_err_t) -> Bool {
        absences.contains(code.rawValue) || passing.contains(code.rawValue)
            || code == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED  // the rebalance that follows says what is lost
    }

    private static let refusals: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM,
            RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE, RD_KAFKA_RESP_ERR__AUTHENTICATION,
        ].map(\.rawValue))

    private static let absences: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
        ].map(\.rawValue))

    private static let passing: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE, RD_KAFKA_RESP_ERR__IN_PROGRESS,
            RD_KAFKA_RESP_ERR__OUTDATED, RD_KAFKA_RESP_ERR__RETRY,
            // Who watches the topics knows whether one is gone for good.
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
        ].map(\.rawValue))
}
