/// A shard's changelog: a record for each subscriber (key: the number), for each hour of totals, for the campaign file
/// that last ran, and the shard's own.
extension Shard {
    static var ownKey: Bytes { Bytes("shard") }
    static var campaignKey: Bytes { Bytes("campaign") }
    private static var hourKey: Bytes { Bytes("hour/") }
    private static let campaignVersion: UInt8 = 1

    /// True when there is something to write.
    public var hasChanges: Bool {
        subscribers.hasChanges || totals.hasChanges || stagedRecord != record || !firing.isEmpty
            || keptCampaign != campaign.source
    }

    /// Calls `body` with each record that the batch's transaction must carry. Key and value live during the call.
    public func forEachChange(_ body: (OutputTopic, Bytes, Bytes) -> Void) {
        var key = Writer(capacity: 64)
        var value = Writer(capacity: 1024)
        subscribers.forEachChange { number, record in
            key.removeAll()
            key.put(number)
            body(.state, key.bytes, record)
        }
        totals.forEachChange { hour, totals in
            key.removeAll()
            key.put(Self.hourKey)
            key.putDecimal(hour)
            value.removeAll()
            totals.write(to: &value)
            body(.state, key.bytes, value.bytes)
            key.removeAll()
            key.putDecimal(Int64(partition))
            key.put("/")
            key.putHour(hour)
            value.removeAll()
            value.putJSON(totals, partition: partition, hour: hour, campaign: campaign.campaign)
            body(.stats, key.bytes, value.bytes)
        }
        if keptCampaign != campaign.source {
            value.removeAll()
            value.put(byte: Self.campaignVersion)
            value.put(text: campaign.source)
            body(.state, Self.campaignKey, value.bytes)
        }
        value.removeAll()
        stagedRecord.write(to: &value)
        body(.state, Self.ownKey, value.bytes)
    }

    /// Adopts what the batch changed: its transaction is committed.
    public func commit() {
        subscribers.commit { number, before, after in
            let deadline = SubscriberRecord.deadline(of: after)
            guard deadline != SubscriberRecord.noDeadline else { return }
            if before.map({ SubscriberRecord.deadline(of: $0) }) != deadline { deadlines.insert(deadline, number) }
        }
        totals.commit()
        record = stagedRecord
        keptCampaign = campaign.source
        firing.removeAll(keepingCapacity: true)
    }

    /// Forgets what the batch changed: its transaction is aborted.
    public func rollback() {
        subscribers.rollback()
        totals.rollback()
        stagedRecord = record
        for due in firing { deadlines.insert(due.deadline, due.number) }
        firing.removeAll(keepingCapacity: true)
    }

    /// Takes in a record of the changelog; they come in the log's order.
    public func restore(key: Bytes, value: Bytes) throws(StateError) {
        do throws(Reader.Malformed) {
            if key.count == 11, let number = PhoneNumber(key) {
                guard value.count > 0, value[0] == SubscriberRecord.version else { throw Reader.Malformed() }
                subscribers.restore(value, of: number)
            } else if key == Self.ownKey {
                record = try ShardRecord(value)
            } else if key == Self.campaignKey {
                keptCampaign = try Self.campaignText(value)
            } else if key.slice(0, Self.hourKey.count) == Self.hourKey {
                guard let hour = Int64(key.slice(Self.hourKey.count, key.count).text) else { throw Reader.Malformed() }
                totals.restore(try HourlyTotals(value), ofHour: hour)
            } else {
                throw Reader.Malformed()
            }
        } catch {
            throw .unreadable("a record of campaign-state")
        }
    }

    /// The campaign file's text in the changelog's form.
    static func campaignText(_ value: Bytes) throws(Reader.Malformed) -> String {
        guard value.count > 0, value[0] == campaignVersion else { throw Reader.Malformed() }
        return value.slice(1, value.count).text
    }

    /// False when another campaign file, or none, ran last: then all shards' states are to be asked (`StateSurvey`).
    public var hasRunWithThisFile: Bool { keptCampaign == campaign.source }

    /// Ends the restore: holds what was restored against the topics, and finds the deadlines.
    public func finishRestore(partitionCount: Int32) throws(StateError) {
        guard record.partitionCount == partitionCount else {
            throw .otherPartitionCount(kept: record.partitionCount, found: partitionCount)
        }
        stagedRecord = record
        var found: [(Timestamp, PhoneNumber)] = []
        subscribers.forEachCommitted { number, kept in
            let deadline = SubscriberRecord.deadline(of: kept)
            if deadline != SubscriberRecord.noDeadline { found.append((deadline, number)) }
        }
        for (deadline, number) in found { deadlines.insert(deadline, number) }
    }
}
