internal import CRdKafka
internal import Glibc
internal import Synchronization

/// Owns one librdkafka handle with its topics and its consumer queue. Used on one thread.
final class Client {
    let handle: OpaquePointer
    let events: ClientEvents
    /// In the order of the names given; a topic is named by its index here.
    let topics: [OpaquePointer]
    let topicNames: [String]
    private let isGroupMember: Bool
    private let retainedEvents: UnsafeMutableRawPointer
    /// The memory that queued records stand in: librdkafka reads it until they are delivered or dropped.
    var lent: [Arena] = []
    /// A producer's transaction has begun and was neither committed nor aborted.
    var transactionIsOpen = false

    init(
        _ kind: rd_kafka_type_t, _ properties: ClientProperties, topics names: [String], log: @escaping KafkaLog,
        isGroupMember: Bool = false, notesDeliveries: Bool = false
    ) throws(KafkaFailure) {
        let events = ClientEvents(log: properties.filtering(log))
        let configuration = try properties.tellingWarnings.configuration()
        let retained = Unmanaged.passRetained(events).toOpaque()
        ClientEvents.install(retained, on: configuration, kind: kind)
        if isGroupMember { ClientEvents.noteRebalances(on: configuration) }
        if notesDeliveries { ClientEvents.noteDeliveries(on: configuration) }
        let (created, text) = withErrorText { text, size in rd_kafka_new(kind, configuration, text, size) }
        guard let handle = created else {
            rd_kafka_conf_destroy(configuration)
            Unmanaged<ClientEvents>.fromOpaque(retained).release()
            throw .configuration(properties.explaining(text))
        }
        self.events = events
        self.retainedEvents = retained
        self.handle = handle
        self.topicNames = names
        self.isGroupMember = isGroupMember
        self.topics = names.compactMap { rd_kafka_topic_new(handle, $0, nil) }
        guard topics.count == names.count else { throw KafkaFailure(rd_kafka_last_error(), call: "open topics") }
    }

    /// Makes librdkafka look whether it should fetch, by asking about these ends and not waiting for an answer: where its
    /// queue was full it sleeps up to a second. Never blocks.
    func wakeFetching(_ ends: [TopicOffset]) {
        guard !ends.isEmpty else { return }
        let list = PartitionList(ends, of: topicNames)
        _ = rd_kafka_offsets_for_times(handle, list.pointer, 0)
    }

    deinit {
        if transactionIsOpen { giveUpTransaction() }
        for topic in topics { rd_kafka_topic_destroy(topic) }
        // librdkafka 2.0.2 ends the process when a consumer is destroyed that has joined and has had no assignment yet:
        // such a one stays, idle, until the process ends.
        guard !isGroupMember || events.wasAssigned.load(ordering: .relaxed) else { return }
        let kept = [retainedEvents] + lent.map { Unmanaged.passRetained($0).toOpaque() }
        Client.destroy(UInt(bitPattern: handle), kept: kept.map { UInt(bitPattern: $0) }, isGroupMember: isGroupMember)
    }

    /// librdkafka ends the process when it destroys a producer that is just registering a transaction's first partition;
    /// once an abort has begun it registers none. Readers then need not wait for the transaction's timeout either.
    private func giveUpTransaction() {
        rd_kafka_error_destroy(rd_kafka_abort_transaction(handle, 500))
    }

    /// Every record is delivered or dropped: nothing is read from the outboxes' memory any more.
    func takeBackMemory() { lent.removeAll(keepingCapacity: true) }

    /// The index of the topic that a consumed message names.
    func index(of topic: OpaquePointer?) -> Int {
        topics.firstIndex { $0 == topic } ?? topics.endIndex
    }

    /// What a consumed error says, with the partition that it is about.
    func placedText(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> String? {
        guard let text = rd_kafka_message_errstr(message).map({ String(cString: $0) }) else { return nil }
        let topic = index(of: message.pointee.rkt)
        guard topic < topicNames.count else { return text }
        return "\(topicNames[topic]) partition \(message.pointee.partition): \(text)"
    }

    /// Turns a message's or a call's code into a failure; `_FATAL` stands for the client's own fatal error.
    func failure(_ code: rd_kafka_resp_err_t, _ text: String? = nil, call: String) -> KafkaFailure {
        guard code == RD_KAFKA_RESP_ERR__FATAL, let fatal = fatalFailure(call: call) else {
            return KafkaFailure(code, text, call: call)
        }
        return fatal
    }

    /// The error that finished the client; nil while it works.
    func fatalFailure(call: String) -> KafkaFailure? {
        let (cause, description) = withErrorText { rd_kafka_fatal_error(handle, $0, $1) }
        guard cause != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaFailure(cause, description, call: call, reaction: Reaction.to(cause, flags: .fatal, in: .plain))
    }

    /// Says why no connection came about where nobody answered.
    func explained(_ failure: KafkaFailure) -> KafkaFailure {
        serve(waitingMs: 0)
        guard failure.reaction == .retry || failure.reaction == .unreachable,
            let cause = events.recentConnectionFailure
        else { return failure }
        let lasts = cause.reaction == .unauthorised || cause.reaction == .misconfigured
        return KafkaFailure(
            rd_kafka_resp_err_t(cause.code), cause.text, call: failure.call,
            reaction: lasts ? cause.reaction : failure.reaction)
    }

    /// Takes what librdkafka has to tell. Not for a consumer of a group: it would take its records.
    func serve(waitingMs milliseconds: Int32) {
        rd_kafka_poll(handle, milliseconds)
    }

    /// Repeats a call while its failure asks for it and time is left. Not for a consumer of a group, as
    /// `serve`.
    func retrying(
        for timeoutMs: Int32, _ call: (_ remainingMs: Int32) throws(KafkaFailure) -> Void
    ) throws(KafkaFailure) {
        let deadline = Deadline(afterMs: timeoutMs)
        while true {
            do throws(KafkaFailure) {
                return try call(max(deadline.remainingMs, 1))
            } catch {
                guard deadline.remainingMs > 0, error.reaction == .retry || error.reaction == .unreachable else {
                    throw explained(error)
                }
                serve(waitingMs: 20)
            }
        }
    }

    /// Destroying joins threads that may hang in the network, so it happens on a thread of its own and the wait for
    /// it is bounded. What its threads use, objects that are retained, is kept until then. A static member does not leave
    /// its group.
    private static func destroy(_ handle: UInt, kept: [UInt], isGroupMember: Bool) {
        let destroyed = Wakeup()
        startThread {
            let client = OpaquePointer(bitPattern: handle)
            if isGroupMember { answerRebalance(of: client) }
            rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
            for object in kept.compactMap({ UnsafeRawPointer(bitPattern: $0) }) {
                Unmanaged<AnyObject>.fromOpaque(object).release()
            }
            destroyed.signal()
        }
        destroyed.wait(atMostMs: 3_000)
    }

    /// librdkafka 2.0.2 never finishes destroying a consumer whose assignment was not answered, and spins meanwhile.
    private static func answerRebalance(of client: OpaquePointer?) {
        let none = PartitionList([], of: [])
        rd_kafka_error_destroy(rd_kafka_incremental_assign(client, none.pointer))
    }
}
