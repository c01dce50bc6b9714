import Campaign
import Foundation
import TestSupport
import Worker

/// What of the events is for warming up: the state is filled and buffers have grown.
private let warmShare = 2

/// Prints what an event costs without a broker, stage by stage.
///
/// `Tests/bench` has callgrind count from the call of `measured` to that of `report`: both must stay functions.
func measureOffline(_ options: Options) throws {
    let campaign = try CampaignFile.load(benchFolder + "/campaign.yaml")
    var source = BenchEvents(subscribers: options.subscribers, isHot: options.isHot)
    let inputs = (0..<options.events).map { _ in OfflineLane.Input(source.next()) }
    var lane = OfflineLane(campaign)
    let now = Clock.now()
    let warm = inputs.count / warmShare
    try run(&lane, inputs[..<warm], now)
    lane.restartClock()
    let nanoseconds = try measured(&lane, inputs[warm...], now)
    // Freed behind the report.
    withExtendedLifetime(inputs) { report(lane, events: inputs.count - warm, nanoseconds: nanoseconds) }
}

@inline(never) private func measured(
    _ lane: inout OfflineLane, _ inputs: ArraySlice<OfflineLane.Input>, _ now: Timestamp
) throws -> Int64 {
    let started = nanoseconds()
    try run(&lane, inputs, now)
    return nanoseconds() - started
}

private func run(_ lane: inout OfflineLane, _ inputs: ArraySlice<OfflineLane.Input>, _ now: Timestamp) throws {
    let batch = 10_000
    for start in stride(from: inputs.startIndex, to: inputs.endIndex, by: batch) {
        try lane.run(inputs[start..<min(start + batch, inputs.endIndex)], now: now)
    }
}

@inline(never) private func report(_ lane: borrowing OfflineLane, events: Int, nanoseconds: Int64) {
    func perEvent(_ sum: Int64) -> String { rounded(Double(sum) / Double(events), 0) }
    let stages = lane.stages
    print("events measured            \(events)")
    print("nanoseconds an event       \(perEvent(nanoseconds)), clock reading included")
    print("  decode                   \(perEvent(stages.decode))")
    print("  decide                   \(perEvent(stages.decide))")
    print("  encode, outbox           \(perEvent(stages.encode))")
    print("  changelog, outbox        \(perEvent(stages.changelog))")
    print("  adopt                    \(perEvent(stages.commit))")
    for topic in OutputTopic.allCases where lane.produced[topic.rawValue] > 0 {
        let share = Double(lane.produced[topic.rawValue]) / Double(events)
        print("records out an event       \(rounded(share)) \(topic)")
    }
}

extension OfflineLane.Input {
    init(_ record: BenchEvents.Record) {
        key = Array(record.key.utf8)
        value = Array(record.value.utf8)
        topic = record.topic == "recharge-events" ? .recharges : .assists
        let number = key.withUnsafeBytes { PhoneNumber(Bytes($0)) }
        partition = number?.partition(of: OfflineLane.partitions) ?? 0
    }
}
