import Campaign
import Kafka
import Worker

/// A request about a letter, as it goes to `letter-requests`: a copy of the letter with some headers more (contract,
/// section 6).
struct RequestRecord {
    let letter: StoredLetter
    let action: LetterRequest.Action
    /// The request's own id.
    let id: String
    let by: String
    let why: String

    private var added: [(name: String, value: String)] {
        [
            ("recharge.request.action", action.rawValue), ("recharge.request.id", id), ("recharge.request.by", by),
            ("recharge.request.why", why),
        ]
    }

    /// Hands the request to `body` as the worker will read it. Its texts live during the call.
    func withRequest<Result: ~Copyable>(
        inputNames: [String], _ body: (LetterRequest) throws(StateError) -> Result
    ) throws(Refused) -> Result {
        var headers = Writer(capacity: 2048)
        for (name, value) in letter.headers { headers.put(name, value) }
        for (name, value) in added { headers.put(name, Array(value.utf8)) }
        let key = OwnedBytes(letter.key)
        let value = OwnedBytes(letter.value)
        let request: LetterRequest
        do throws(LetterRequest.Refusal) {
            request = try LetterRequest(
                key: key.bytes, value: value.bytes, headers: Headers(bytes: headers.bytes), inputNames: inputNames)
        } catch {
            throw .request(error)
        }
        do throws(StateError) { return try body(request) } catch { throw .state(error) }
    }

    /// Why nothing came of a request.
    enum Refused: Error {
        case request(LetterRequest.Refusal)
        case state(StateError)
    }

    /// Adds the request to what is sent; the topic is the outbox's first.
    func append(to outbox: inout Outbox) {
        let block = HeaderBlock()
        for (name, value) in letter.headers { add(name, value, to: block) }
        for (name, value) in added { block.add(name, value) }
        let key = OwnedBytes(letter.key)
        let value = OwnedBytes(letter.value)
        outbox.append(
            topic: 0, partition: letter.partition, key: key.bytes?.buffer, value: value.bytes?.buffer, headers: block)
    }

    private func add(_ name: String, _ value: [UInt8]?, to block: HeaderBlock) {
        var name = name
        name.withUTF8 { name in
            guard let value else { return block.add(UnsafeRawBufferPointer(name), nil) }
            value.withUnsafeBytes { block.add(UnsafeRawBufferPointer(name), $0) }
        }
    }
}

/// Bytes that a view may stand on; nil has none, and an empty array has none of nothing.
private struct OwnedBytes: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer?

    init(_ array: [UInt8]?) {
        guard let array else {
            memory = nil
            return
        }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, array.count), alignment: 8)
        copy.copyBytes(from: array)
        memory = UnsafeMutableRawBufferPointer(rebasing: copy[..<array.count])
    }

    deinit { memory?.deallocate() }

    var bytes: Bytes? { memory.map { Bytes(UnsafeRawBufferPointer($0)) } }
}

extension Writer {
    fileprivate mutating func put(_ name: String, _ value: [UInt8]?) {
        var name = name
        let nameBytes = name.withUTF8 { Array($0) }
        nameBytes.withUnsafeBytes { name in
            guard let value else { return putHeader(Bytes(name), nil) }
            value.withUnsafeBytes { putHeader(Bytes(name), Bytes($0)) }
        }
    }
}
