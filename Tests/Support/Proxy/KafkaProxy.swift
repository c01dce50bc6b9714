import Foundation
import Synchronization

/// A proxy between clients and a broker that advertises the proxy's port. It carries requests and answers, but for those
/// that a test has armed a fault for. It lives as long as the tests' process.
public final class KafkaProxy: Sendable {
    /// A request that comes late, and what the broker says to it.
    public struct LateRequest: Sendable {
        /// What it is.
        public let key: ApiKey
        /// The error code in the broker's answer; nil where there was no answer or the code's place is not known.
        public let errorCode: Int16?
    }

    /// A fault for the next requests of some kinds.
    private struct Armed {
        let fault: Fault
        let keys: Set<ApiKey>
        /// Nil for any; else a ProduceRequest for another topic passes.
        let topic: String?
        /// So many of them pass unhurt.
        var passing: Int
        /// So many are struck.
        var left: Int
    }

    private struct Held {
        let request: KafkaRequest
        let after: ApiKey
        /// Its own transaction is over, in one way or another: the next request of the kind `after` is another one's.
        var ownHasEnded = false
    }

    private struct State {
        var brokerPort: UInt16?
        var armed: [Armed] = []
        var held: [Held] = []
        var struck = 0
        var delivered: [LateRequest] = []
        var answerDelay: Duration = .zero
    }

    private let listener: LoopbackSocket
    private let state = Mutex(State())

    /// Listens on a free port. Clients are refused until there is a broker.
    public init() throws {
        listener = try LoopbackSocket(listeningOn: 0)
        Thread.detachNewThread { [self] in acceptConnections() }
    }

    /// What clients behind the proxy are given as `bootstrap.servers`.
    public var bootstrapServers: String { "127.0.0.1:\(port)" }

    var port: UInt16 { listener.port }

    /// Carries everything to the broker that listens here.
    func carry(toBrokerAt port: UInt16) { state.withLock { $0.brokerPort = port } }

    /// Makes the next requests of these kinds suffer a fault.
    ///
    /// - Parameters:
    ///   - topic: of what is produced; nil is any.
    ///   - passing: so many of them pass before.
    ///   - times: so many are struck.
    public func arm(
        _ fault: Fault, on keys: Set<ApiKey>, topic: String? = nil, passing: Int = 0, times: Int = 1
    ) {
        state.withLock { $0.armed.append(Armed(fault: fault, keys: keys, topic: topic, passing: passing, left: times)) }
    }

    /// Carries everything again; what is held back still comes late.
    public func disarm() { state.withLock { $0.armed = [] } }

    /// True when all faults have struck as often as they were to.
    public var hasStruck: Bool { state.withLock { $0.armed.isEmpty } }

    /// How many requests were struck so far.
    public var strikes: Int { state.withLock { $0.struck } }

    /// True when nothing is held back any more.
    public var hasDelivered: Bool { state.withLock { $0.held.isEmpty } }

    /// What came late so far, in order.
    public var lateRequests: [LateRequest] { state.withLock { $0.delivered } }

    /// Every answer leaves so long after its request came, at the earliest.
    public var answerDelay: Duration {
        get { state.withLock { $0.answerDelay } }
        set { state.withLock { $0.answerDelay = newValue } }
    }

    private func acceptConnections() {
        while let client = listener.nextConnection() {
            guard let port = state.withLock({ $0.brokerPort }), let broker = try? LoopbackSocket(connectingTo: port)
            else { continue }
            ProxyConnection(client: client, broker: broker, proxy: self).start()
        }
    }

    /// The fault that a request must suffer; nil lets it pass.
    func fault(of request: KafkaRequest) -> Fault? {
        guard let key = request.key else { return nil }
        return state.withLock { state in
            guard
                let index = state.armed.firstIndex(where: { armed in
                    armed.keys.contains(key) && (armed.topic == nil || armed.topic == request.producedTopic)
                })
            else { return nil }
            guard state.armed[index].passing == 0 else {
                state.armed[index].passing -= 1
                return nil
            }
            let fault = state.armed[index].fault
            state.struck += 1
            state.armed[index].left -= 1
            if state.armed[index].left == 0 { state.armed.remove(at: index) }
            if case .late(let after, _) = fault { state.held.append(Held(request: request, after: after)) }
            return fault
        }
    }

    /// Notes that a request passes. True if something held back is to be delivered once the broker has answered it.
    func isFollowed(_ request: KafkaRequest) -> Bool {
        state.withLock { state in
            if request.key == .endTxn || request.key == .initProducerID {
                for index in state.held.indices { state.held[index].ownHasEnded = true }
                return false
            }
            return state.held.contains { $0.ownHasEnded && $0.after == request.key }
        }
    }

    /// Delivers what is held back until a request like this one was answered.
    func deliver(after request: KafkaRequest) {
        let (due, port) = state.withLock { state in
            let due = state.held.filter { $0.ownHasEnded && $0.after == request.key }
            state.held.removeAll { $0.ownHasEnded && $0.after == request.key }
            return (due, state.brokerPort)
        }
        for held in due {
            let answer = port.flatMap { try? LoopbackSocket(connectingTo: $0) }.flatMap { broker in
                broker.write(held.request.frame) ? broker.readFrame() : nil
            }
            let code = answer.flatMap { held.request.errorCode(in: $0) }
            state.withLock { state in
                if let key = held.request.key { state.delivered.append(LateRequest(key: key, errorCode: code)) }
            }
        }
    }
}
