import Foundation
import Oracle
import Synchronization
import TestSupport

/// Follows a run's committed outputs and offsets while it goes, as billing would: with `read_committed`.
///
/// A transaction is whole if at no moment anything is seen whose event is not consumed yet, and nothing of what a consumed
/// event must bring is missing. Copies need no look while the run goes: they stay, and `CampaignRun.problems` finds them.
final class OutputWatch: Sendable {
    private let bootstrapServers: String
    private let prefix: String
    private let group: String
    private let isEnding = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)
    private let seen = Mutex<Result<Sightings, any Error>>(.success(Sightings()))

    /// Begins to watch, on a thread of its own.
    init(_ run: CampaignRun) {
        bootstrapServers = run.server.bootstrapServers
        prefix = run.prefix
        group = run.group
        Thread.detachNewThread { [self] in
            let result = Result { try follow() }
            seen.withLock { $0 = result }
            hasEnded.signal()
        }
    }

    /// Looks a last time, and ends.
    func end() throws -> Sightings {
        isEnding.store(true, ordering: .relaxed)
        guard hasEnded.wait(timeout: .now() + 90) == .success else {
            throw TestFailure("the watch of \(prefix)* did not end within 90 s")
        }
        return try seen.withLock { try $0.get() }
    }

    private func follow() throws -> Sightings {
        let offsets = try GroupOffsets(bootstrapServers: bootstrapServers, group: group)
        let readers = try CampaignRun.outputs.map {
            try TestReader(bootstrapServers: bootstrapServers, topic: prefix + $0)
        }
        var sightings = Sightings()
        var isLast: Bool
        repeat {
            isLast = isEnding.load(ordering: .relaxed)
            let before = try committed(offsets)
            let written = try CampaignRun.outputs.map {
                try offsets.uncommittedEnds(prefix + $0, partitions: CampaignRun.partitions)
            }
            for reader in readers { try reader.readToEnd() }
            let counts = readers.map(\.records.count)
            sightings.looks.append(
                .init(before: before, written: written, counts: counts, after: try committed(offsets)))
            offsets.pause()
        } while !isLast
        sightings.records = readers.map(\.records)
        return sightings
    }

    private func committed(_ offsets: GroupOffsets) throws -> [[Int64]] {
        try CampaignRun.inputs.map { try offsets.committed(prefix + $0, partitions: CampaignRun.partitions) }
    }
}

/// What a watch saw, look by look.
struct Sightings: Sendable {
    struct Look: Sendable {
        /// The committed offsets of each input before the outputs were read, and after.
        let before: [[Int64]]
        /// The end of each partition of each output, asked once `before` was known; with what open transactions wrote.
        let written: [[Int64]]
        /// How many records of each output had been read.
        let counts: [Int]
        let after: [[Int64]]
    }

    /// An input record's place: the input's index in `CampaignRun.inputs`, partition and offset.
    private struct Place: Hashable {
        let input: Int
        let partition: Int
        let offset: Int64
    }

    var looks: [Look] = []
    /// Of each output in `CampaignRun.outputs`, in the order they were read.
    var records: [[TestRecord]] = []

    /// How many committed records were seen.
    var count: Int { records.reduce(0) { $0 + $1.count } }

    /// Everything that was seen too early or missing for a time, and offsets that went back.
    func problems(_ run: CampaignRun) throws -> [String] {
        let inputs = try CampaignRun.inputs.map { try run.read($0) }
        let causes = causes(inputs)
        let names = records.map { $0.map { name(of: $0, run.prefix) } }
        return offsetsThatWentBack() + tooEarly(names, causes, run.prefix)
            + missing(names, try expected(run, causes))
    }

    private func offsetsThatWentBack() -> [String] {
        let all = looks.flatMap { [$0.before, $0.after] }
        return zip(all, all.dropFirst()).flatMap { earlier, later in
            CampaignRun.inputs.indices.flatMap { input in
                zip(earlier[input], later[input]).filter { $1 < $0 }.map {
                    "the group's offset on \(CampaignRun.inputs[input]) went back from \($0) to \($1)"
                }
            }
        }
    }

    /// A transaction was torn: its outputs were committed, its offsets not yet.
    private func tooEarly(_ names: [[String]], _ causes: [String: [Place]], _ prefix: String) -> [String] {
        let consumed = consumed(\.after)
        return records.indices.flatMap { output in
            zip(names[output], looksOfSight(output)).compactMap { name, sight in
                let places = causes[event(of: name)] ?? place(ofLetter: name, prefix).map { [$0] } ?? []
                let isDue = places.contains { consumed($0) <= sight }
                return isDue ? nil : "\(name) was seen before its event was consumed"
            }
        }
    }

    /// A transaction was torn: its offsets were committed when its outputs were not even written. Such as are written may
    /// be seen a little later than the offsets: each partition has a marker of its own.
    private func missing(_ names: [[String]], _ expected: [(output: Int, name: String, causes: [Place])]) -> [String] {
        let consumed = consumed(\.before)
        let found = records.indices.map { output in
            Dictionary(zip(names[output], records[output])) { first, _ in first }
        }
        return expected.compactMap { output, name, causes in
            guard let due = causes.map(consumed).max(), due < looks.count else { return nil }
            let isThere = found[output][name].map { $0.offset < looks[due].written[output][Int($0.partition)] }
            return isThere == true ? nil : "\(name) was not there when its event was consumed"
        }
    }

    /// For each record of an output, in which look it was first seen.
    private func looksOfSight(_ output: Int) -> [Int] {
        var sights: [Int] = []
        for (index, look) in looks.enumerated() {
            sights += repeatElement(index, count: look.counts[output] - sights.count)
        }
        return sights
    }

    /// In which look an input record was first consumed; behind the last look if never.
    private func consumed(_ offsets: KeyPath<Look, [[Int64]]>) -> (Place) -> Int {
        let partitions = Int(CampaignRun.partitions)
        var first = [[[Int]]](repeating: .init(repeating: [], count: partitions), count: CampaignRun.inputs.count)
        for (index, look) in looks.enumerated() {
            for (input, ends) in look[keyPath: offsets].enumerated() {
                for (partition, end) in ends.enumerated() {
                    let more = max(0, Int(end) - first[input][partition].count)
                    first[input][partition] += repeatElement(index, count: more)
                }
            }
        }
        return { place in
            let looks = first[place.input][place.partition]
            return place.offset < looks.count ? looks[Int(place.offset)] : self.looks.count
        }
    }

    /// What a shard must write with the very transaction that consumes the event: letters, and gifts of recharges, but for
    /// those that go by mail to another shard.
    private func expected(_ run: CampaignRun, _ causes: [String: [Place]]) throws
        -> [(output: Int, name: String, causes: [Place])]
    {
        let (oracle, outcomes) = try run.judge(afterGrace: false)
        let letters = outcomes.flatMap(\.letters).filter { $0.partition == $0.record.partition }.compactMap { letter in
            place(ofLetter: letter.id, run.prefix).map { (output: 2, name: letter.id, causes: [$0]) }
        }
        let gifts = oracle.rechargeGifts.values.filter { !$0.lines.isEmpty }.compactMap { gift in
            let home = Int(SubscriberNumber.partition(of: gift.subject, among: CampaignRun.partitions))
            let places = causes[event(of: gift.id)] ?? []
            return places.allSatisfy { $0.partition == home } ? (output: 0, name: gift.id, causes: places) : nil
        }
        return letters + gifts
    }

    /// The places of the records with an event's id, by input and id.
    private func causes(_ inputs: [[TestRecord]]) -> [String: [Place]] {
        var causes: [String: [Place]] = [:]
        for (input, records) in inputs.enumerated() {
            for record in records {
                guard let id = record.value.flatMap(JSON.init)?["id"]?.string else { continue }
                causes["\(input)/\(id)", default: []].append(
                    Place(input: input, partition: Int(record.partition), offset: record.offset))
            }
        }
        return causes
    }

    /// A command's or SMS' id, or a letter's.
    private func name(of record: TestRecord, _ prefix: String) -> String {
        switch record.topic {
        case prefix + "dead-letters": record.header("recharge.letter.id") ?? "a letter without an id"
        case prefix + "dead-letter-status": record.keyText ?? "a status without a letter"
        default: record.value.flatMap(JSON.init)?["id"]?.string ?? "a command without an id"
        }
    }

    /// `recharge/<event id>/gift` and `recharge/<event id>/gift/sms` come of the event `0/<event id>`.
    private func event(of command: String) -> String {
        var parts = command.split(separator: "/", omittingEmptySubsequences: false)
        if parts.last == "sms" { parts.removeLast() }
        let input = parts.first == "assist" ? 1 : 0
        return "\(input)/" + parts.dropFirst().dropLast().joined(separator: "/")
    }

    private func place(ofLetter id: String, _ prefix: String) -> Place? {
        let parts = id.split(separator: "/")
        guard parts.count == 3, let input = CampaignRun.inputs.firstIndex(where: { prefix + $0 == parts[0] }),
            let partition = Int(parts[1]), let offset = Int64(parts[2])
        else { return nil }
        return Place(input: input, partition: partition, offset: offset)
    }
}
