extension Writer {
    /// Writes a whole input record: what a waiting reversal keeps, and what goes to another shard.
    mutating func put(_ record: SourceRecord) {
        put(byte: record.topic.rawValue)
        putVarint(Int64(record.partition))
        putVarint(record.offset)
        putVarint(record.timestamp.microseconds)
        putOptional(record.key)
        putOptional(record.value)
        putCounted(record.headers.bytes)
    }
}

extension Reader {
    mutating func sourceRecord() throws(Malformed) -> SourceRecord {
        guard let topic = InputTopic(rawValue: try byte()), topic.holdsEvents else { throw Malformed() }
        guard let partition = Int32(exactly: try varint()) else { throw Malformed() }
        return SourceRecord(
            topic: topic, partition: partition, offset: try varint(), timestamp: Timestamp(microseconds: try varint()),
            key: try optional().bytes, value: try optional().bytes, headers: Headers(bytes: try counted()))
    }
}
