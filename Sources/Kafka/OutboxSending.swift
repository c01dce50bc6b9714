internal import CRdKafka

extension Client {
    /// Puts the outbox into the producer's queue, in its order. The code of the first record that it does not take; nil
    /// when it takes all. Values stay where they are: the client keeps the arena until `takeBackMemory`.
    func enqueue(_ outbox: borrowing Outbox) -> rd_kafka_resp_err_t? {
        lent.append(outbox.arena)
        // One record of each partition first: so all are added to the transaction at once, while the rest is queued.
        for group in outbox.groups where group.count > 0 {
            if let code = enqueue(group, 0..<1) { return code }
        }
        for group in outbox.groups where group.count > 1 {
            if let code = enqueue(group, 1..<group.count) { return code }
        }
        return nil
    }

    private func enqueue(_ group: Outbox.Group, _ range: Range<Int>) -> rd_kafka_resp_err_t? {
        let messages = UnsafeMutableBufferPointer(start: group.messages + range.lowerBound, count: range.count)
        return group.hasTimestamps ? enqueueOneByOne(messages, group) : enqueueAtOnce(messages, group)
    }

    private func enqueueAtOnce(
        _ messages: UnsafeMutableBufferPointer<rd_kafka_message_t>, _ group: Outbox.Group
    ) -> rd_kafka_resp_err_t? {
        let taken = rd_kafka_produce_batch(
            topics[group.topic], group.partition, 0, messages.baseAddress, Int32(messages.count))
        guard Int(taken) < messages.count else { return nil }
        return messages.first { $0.err != RD_KAFKA_RESP_ERR_NO_ERROR }?.err ?? RD_KAFKA_RESP_ERR__FAIL
    }

    /// For timestamps, which a batch does not take: a microsecond a record slower.
    private func enqueueOneByOne(
        _ messages: UnsafeMutableBufferPointer<rd_kafka_message_t>, _ group: Outbox.Group
    ) -> rd_kafka_resp_err_t? {
        for message in messages {
            var arguments = arguments(of: message, group)
            guard let error = rd_kafka_produceva(handle, &arguments, arguments.count) else { continue }
            defer { rd_kafka_error_destroy(error) }
            return rd_kafka_error_code(error)
        }
        return nil
    }

    private func arguments(of message: rd_kafka_message_t, _ group: Outbox.Group) -> [rd_kafka_vu_t] {
        func argument(_ kind: rd_kafka_vtype_t, _ set: (inout rd_kafka_vu_t) -> Void) -> rd_kafka_vu_t {
            var argument = rd_kafka_vu_t()
            argument.vtype = kind
            set(&argument)
            return argument
        }
        var arguments = [
            argument(RD_KAFKA_VTYPE_RKT) { $0.u.rkt = topics[group.topic] },
            argument(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = group.partition },
            argument(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = RD_KAFKA_MSG_F_COPY },
            argument(RD_KAFKA_VTYPE_VALUE) {
                $0.u.mem.ptr = message.payload
                $0.u.mem.size = message.len
            },
            argument(RD_KAFKA_VTYPE_KEY) {
                $0.u.mem.ptr = message.key
                $0.u.mem.size = message.key_len
            },
            // The interceptor makes headers of it, as in a batch.
            argument(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = message._private },
        ]
        if message.offset >= 0 { arguments.append(argument(RD_KAFKA_VTYPE_TIMESTAMP) { $0.u.i64 = message.offset }) }
        return arguments
    }
}
