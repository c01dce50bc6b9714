/// What the changelogs of all shards say together: how many partitions the campaign began with, the file that each shard
/// last ran with, and up to which event it is decided.
///
/// A changed file is judged by all of them before any shard goes on with it: a shard that decided nothing yet would take
/// what another must refuse.
public struct StateSurvey {
    private var records: [Int32: ShardRecord] = [:]
    private var campaigns: [Int32: String] = [:]

    /// Nothing is known yet.
    public init() {}

    /// The partition count that the campaign began with; nil when it has not begun.
    public var partitionCount: Int32? { records.values.first?.partitionCount }

    /// Takes in a record of the changelog; they come in each partition's order. Most say nothing here.
    public mutating func note(partition: Int32, key: Bytes, value: Bytes?) throws(StateError) {
        guard let value else { return }
        do throws(Reader.Malformed) {
            if key == Shard.ownKey {
                records[partition] = try ShardRecord(value)
            } else if key == Shard.campaignKey {
                campaigns[partition] = try Shard.campaignText(value)
            }
        } catch {
            throw .unreadable("a record of campaign-state")
        }
    }

    /// Throws when the topics' partition count or the campaign file may not go on with this state.
    public func check(_ campaign: CampaignFile, partitionCount: Int32) throws(StateError) {
        for record in records.values where record.partitionCount != partitionCount {
            throw .otherPartitionCount(kept: record.partitionCount, found: partitionCount)
        }
        let decidedUntil = records.values.compactMap(\.decidedUntil).max()
        for text in Set(campaigns.values) where text != campaign.source {
            let kept: CampaignFile
            do throws(CampaignProblems) {
                kept = try CampaignFile.read(kept: text)
            } catch {
                throw .unreadable("the campaign file that campaign-state keeps")
            }
            let problems = campaign.changes(from: kept, decidedUntil: decidedUntil)
            guard problems.isEmpty else { throw .refusedCampaign(problems.map(\.description)) }
        }
    }
}
