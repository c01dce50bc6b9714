import Glibc
public import Kafka

/// The worker's settings, checked.
public struct Settings: Sendable {
    /// librdkafka's properties, the brokers among them.
    public let kafka: ClientProperties
    /// The brokers; nil when nobody named them.
    public let bootstrapServers: String?
    /// Where the campaign file lies.
    public let campaignFile: String
    /// This instance's stable name.
    public let workerID: String
    /// The consumer group.
    public let group: String
    /// How many lanes.
    public let lanes: Int
    /// The campaign's topics.
    public let topics: Topics
    /// How long a batch may collect, in milliseconds.
    public let commitIntervalMilliseconds: Int
    /// How many records a batch may have.
    public let commitRecords: Int
    /// Where health and metrics are served; nil for nowhere.
    public let httpAddress: HTTPAddress?
    /// Where lines of the log go.
    public let log: Log

    /// The name of a lane, its `group.instance.id` and its `transactional.id`: the same at each start, at most 249 bytes.
    public func instanceName(lane: Int) -> String { "\(topics.prefix)\(group)_\(workerID)_\(lane)" }
}

/// A host and a port to listen on.
public struct HTTPAddress: Equatable, Sendable, CustomStringConvertible {
    /// A name, or an address without brackets.
    public let host: String
    /// 0 for any free one.
    public let port: UInt16

    /// As it is written.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Reads `host:port`; a host with colons stands in brackets. Nil when it is neither.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: \.isWhitespace) else { return nil }
        self.host = String(host)
        self.port = port
    }
}

/// The machine's name, as it knows itself; empty when it knows none.
func hostName() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { name in
        guard let start = name.baseAddress, gethostname(start, name.count - 1) == 0 else { return "" }
        start[name.count - 1] = 0
        return String(cString: start)
    }
}
