import TestSupport

/// Collects what is wrong with one record.
struct Check {
    let what: String
    let record: TestRecord
    let json: JSON
    private(set) var problems: [String] = []

    init(_ what: String, _ record: TestRecord) {
        self.what = what
        self.record = record
        json = record.value.flatMap(JSON.init) ?? .null
    }

    mutating func add(_ problem: String) { problems.append("\(what): \(problem)") }

    mutating func equal<Value: Equatable>(_ name: String, _ actual: Value, _ expected: Value) {
        if actual != expected { add("\(name) is \(actual), expected \(expected)") }
    }

    /// The members that every message of the worker has.
    mutating func envelope(_ id: String, _ command: ExpectedCommand, _ campaign: OracleCampaign) {
        var wanted: [JSON.Member] = [
            .init(name: "specversion", value: .string("1.0")), .init(name: "id", value: .string(id)),
            .init(name: "source", value: .string("/recharge-worker/\(campaign.name)")),
            .init(name: "type", value: .string(command.type)),
            .init(name: "subject", value: .string(command.subject)),
        ]
        if let traceparent = command.traceparent {
            wanted.append(.init(name: "traceparent", value: .string(traceparent)))
        }
        for member in wanted { equal(member.name, json[member.name], member.value) }
        let known = Set(wanted.map(\.name)).union(["time", "data", "datacontenttype"])
        for name in json.names.subtracting(known).sorted() { add("member \(name) is not of the contract") }
        equal("content-type", record.header("content-type"), "application/cloudevents+json")
        if (record.value?.count ?? 0) > 65_536 { add("is larger than 64 KiB") }
    }

    /// The key is the number, the partition the number's.
    mutating func place(_ number: String, _ partitions: Int32) {
        equal("key", record.keyText, number)
        equal("partition", record.partition, SubscriberNumber.partition(of: number, among: partitions))
    }

    /// An instant in the one spelling that the worker writes.
    mutating func instant(_ name: String, _ member: JSON?) -> Int64? {
        guard let text = member?.string, let instant = try? ChinaTime.parse(text), ChinaTime.text(instant) == text
        else {
            add("\(name) is \(String(describing: member)), no instant as the contract writes them")
            return nil
        }
        return instant
    }

    /// Exactly these members.
    mutating func members(of object: JSON?, are wanted: [JSON.Member], besides other: String? = nil) {
        for member in wanted { equal(member.name, object?[member.name], member.value) }
        let known = Set(wanted.map(\.name)).union(other.map { [$0] } ?? [])
        guard problems.isEmpty else { return }
        for name in (object?.names ?? []).subtracting(known).sorted() { add("member \(name) is not of the contract") }
    }
}
