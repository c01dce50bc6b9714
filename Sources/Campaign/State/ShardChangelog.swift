/// A shard's changelog: a record for each subscriber (key: the number), for each open letter about an input record, for
/// each hour of totals, for the campaign file that last ran, and the shard's own.
extension Shard {
    static var ownKey: Bytes { Bytes("shard") }
    static var campaignKey: Bytes { Bytes("campaign") }
    private static var hourKey: Bytes { Bytes("hour/") }
    private static let campaignVersion: UInt8 = 1

    /// True when there is something to write.
    public var hasChanges: Bool {
        subscribers.hasChanges || letters.hasChanges || totals.hasChanges || stagedRecord != record
            || !firing.isEmpty || keptCampaign != campaign.source
    }

    /// Calls `body` with each record that the batch's transaction must carry; its value is nil for what is gone. Key and
    /// value live during the call.
    public func forEachChange(_ body: (OutputTopic, Bytes, Bytes?) -> Void) {
        var key = Writer(capacity: 64)
        var value = Writer(capacity: 1024)
        subscribers.forEachChange { number, record in
            key.removeAll()
            key.put(number)
            body(.state, key.bytes, record)
        }
        letters.forEachChange { place, entry in
            key.removeAll()
            place.writeKey(to: &key)
            value.removeAll()
            entry?.write(to: &value)
            body(.state, key.bytes, entry == nil ? nil : value.bytes)
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
        subscribers.commit { number, before, after in noteDeadlines(of: number, before, after) }
        letters.commit()
        totals.commit()
        record = stagedRecord
        keptCampaign = campaign.source
        firing.removeAll()
    }

    private func noteDeadlines(of number: PhoneNumber, _ before: Bytes?, _ after: Bytes) {
        let deadline = SubscriberRecord.giftDeadline(of: after)
        if deadline != SubscriberRecord.noDeadline, before.map({ SubscriberRecord.giftDeadline(of: $0) }) != deadline {
            giftDeadlines.insert(deadline, number)
        }
        guard SubscriberRecord.waitsForEndOfGrace(after) else { return }
        if before.map({ SubscriberRecord.waitsForEndOfGrace($0) }) != true {
            graceEnds.insert(campaign.window.lastPublication, number)
        }
    }

    /// Forgets what the batch changed: its transaction is aborted.
    public func rollback() {
        subscribers.rollback()
        letters.rollback()
        totals.rollback()
        stagedRecord = record
        for due in firing.gifts { giftDeadlines.insert(due.deadline, due.number) }
        for due in firing.graceEnds { graceEnds.insert(due.deadline, due.number) }
        firing.removeAll()
    }

    /// Takes in a record of the changelog, without a value where something is gone; they come in the log's order.
    public func restore(key: Bytes, value: Bytes?) throws(StateError) {
        do throws(Reader.Malformed) {
            if let place = try RecordPlace(key: key) {
                return letters.restore(
                    try value.map { (value) throws(Reader.Malformed) in try LetterTable.Entry(value) }, of: place)
            }
            guard let value else { throw Reader.Malformed() }
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

    /// True when the changelog has nothing of this shard: its first transaction, before any command, writes its own record.
    public var isNew: Bool { record.positions.allSatisfy { $0 == nil } }

    /// Ends the restore: holds what was restored against the topics, and finds the deadlines.
    public func finishRestore(partitionCount: Int32) throws(StateError) {
        guard record.partitionCount == partitionCount else {
            throw .otherPartitionCount(kept: record.partitionCount, found: partitionCount)
        }
        stagedRecord = record
        var late: [DeadlineIndex.Hint] = []
        subscribers.forEachCommitted { number, kept in
            let deadline = SubscriberRecord.giftDeadline(of: kept)
            if deadline != SubscriberRecord.noDeadline { late.append(.init(deadline: deadline, number: number)) }
            if SubscriberRecord.waitsForEndOfGrace(kept) { graceEnds.insert(campaign.window.lastPublication, number) }
        }
        late.sort { $0.deadline < $1.deadline }
        for hint in late { giftDeadlines.insert(hint.deadline, hint.number) }
    }
}
