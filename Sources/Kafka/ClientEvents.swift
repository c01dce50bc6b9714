internal import CRdKafka
internal import Glibc
internal import Synchronization

/// Takes a line of librdkafka's log: its level as in syslog (0 emergency to 7 debug) and its text. Called on any thread.
public typealias KafkaLog = @Sendable (_ level: Int32, _ text: String) -> Void

/// What the group did with partitions of the lead topic.
public enum Rebalance: Sendable, Equatable {
    /// These partitions are ours now: answer with `assign`, an empty list too.
    case assigned([Int32])
    /// These partitions go to another member: answer with `unassign`.
    case revoked([Int32])
    /// These partitions are another member's already: drop them, and answer with `unassign`.
    case lost([Int32])
}

/// What librdkafka's callbacks note for one client. They run on any thread and decide nothing.
final class ClientEvents: Sendable {
    let log: KafkaLog
    /// EndTxn and TxnOffsetCommit requests (ApiKeys 26 and 28) that left since the last `begin`, less those whose calls
    /// succeeded.
    let unansweredRequests = Atomic<Int>(0)
    /// Records since the last `begin` that librdkafka calls stored though no broker said so.
    let unconfirmedRecords = Atomic<Int>(0)
    /// The group's coordinator did not answer within `session.timeout.ms`, and nothing was assigned since.
    let sessionTimedOut = Atomic<Bool>(false)
    /// The group has given an assignment at least once.
    let wasAssigned = Atomic<Bool>(false)
    private let rebalances = Mutex<[Rebalance]>([])
    private let connectionFailure = Mutex<(failure: KafkaFailure, whileFresh: Deadline)?>(nil)
    /// What OpenSSL last had against a broker's certificate.
    private let certificateError = Atomic<Int32>(0)
    private let deliveryFailure = Mutex<Int32?>(nil)

    init(log: @escaping KafkaLog) { self.log = log }

    func takeRebalances() -> [Rebalance] {
        rebalances.withLock { noted in
            defer { noted.removeAll(keepingCapacity: true) }
            return noted
        }
    }

    /// Why the last connection that failed did so; nil where that is long ago. Connections are tried again every 10 s.
    var recentConnectionFailure: KafkaFailure? {
        connectionFailure.withLock { noted in
            noted.flatMap { $0.whileFresh.remainingMs > 0 ? $0.failure : nil }
        }
    }

    private func note(_ failure: KafkaFailure, of kind: rd_kafka_type_t) {
        if failure.code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue {
            let told = telling(failure)
            connectionFailure.withLock { $0 = (told, Deadline(afterMs: 30_000)) }
        }
        // The others were logged where they happened, and a producer that has nothing to do lets its connections go.
        if failure.code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue, kind == RD_KAFKA_CONSUMER {
            log(3, failure.description)
        }
    }

    /// The failure with what people must change about it, where that is known.
    private func telling(_ failure: KafkaFailure) -> KafkaFailure {
        guard let fault = ConnectionFault(failure.text) else { return failure }
        return KafkaFailure(
            rd_kafka_resp_err_t(failure.code), "\(fault.advice)\(details(of: fault, failure.text))", call: failure.call,
            reaction: fault.reaction ?? .unreachable)
    }

    /// librdkafka's words; of a certificate that does not hold OpenSSL's reason instead, with the broker's name.
    private func details(of fault: ConnectionFault, _ text: String) -> String {
        let error = certificateError.load(ordering: .relaxed)
        guard fault == .brokerNotTrusted, error != 0 else { return " (\(text))" }
        let broker = text.split(separator: ": ", maxSplits: 1).first ?? ""
        return ": \(CertificateDoubt.words(error)) (\(broker))"
    }

    /// The code of the first record that the brokers refused or that was given up, where deliveries are noted.
    var failedDelivery: Int32? { deliveryFailure.withLock { $0 } }

    func forgetDeliveries() { deliveryFailure.withLock { $0 = nil } }

    private func noteFailedDelivery(_ code: Int32) { deliveryFailure.withLock { $0 = $0 ?? code } }

    private func note(_ rebalance: Rebalance) { rebalances.withLock { $0.append(rebalance) } }

    private static func from(_ opaque: UnsafeMutableRawPointer?) -> ClientEvents? {
        opaque.map { Unmanaged<ClientEvents>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Makes a configuration call back here. `retained` must live as long as the client.
    static func install(_ retained: UnsafeMutableRawPointer, on configuration: OpaquePointer, kind: rd_kafka_type_t) {
        rd_kafka_conf_set_opaque(configuration, retained)
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, text in
            guard let client, let facility, let text else { return }
            let (events, kind) = (ClientEvents.from(rd_kafka_opaque(client)), String(cString: facility))
            // librdkafka tells it nowhere else.
            if kind == "SESSTMOUT" { events?.sessionTimedOut.store(true, ordering: .relaxed) }
            events?.log(level, "\(kind): \(String(cString: text))")
        }
        rd_kafka_conf_set_error_cb(configuration) { client, code, text, opaque in
            let failure = KafkaFailure(
                rd_kafka_resp_err_t(code), text.map { String(cString: $0) }, call: "connect")
            ClientEvents.from(opaque)?.note(failure, of: rd_kafka_type(client))
        }
        // Says no where OpenSSL does, and notes why.
        rd_kafka_conf_set_ssl_cert_verify_cb(configuration) { _, _, _, error, _, _, _, text, size, opaque in
            guard let error = error?.pointee else { return 0 }
            guard error != 0 else { return 1 }
            ClientEvents.from(opaque)?.certificateError.store(error, ordering: .relaxed)
            if let text { strncpy(text, CertificateDoubt.words(error), size - 1) }
            return 0
        }
        if kind == RD_KAFKA_PRODUCER {
            rd_kafka_conf_interceptor_add_on_new(
                configuration, "producer",
                { client, _, opaque, _, _ in ClientEvents.addInterceptors(to: client, opaque) }, retained)
        }
    }

    /// Makes rebalances be noted instead of carried out.
    static func noteRebalances(on configuration: OpaquePointer) {
        rd_kafka_conf_set_rebalance_cb(configuration) { client, code, partitions, opaque in
            guard let events = ClientEvents.from(opaque), let partitions else { return }
            crashPoint("rebalance")
            let list = partitions.pointee
            let numbers = (0..<Int(list.cnt)).map { list.elems[$0].partition }
            if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
                events.sessionTimedOut.store(false, ordering: .relaxed)
                events.wasAssigned.store(true, ordering: .relaxed)
                events.note(.assigned(numbers))
            } else if rd_kafka_assignment_lost(client) != 0 {
                events.note(.lost(numbers))
            } else {
                events.note(.revoked(numbers))
            }
        }
    }

    /// Makes failed records be noted. Not for a transactional producer, whose commit tells.
    static func noteDeliveries(on configuration: OpaquePointer) {
        rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
            guard let message = message?.pointee else { return }
            let code = isUnconfirmed(message) ? RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER : message.err
            if code != RD_KAFKA_RESP_ERR_NO_ERROR { ClientEvents.from(opaque)?.noteFailedDelivery(code.rawValue) }
        }
    }

    private static func addInterceptors(to client: OpaquePointer?, _ opaque: UnsafeMutableRawPointer?)
        -> rd_kafka_resp_err_t
    {
        for add in [addRequestCount, addUnconfirmedCount, addHeaders] {
            let code = add(client, opaque)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return code }
        }
        return RD_KAFKA_RESP_ERR_NO_ERROR
    }

    private static func addRequestCount(to client: OpaquePointer?, _ opaque: UnsafeMutableRawPointer?)
        -> rd_kafka_resp_err_t
    {
        rd_kafka_interceptor_add_on_request_sent(
            client, "requests",
            { _, _, _, _, key, _, _, _, opaque in
                if key == 26 || key == 28 {
                    ClientEvents.from(opaque)?.unansweredRequests.add(1, ordering: .relaxed)
                }
                if key == 26 { crashPoint("end requested") }
                if key == 0 { crashPoint("produced") }
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }, opaque)
    }

    private static func addUnconfirmedCount(to client: OpaquePointer?, _ opaque: UnsafeMutableRawPointer?)
        -> rd_kafka_resp_err_t
    {
        rd_kafka_interceptor_add_on_acknowledgement(
            client, "unconfirmed",
            { _, message, opaque in
                if let message, isUnconfirmed(message.pointee) {
                    ClientEvents.from(opaque)?.unconfirmedRecords.add(1, ordering: .relaxed)
                }
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }, opaque)
    }

    /// `rd_kafka_produce_batch` takes no headers: each message carries its block in `_private`.
    private static func addHeaders(to client: OpaquePointer?, _: UnsafeMutableRawPointer?) -> rd_kafka_resp_err_t {
        rd_kafka_interceptor_add_on_send(
            client, "headers",
            { _, message, _ in
                if let message, let block = message.pointee._private {
                    rd_kafka_message_set_headers(message, rd_kafka_headers_copy(OpaquePointer(block)))
                }
                return RD_KAFKA_RESP_ERR_NO_ERROR
            }, nil)
    }
}

/// True of a delivered record without an offset: librdkafka takes it for stored since a later one was, which does not follow
/// where the broker knew nothing of the producer.
private func isUnconfirmed(_ message: rd_kafka_message_t) -> Bool {
    message.err == RD_KAFKA_RESP_ERR_NO_ERROR && message.offset == Int64(RD_KAFKA_OFFSET_INVALID)
}
