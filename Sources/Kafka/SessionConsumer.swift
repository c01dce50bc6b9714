internal import CRdKafka
internal import Synchronization

extension Session {
    /// Adds at most `maximum` records to the batch; returns when they are there or the time is over. Serves the group:
    /// call it at least every `max.poll.interval.ms`, and `takeRebalances` after it. A failure leaves the records that
    /// came with it in the batch. Errors that pass by themselves go to the log.
    public func poll(into batch: inout RecordBatch, maximum: Int, timeoutMs: Int32) throws(KafkaFailure) {
        producer.serve(waitingMs: 0)
        var failure: KafkaFailure?
        let first = batch.count
        batch.consume(from: consumerQueue.pointer, of: consumer, maximum: maximum, timeoutMs: timeoutMs) {
            message in
            let found = consumer.failure(message.pointee.err, consumer.placedText(of: message), call: "poll")
            if Reaction.passesByItself(message.pointee.err) {
                consumer.events.log(4, found.description)
            } else {
                failure = failure ?? forgiving(found)
            }
        }
        batch.remove(from: first) { !cursors.pass($0.pointee, topic: consumer.index(of: $0.pointee.rkt)) }
        if let failure { throw failure }
    }

    /// Once the consumer is finished, that is why a call fails, whatever the call itself says.
    public func cause(of failure: KafkaFailure) -> KafkaFailure {
        guard let fatal = consumer.fatalFailure(call: failure.call) else { return failure }
        return forgiving(fatal)
    }

    /// After its session timed out, a static member of librdkafka 2.0.2 sends heartbeats without its member id, and takes
    /// the refusal for another process with its instance id.
    private func forgiving(_ failure: KafkaFailure) -> KafkaFailure {
        guard failure.reaction == .fencedInstance, consumer.events.sessionTimedOut.load(ordering: .relaxed) else {
            return failure
        }
        return KafkaFailure(
            rd_kafka_resp_err_t(failure.code), failure.text, call: failure.call, reaction: .rejoin)
    }

    /// Makes librdkafka look whether it should fetch from the leaders of these partitions of the lead topic. Once its
    /// queue was full, a broker thread of 2.0.2 sleeps for up to a second, however fast the queue is emptied (2.2.0 has a
    /// setting for it). Any request wakes it, so this asks for ends and does not wait for them. Never blocks.
    public func wakeFetching(_ partitions: [Int32]) {
        consumer.wakeFetching(
            partitions.map { TopicOffset(topic: 0, partition: $0, offset: Int64(RD_KAFKA_OFFSET_END)) })
    }

    /// What the group did since the last call, in order. Until `assign` or `unassign` answers, the group waits and
    /// fetching rests; records of a revoked partition may stand in the batch: `RecordBatch.removePartitions`.
    public func takeRebalances() -> [Rebalance] {
        consumer.events.takeRebalances()
    }

    /// Starts fetching at these places, of lead and following topics alike. Answers an assignment; an empty list too.
    public func assign(_ places: [TopicOffset]) throws(KafkaFailure) {
        let list = PartitionList(places, of: consumer.topicNames)
        try check(rd_kafka_incremental_assign(consumer.handle, list.pointer), "assign")
        cursors.move(to: places)
    }

    /// Stops fetching these partitions of the lead and all following topics. Answers a revocation or loss. Partitions
    /// that were never assigned are passed over.
    public func unassign(_ partitions: [Int32]) throws(KafkaFailure) {
        var assigned: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
        try check(rd_kafka_assignment(consumer.handle, &assigned), "unassign")
        defer { if let assigned { rd_kafka_topic_partition_list_destroy(assigned) } }
        let list = PartitionList(
            places(of: partitions).filter {
                rd_kafka_topic_partition_list_find(assigned, consumer.topicNames[$0.topic], $0.partition) != nil
            }, of: consumer.topicNames)
        try check(rd_kafka_incremental_unassign(consumer.handle, list.pointer), "unassign")
    }

    /// The group's committed offsets of these partitions of all consumed topics; `offset` is nil where it has none.
    /// Waits for transactions that are about to end, at most until the time is over.
    public func committed(_ partitions: [Int32], timeoutMs: Int32) throws(KafkaFailure) -> [CommittedOffset] {
        let list = PartitionList(places(of: partitions), of: consumer.topicNames)
        let call = "read committed offsets"
        do throws(KafkaFailure) {
            try producer.retrying(for: timeoutMs) { (remainingMs) throws(KafkaFailure) in
                try check(rd_kafka_committed(consumer.handle, list.pointer, remainingMs), call)
                if let error = list.firstError { try check(error, call) }
            }
        } catch {
            guard error.code == RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue else { throw error }
            // librdkafka asks again and again without a word.
            throw KafkaFailure(
                RD_KAFKA_RESP_ERR__TIMED_OUT,
                "none within \(timeoutMs) ms: a transaction left open on __consumer_offsets holds them back, or the group's "
                    + "coordinator is away", call: call)
        }
        return zip(places(of: partitions), list.elements).map { place, element in
            CommittedOffset(
                topic: place.topic, partition: place.partition, offset: element.offset >= 0 ? element.offset : nil)
        }
    }

    /// Throws what asks for `retry` when the group's offsets are not what they were: another member commits for these
    /// partitions.
    public func checkStill(
        _ offsets: [CommittedOffset], _ partitions: [Int32], timeoutMs: Int32
    ) throws(KafkaFailure) {
        guard try committed(partitions, timeoutMs: timeoutMs) != offsets else { return }
        throw KafkaFailure(
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, "another member commits for \(partitions)",
            call: "read committed offsets")
    }

    /// The offset behind what was polled last, also behind control records; nil when nothing was polled since the
    /// partition was assigned or sought.
    public func position(topic: Int, partition: Int32) -> Int64? {
        let list = PartitionList(
            [TopicOffset(topic: topic, partition: partition, offset: 0)], of: consumer.topicNames)
        guard rd_kafka_position(consumer.handle, list.pointer) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let element = list.elements.first, element.err == RD_KAFKA_RESP_ERR_NO_ERROR, element.offset >= 0
        else { return nil }
        return element.offset
    }

    /// Makes the next poll deliver from these places. Tries until every partition has moved or the time is over.
    public func seek(_ places: [TopicOffset], timeoutMs: Int32) throws(KafkaFailure) {
        guard !places.isEmpty else { return }
        try producer.retrying(for: timeoutMs) { (remainingMs) throws(KafkaFailure) in
            let list = PartitionList(places, of: consumer.topicNames)
            try check(rd_kafka_seek_partitions(consumer.handle, list.pointer, min(remainingMs, 1_000)), "seek")
            // Success may hide errors of single partitions.
            if let error = list.firstError { try check(error, "seek") }
        }
        cursors.move(to: places)
    }

    private func places(of partitions: [Int32]) -> [TopicOffset] {
        consumer.topicNames.indices.flatMap { topic in
            partitions.map { TopicOffset(topic: topic, partition: $0, offset: Int64(RD_KAFKA_OFFSET_INVALID)) }
        }
    }
}

/// A partition with the offset that its group committed.
public struct CommittedOffset: Sendable, Hashable {
    /// The topic's index.
    public let topic: Int
    /// The partition.
    public let partition: Int32
    /// The offset of the next record; nil where the group has none.
    public let offset: Int64?
}
