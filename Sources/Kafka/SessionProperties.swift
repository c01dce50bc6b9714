/// The properties of a session's two clients: defaults beneath the user's, and on top what exactly-once rests on.
enum SessionProperties {
    static func consumer(_ user: ClientProperties, group: String, instance: String?) -> ClientProperties {
        let defaults: ClientProperties = [
            "session.timeout.ms": "10000",
            "socket.nagle.disable": "true",
            // A full prefetch queue stops fetching, for up to a second before librdkafka 2.2.
            "queued.min.messages": "50000",
            // What a fetch brings of each partition lies unpacked in memory.
            "fetch.message.max.bytes": "262144",
        ]
        var properties = defaults.overlaid(with: user).overlaid(with: [
            "group.id": group,
            "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
            "isolation.level": "read_committed",
            "partition.assignment.strategy": "cooperative-sticky",
            // Every start offset is given: an offset that is out of the log must never be replaced silently.
            "auto.offset.reset": "error",
        ])
        if let instance { properties["group.instance.id"] = instance }
        return properties
    }

    static func producer(_ user: ClientProperties, transactionalID: String) -> ClientProperties {
        let defaults: ClientProperties = [
            "transaction.timeout.ms": "10000",
            "compression.codec": "lz4",
            // A transaction's commit sends at once. What leaves before is a part of a batch only, and the broker thread of
            // librdkafka 2.0.2 spins while the rest waits behind it.
            "linger.ms": "1000",
            "socket.nagle.disable": "true",
            "retry.backoff.ms": "1",
            // `send offsets` asks three times for the group's coordinator and then waits until a connection comes or goes,
            // whatever its timeout: let idle ones go.
            "connections.max.idle.ms": "10000",
            // A batch is bounded by its input, so the queue must hold whatever it puts out.
            "queue.buffering.max.messages": "2000000",
            // A subscriber's record in the changelog may have 8 MiB.
            "message.max.bytes": "10485760",
        ]
        return defaults.overlaid(with: user).overlaid(with: [
            "transactional.id": transactionalID,
            "enable.idempotence": "true",
            "acks": "all",
        ])
    }
}
