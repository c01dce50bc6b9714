import Foundation
import Testing

@testable import Campaign

/// A record as an encoder made it, owning its bytes.
struct EncodedRecord {
    let topic: OutputTopic
    let partition: Int32
    let key: String?
    let value: [UInt8]?
    /// `content-type` alone for a command; else name and value of each, in order.
    let headers: [String]
    /// Nil where the time of writing counts.
    let timestamp: Timestamp?

    init(_ record: OutgoingRecord) {
        topic = record.topic
        partition = record.partition
        key = record.key?.text
        value = record.value.map { Array($0.buffer) }
        timestamp = record.timestamp
        switch record.headers {
        case .none: headers = []
        case .cloudEvent: headers = ["content-type"]
        case .list(let list):
            var all: [String] = []
            list.forEach { name, value in all.append("\(name.text): \(value?.text ?? "null")") }
            headers = all
        }
    }

    var text: String { String(decoding: value ?? [], as: UTF8.self) }

    /// The value as an independent reader sees it.
    func json() throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(value ?? [])) as? [String: Any], "\(text)")
    }
}

/// The inputs' names in the order of `InputTopic`.
let inputNames = ["recharge-events", "assist-events", "campaign-mail", "credit-receipts", "letter-requests"]

/// The records that an effect makes.
func encode(_ effect: Effect, in campaign: SeedCampaign = .seed, partition: Int32 = 0, of count: Int32 = 12) throws
    -> [EncodedRecord]
{
    var encoder = EffectEncoder(
        campaign: try campaign.file(), partitionCount: count,
        inputNames: inputNames, creditsName: "bonus-credits", group: "recharge-worker")
    var records: [EncodedRecord] = []
    encoder.encode(effect, of: partition) { records.append(EncodedRecord($0)) }
    return records
}

func number(_ text: String) throws -> PhoneNumber {
    try #require(Array(text.utf8).withUnsafeBytes { PhoneNumber(Bytes($0)) })
}

/// Bytes that live as long as the process: for values that hold views.
func lasting(_ text: String) -> Bytes {
    let utf8 = Array(text.utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: utf8.count, alignment: 1)
    copy.copyBytes(from: utf8)
    return Bytes(UnsafeRawBufferPointer(copy))
}

extension Lines {
    /// Fen per benefit.
    init(_ lines: KeyValuePairs<Benefit, Fen>) {
        self.init()
        for (benefit, fen) in lines { self[benefit] = fen }
    }
}
