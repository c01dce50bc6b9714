/// The kinds of request that clients send, by their numbers in Kafka's protocol.
public enum ApiKey: Int16, CaseIterable, Sendable {
    case produce = 0
    case fetch = 1
    case listOffsets = 2
    case metadata = 3
    case offsetFetch = 9
    case findCoordinator = 10
    case joinGroup = 11
    case heartbeat = 12
    case leaveGroup = 13
    case syncGroup = 14
    case apiVersions = 18
    case initProducerID = 22
    case addPartitionsToTxn = 24
    case addOffsetsToTxn = 25
    case endTxn = 26
    case txnOffsetCommit = 28

    /// What a transaction is made of.
    public static let transaction: [ApiKey] = [
        .addPartitionsToTxn, .produce, .addOffsetsToTxn, .txnOffsetCommit, .endTxn,
    ]
}

/// Error codes of Kafka's protocol that a proxy gives, or that tests look for.
public enum ErrorCode: Int16, Sendable {
    case none = 0
    case notLeaderOrFollower = 6
    case coordinatorNotAvailable = 15
    case notCoordinator = 16
    /// In a transaction: abort it.
    case invalidRequest = 42
}

/// A request as it crosses the wire, read as far as its header: size, ApiKey, version, correlation id.
struct KafkaRequest: Sendable {
    /// All its bytes, the size first.
    let frame: [UInt8]
    /// Nil for a kind that is not named here.
    let key: ApiKey?
    /// What its answer begins with.
    let correlationID: Int32

    /// Nil if it is too short for a header.
    init?(frame: [UInt8]) {
        guard frame.count >= 12 else { return nil }
        self.frame = frame
        key = ApiKey(rawValue: Self.int16(frame, at: 4))
        correlationID = Self.correlationID(of: frame)
    }

    /// The correlation id of an answer (where a request has its ApiKey and version, an answer has nothing).
    static func correlationID(ofAnswer frame: [UInt8]) -> Int32? {
        frame.count >= 8 ? int32(frame, at: 4) : nil
    }

    private static func correlationID(of frame: [UInt8]) -> Int32 { int32(frame, at: 8) }

    /// Requests whose answer begins with a throttle time and then the error code, in the versions that librdkafka uses.
    static let plainlyAnswered: Set<ApiKey> = [.findCoordinator, .heartbeat, .addOffsetsToTxn, .endTxn]

    /// An answer that says nothing but an error, in the broker's place.
    func answer(_ error: ErrorCode) -> [UInt8] {
        if key == .produce { return answerToProduce(error) }
        var body = Self.bytes(correlationID) + Self.bytes(Int32(0)) + Self.bytes(error.rawValue)
        if key == .findCoordinator {
            // No message, node -1, no host, port -1.
            body += Self.bytes(Int16(-1)) + Self.bytes(Int32(-1)) + Self.bytes(Int16(0)) + Self.bytes(Int32(-1))
        }
        return Self.bytes(Int32(body.count)) + body
    }

    /// The topic of a ProduceRequest, which librdkafka fills with one partition.
    var producedTopic: String? {
        key == .produce ? String(decoding: frame[producedPart.dropFirst(6).dropLast(8)], as: UTF8.self) : nil
    }

    /// Where a ProduceRequest has: how many topics, the topic's name, how many partitions, the partition.
    private var producedPart: Range<Int> {
        // Before it: size, ApiKey, version and correlation id; the client's and the transaction's id; acks and a timeout.
        var start = 12
        for _ in 0..<2 { start += 2 + max(0, Int(Self.int16(frame, at: start))) }
        start += 2 + 4
        return start..<start + 4 + 2 + Int(Self.int16(frame, at: start + 4)) + 8
    }

    private func answerToProduce(_ error: ErrorCode) -> [UInt8] {
        // No offset, no append time, no start of the log; no throttling.
        let body =
            Self.bytes(correlationID) + frame[producedPart] + Self.bytes(error.rawValue)
            + [Int64](repeating: -1, count: 3).flatMap(Self.bytes) + Self.bytes(Int32(0))
        return Self.bytes(Int32(body.count)) + body
    }

    /// The error code in an answer to this request; nil where its place is not known.
    func errorCode(in answer: [UInt8]) -> Int16? {
        guard let key, Self.plainlyAnswered.contains(key), answer.count >= 14 else { return nil }
        return Self.int16(answer, at: 12)
    }

    private static func int16(_ bytes: [UInt8], at index: Int) -> Int16 {
        Int16(bitPattern: UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]))
    }

    private static func int32(_ bytes: [UInt8], at index: Int) -> Int32 {
        Int32(bitPattern: bytes[index..<index + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}
