@testable import Campaign

/// The JSON of an event, member by member, so that a test can change one and keep the rest.
struct EventText: Sendable {
    /// Names and values of the envelope but `data`; values as JSON.
    var envelope: [(name: String, json: String)]
    /// Names and values of `data`.
    var data: [(name: String, json: String)]

    init(id: String, type: String, time: String, subject: String, data: [(String, String?)]) {
        envelope = [
            ("specversion", "\"1.0\""), ("id", quoted(id)), ("source", "\"/billing\""), ("type", quoted(type)),
            ("time", quoted(time)), ("subject", quoted(subject)),
        ]
        self.data = data.compactMap { name, json in json.map { (name, $0) } }
    }

    /// The same event with one member set: `time`, or `data.amountFen` for one of `data`. Nil takes it away.
    func with(_ path: String, _ json: String?) -> EventText {
        var changed = self
        if path.hasPrefix("data.") {
            Self.set(&changed.data, String(path.dropFirst(5)), json)
        } else {
            Self.set(&changed.envelope, path, json)
        }
        return changed
    }

    private static func set(_ members: inout [(name: String, json: String)], _ name: String, _ json: String?) {
        let index = members.firstIndex { $0.name == name }
        switch (index, json) {
        case (let index?, let json?): members[index].json = json
        case (let index?, nil): members.remove(at: index)
        case (nil, let json?): members.append((name, json))
        case (nil, nil): break
        }
    }

    var json: String {
        var members = envelope.map { "\"\($0.name)\":\($0.json)" }
        // A member named `data` stands for the whole object.
        if !envelope.contains(where: { $0.name == "data" }) {
            members.append("\"data\":{\(data.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ","))}")
        }
        return "{\(members.joined(separator: ","))}"
    }

    var bytes: [UInt8] { Array(json.utf8) }
}

/// A text as a JSON string; it has nothing to escape.
func quoted(_ text: String) -> String { "\"\(text)\"" }

/// `05-03 10:00` in the campaign's year at +08:00; anything longer as it stands.
func rfc3339(_ time: String) -> String {
    switch time.utf8.count {
    case 11: "2026-\(time.prefix(5))T\(time.suffix(5)):00+08:00"
    case 14: "2026-\(time.prefix(5))T\(time.suffix(8))+08:00"
    default: time
    }
}

/// The instant of `05-03 10:00` or of an RFC 3339 time.
func instant(_ time: String) throws -> Timestamp {
    let text = Array(rfc3339(time).utf8)
    return try text.withUnsafeBytes { try Timestamp(Bytes($0)) }
}

/// An input record that owns its bytes.
struct InputRecord: Sendable {
    var topic = InputTopic.recharges
    var partition: Int32 = 0
    var offset: Int64 = 0
    var published: Timestamp
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [(name: String, value: String?)] = []
    /// Behind those, headers whose values may be no text.
    var rawHeaders: [(name: String, value: [UInt8])] = []

    /// Calls `body` with the record as the worker sees it.
    func withSource<Result>(_ body: (SourceRecord) throws -> Result) rethrows -> Result {
        let run = headersRun
        return try withBytes(of: key) { key in
            try withBytes(of: value) { value in
                try run.withUnsafeBytes { run in
                    try body(
                        SourceRecord(
                            topic: topic, partition: partition, offset: offset, timestamp: published, key: key,
                            value: value, headers: Headers(bytes: Bytes(run))))
                }
            }
        }
    }

    private var headersRun: [UInt8] {
        var writer = Writer()
        for (name, value) in headers.map({ ($0.name, $0.value.map { Array($0.utf8) }) }) + rawHeaders {
            Array(name.utf8).withUnsafeBytes { name in withBytes(of: value) { writer.putHeader(Bytes(name), $0) } }
        }
        return Array(writer.bytes.buffer)
    }
}

/// Calls `body` with a view of the bytes, nil for none.
func withBytes<Result>(of bytes: [UInt8]?, _ body: (Bytes?) throws -> Result) rethrows -> Result {
    guard let bytes else { return try body(nil) }
    return try bytes.withUnsafeBytes { try body(Bytes($0)) }
}
