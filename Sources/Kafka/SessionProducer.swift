internal import CRdKafka
internal import Synchronization

/// Timeouts are bounds of one call: a call that ran out of time asks for `retry`, and the same call continues it.
extension Session {
    /// Fences earlier producers of the transactional id and ends their transactions. Once per producer.
    public func initTransactions(timeoutMs: Int32) throws(KafkaFailure) {
        do throws(KafkaFailure) {
            try check(rd_kafka_init_transactions(producer.handle, timeoutMs), "init transactions", .transactional)
        } catch {
            throw producer.explained(error)
        }
    }

    /// Opens a transaction and sets `unansweredRequests` to 0.
    public func begin() throws(KafkaFailure) {
        producer.events.unansweredRequests.store(0, ordering: .relaxed)
        producer.events.unconfirmedRecords.store(0, ordering: .relaxed)
        try check(rd_kafka_begin_transaction(producer.handle), "begin", .transactional)
        producer.transactionIsOpen = true
        crashPoint("begun")
    }

    /// Hands the outbox to the producer. After a failure a part of it may be on its way: abort.
    public func produce(_ outbox: borrowing Outbox) throws(KafkaFailure) {
        if let code = producer.enqueue(outbox) { throw produceFailure(code) }
    }

    /// Sends consumed offsets (of the next records) with the transaction. Refuses a list without an offset, which
    /// librdkafka would drop silently, and a consumer without a place in its group, whose offsets nobody would check.
    public func sendOffsets(_ places: [TopicOffset], timeoutMs: Int32) throws(KafkaFailure) {
        guard places.contains(where: { $0.offset >= 0 }) else {
            throw KafkaFailure(
                RD_KAFKA_RESP_ERR__INVALID_ARG, "no valid offset", call: "send offsets", reaction: .abort)
        }
        guard let metadata = rd_kafka_consumer_group_metadata(consumer.handle) else {
            throw outsideGroup()
        }
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        guard isMember(metadata) else { throw outsideGroup() }
        let list = PartitionList(places, of: consumer.topicNames)
        try check(
            rd_kafka_send_offsets_to_transaction(producer.handle, list.pointer, metadata, timeoutMs), "send offsets",
            .transactional)
        producer.events.unansweredRequests.subtract(1, ordering: .relaxed)
        crashPoint("offsets sent")
    }

    /// Waits for all that was produced and commits.
    public func commit(timeoutMs: Int32) throws(KafkaFailure) {
        crashPoint("commit begins")
        let deadline = Deadline(afterMs: timeoutMs)
        try flush(timeoutMs: timeoutMs)
        try check(rd_kafka_commit_transaction(producer.handle, deadline.remainingMs), "commit", .transactional)
        transactionHasEnded()
        crashPoint("committed")
    }

    /// Waits until the brokers have all that was produced, by their own word.
    private func flush(timeoutMs: Int32) throws(KafkaFailure) {
        let code = rd_kafka_flush(producer.handle, timeoutMs)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaFailure(code, "records are still on their way", call: "commit", reaction: .retry)
        }
        let count = producer.events.unconfirmedRecords.load(ordering: .relaxed)
        guard count == 0 else {
            throw KafkaFailure(
                RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "no broker confirmed \(count) records", call: "commit",
                reaction: .abort)
        }
    }

    /// Drops what is not yet sent and aborts; -1 waits as long as the transaction may live.
    public func abort(timeoutMs: Int32 = -1) throws(KafkaFailure) {
        try check(rd_kafka_abort_transaction(producer.handle, timeoutMs), "abort", .transactional)
        transactionHasEnded()
    }

    /// What follows the answer to an EndTxn: nothing of the transaction is on its way any more.
    private func transactionHasEnded() {
        producer.transactionIsOpen = false
        producer.events.unansweredRequests.subtract(1, ordering: .relaxed)
        producer.takeBackMemory()
    }

    /// The EndTxn and TxnOffsetCommit requests of the transaction that perhaps nobody answered: all that left, less those
    /// whose calls succeeded. Anything but 0 after a commit or abort calls for `renewProducer`: one that arrives late could
    /// end the next transaction (KAFKA-17754), or take its offsets back.
    public var unansweredRequests: Int {
        producer.events.unansweredRequests.load(ordering: .relaxed)
    }

    private func produceFailure(_ code: rd_kafka_resp_err_t) -> KafkaFailure {
        let (fatal, text) = withErrorText { rd_kafka_fatal_error(producer.handle, $0, $1) }
        if fatal != RD_KAFKA_RESP_ERR_NO_ERROR {
            return KafkaFailure(
                fatal, text, call: "produce", reaction: Reaction.to(fatal, flags: .fatal, in: .transactional))
        }
        return KafkaFailure(
            code, call: "produce", reaction: Reaction.to(code, flags: .requiresAbort, in: .transactional))
    }

    private func outsideGroup() -> KafkaFailure {
        KafkaFailure(
            RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, "the consumer has no member id or generation", call: "send offsets",
            reaction: .abort)
    }

    /// librdkafka 2.0.2 has no accessors: its written form is a magic word, the generation, then the group and member
    /// ids, each ended by 0.
    private func isMember(_ metadata: OpaquePointer) -> Bool {
        var written: UnsafeMutableRawPointer?
        var size = 0
        let error = rd_kafka_consumer_group_metadata_write(metadata, &written, &size)
        guard error == nil, let written else {
            rd_kafka_error_destroy(error)
            return false
        }
        defer { rd_kafka_mem_free(consumer.handle, written) }
        return GroupPlace(written: UnsafeRawBufferPointer(start: written, count: size))?.isMember ?? false
    }
}

/// A consumer's place in its group, as librdkafka writes its metadata.
struct GroupPlace {
    let generation: Int32
    let memberIDBytes: Int

    /// A member that the coordinator knows; other offsets would be stored unchecked.
    var isMember: Bool { generation >= 0 && memberIDBytes > 0 }

    init?(written bytes: UnsafeRawBufferPointer) {
        let magic: StaticString = "CGMDv2:"
        let ids = magic.utf8CodeUnitCount + 4
        guard bytes.count > ids, bytes.starts(with: UnsafeRawBufferPointer(start: magic.utf8Start, count: 7)) else {
            return nil
        }
        let texts = bytes[ids...].split(separator: 0, omittingEmptySubsequences: false)
        guard texts.count >= 2 else { return nil }
        generation = bytes.loadUnaligned(fromByteOffset: magic.utf8CodeUnitCount, as: Int32.self)
        memberIDBytes = texts[1].count
    }
}
