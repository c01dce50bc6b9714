internal import CRdKafka

extension Client {
    /// Copies the outbox into the producer's queue, in its order. The code of the first record that it does not take;
    /// nil when it takes all.
    func enqueue(_ outbox: borrowing Outbox) -> rd_kafka_resp_err_t? {
        for group in outbox.groups where group.count > 0 {
            if let code = group.hasTimestamps ? enqueueOneByOne(group) : enqueueAtOnce(group) { return code }
        }
        return nil
    }

    private func enqueueAtOnce(_ group: Outbox.Group) -> rd_kafka_resp_err_t? {
        let taken = rd_kafka_produce_batch(
            topics[group.topic], group.partition, RD_KAFKA_MSG_F_COPY, group.messages, Int32(group.count))
        guard Int(taken) < group.count else { return nil }
        return group.all.first { $0.err != RD_KAFKA_RESP_ERR_NO_ERROR }?.err ?? RD_KAFKA_RESP_ERR__FAIL
    }

    /// For timestamps, which a batch does not take: a microsecond a record slower.
    private func enqueueOneByOne(_ group: Outbox.Group) -> rd_kafka_resp_err_t? {
        for message in group.all {
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
