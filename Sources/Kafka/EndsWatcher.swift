internal import Synchronization

/// Asks for ends of partitions on a thread of its own, since a question may block long after its timeout.
public final class EndsWatcher: Sendable {
    /// The ends as they were some time after the request with this id.
    public struct Answer: Sendable, Equatable {
        /// The request's id.
        public let id: Int
        /// The partitions asked for; `offset` is the high watermark.
        public let ends: [TopicOffset]
    }

    private struct Request {
        let id: Int
        let partitions: [TopicOffset]
    }

    /// What the lanes' threads and the watcher's share.
    private final class Exchange: Sendable {
        struct Content {
            var requests: [Request] = []
            var answers: [Answer] = []
            var isStopped = false
        }
        let content = Mutex(Content())
        let wakeup = Wakeup()
    }

    private let exchange = Exchange()

    /// Starts the thread. Properties that are refused fail here, before it starts.
    public init(_ properties: ClientProperties, topics: [String], log: @escaping KafkaLog) throws(KafkaFailure) {
        try properties.check()
        let exchange = exchange
        startThread { EndsWatcher.run(exchange, properties, topics, log) }
    }

    deinit {
        exchange.content.withLock { $0.isStopped = true }
        exchange.wakeup.signal()
    }

    /// Asks for the high watermarks of these partitions (their `offset` does not matter). A request with the id of one
    /// that still waits replaces it.
    public func request(_ id: Int, _ partitions: [TopicOffset]) {
        exchange.content.withLock { content in
            content.requests.removeAll { $0.id == id }
            content.requests.append(Request(id: id, partitions: partitions))
        }
        exchange.wakeup.signal()
    }

    /// The answers since the last call. Never blocks.
    public func take() -> [Answer] {
        exchange.content.withLock { content in
            defer { content.answers.removeAll() }
            return content.answers
        }
    }

    private static func run(
        _ exchange: Exchange, _ properties: ClientProperties, _ topics: [String], _ log: @escaping KafkaLog
    ) {
        do throws(KafkaFailure) {
            let reader = try WatermarkReader(properties, topics: topics, log: log)
            while let request = next(exchange) {
                do throws(KafkaFailure) {
                    let answer = try ask(reader, request)
                    exchange.content.withLock { $0.answers.append(answer) }
                } catch {
                    log(4, error.description)
                    putBack(request, in: exchange)
                    exchange.wakeup.wait(atMostMs: 500)
                }
            }
        } catch {
            log(3, error.description)
        }
    }

    /// Waits for a request; nil when the watcher is gone.
    private static func next(_ exchange: Exchange) -> Request? {
        while true {
            let (isStopped, request) = exchange.content.withLock { content in
                (content.isStopped, content.requests.isEmpty ? nil : content.requests.removeFirst())
            }
            if isStopped { return nil }
            if let request { return request }
            exchange.wakeup.wait(atMostMs: -1)
        }
    }

    private static func ask(_ reader: borrowing WatermarkReader, _ request: Request) throws(KafkaFailure) -> Answer {
        var ends = request.partitions
        for index in ends.indices {
            ends[index].offset = try reader.read(
                topic: ends[index].topic, partition: ends[index].partition, timeoutMs: 5_000
            ).high
        }
        return Answer(id: request.id, ends: ends)
    }

    private static func putBack(_ request: Request, in exchange: Exchange) {
        exchange.content.withLock { content in
            if !content.requests.contains(where: { $0.id == request.id }) { content.requests.append(request) }
        }
    }
}
