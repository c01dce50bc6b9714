internal import CRdKafka

/// The next offset to hand out of each partition. librdkafka may deliver a record again when a rebalance pauses the
/// partition just as the record is taken.
final class Cursors {
    /// By topic, then by partition.
    private var offsets: [[Int64]] = []

    /// Starts partitions anew, at an assignment or a seek.
    func move(to places: [TopicOffset]) {
        for place in places { set(max(place.offset, 0), topic: place.topic, partition: Int(place.partition)) }
    }

    /// Whether a record is new; then its partition moves behind it.
    func pass(_ record: rd_kafka_message_t, topic: Int) -> Bool {
        let partition = Int(record.partition)
        guard topic < offsets.count, partition < offsets[topic].count else { return false }
        guard record.offset >= offsets[topic][partition] else { return false }
        offsets[topic][partition] = record.offset + 1
        return true
    }

    private func set(_ offset: Int64, topic: Int, partition: Int) {
        while offsets.count <= topic { offsets.append([]) }
        while offsets[topic].count <= partition { offsets[topic].append(0) }
        offsets[topic][partition] = offset
    }
}
