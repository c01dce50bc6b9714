import Foundation

/// One client's connection through the proxy: a thread for its requests and one for the answers to them.
final class ProxyConnection: @unchecked Sendable {
    /// A request that the broker has, and whose answer has not been carried.
    private struct Awaited {
        let request: KafkaRequest
        let since: ContinuousClock.Instant
        let isLost: Bool
        let isFollowed: Bool
    }

    private let client: LoopbackSocket
    private let broker: LoopbackSocket
    private let proxy: KafkaProxy
    // The condition guards all that follows it.
    private let condition = NSCondition()
    /// By correlation id.
    private var awaited: [Int32: Awaited] = [:]
    private var isOpen = true

    init(client: LoopbackSocket, broker: LoopbackSocket, proxy: KafkaProxy) {
        self.client = client
        self.broker = broker
        self.proxy = proxy
    }

    func start() {
        for carry in [carryRequests, carryAnswers] {
            Thread.detachNewThread { [self] in
                carry()
                cut()
            }
        }
    }

    private func cut() {
        client.shutDown()
        broker.shutDown()
        note { isOpen = false }
    }

    private func note(_ change: () -> Void) {
        condition.withLock {
            change()
            condition.broadcast()
        }
    }

    private func carryRequests() {
        while let frame = client.readFrame(), let request = KafkaRequest(frame: frame) {
            switch proxy.fault(of: request) {
            case nil: guard carry(request) else { return }
            case .lostAnswer: guard carry(request, answerIsLost: true) else { return }
            case .refusal(let code):
                // Meanwhile the client sends what it has.
                wait(until: .now + proxy.answerDelay)
                client.write(request.answer(code))
            case .cut, .late(_, isCut: true): return
            case .silence, .late(_, isCut: false): return client.drain()
            }
        }
    }

    private func carry(_ request: KafkaRequest, answerIsLost: Bool = false) -> Bool {
        let id = request.correlationID
        let isFollowed = proxy.isFollowed(request)
        note { awaited[id] = Awaited(request: request, since: .now, isLost: answerIsLost, isFollowed: isFollowed) }
        guard broker.write(request.frame) else { return false }
        if isFollowed { waitForAnswer(to: id) }
        return true
    }

    /// So that no request overtakes the one that is delivered after this answer.
    private func waitForAnswer(to id: Int32) {
        condition.withLock {
            while isOpen, awaited[id] != nil { condition.wait() }
        }
    }

    private func carryAnswers() {
        while let answer = broker.readFrame(), let id = KafkaRequest.correlationID(ofAnswer: answer),
            let request = condition.withLock({ awaited[id] }), !request.isLost
        {
            if request.isFollowed { proxy.deliver(after: request.request) }
            wait(until: request.since + proxy.answerDelay)
            note { awaited[id] = nil }
            guard client.write(answer) else { return }
        }
    }

    private func wait(until moment: ContinuousClock.Instant) {
        let left = ContinuousClock.now.duration(to: moment)
        if left > .zero { Thread.sleep(forTimeInterval: left / .seconds(1)) }
    }
}
