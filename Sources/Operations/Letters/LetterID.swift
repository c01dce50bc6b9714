import Campaign
import Worker

/// A letter's name, in few bytes: most are the place of an input record.
enum LetterID: Hashable {
    /// `<topic>/<partition>/<offset>` of the record that was first read.
    case place(TopicRole, Int32, Int64)
    /// `gift/<command id>`, or what this program does not know.
    case text(String)

    /// Takes an id apart as it is published.
    init(_ id: Bytes, _ topics: LetterTopicNames) {
        self = LetterID.place(id, topics) ?? .text(id.text)
    }

    private static func place(_ id: Bytes, _ topics: LetterTopicNames) -> LetterID? {
        let slash = UInt8(ascii: "/")
        guard let last = id.buffer.lastIndex(of: slash), let first = id.buffer[..<last].lastIndex(of: slash),
            let role = topics.role(id.slice(0, first)), let partition = decimal(id.slice(first + 1, last)),
            let partition = Int32(exactly: partition), let offset = decimal(id.slice(last + 1, id.count))
        else { return nil }
        return .place(role, partition, offset)
    }

    /// Digits without needless zeros in front, so that one place has one spelling.
    private static func decimal(_ digits: Bytes) -> Int64? {
        guard let first = digits.buffer.first, digits.count <= 18, digits.count == 1 || first != UInt8(ascii: "0")
        else {
            return nil
        }
        var value: Int64 = 0
        for digit in digits.buffer {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// As it is published.
    func text(_ topics: Topics) -> String {
        switch self {
        case .place(let role, let partition, let offset): "\(topics.name(role))/\(partition)/\(offset)"
        case .text(let text): text
        }
    }
}

/// The names of the topics that letters come from.
struct LetterTopicNames {
    private let names: [(name: String, role: TopicRole)]

    init(_ topics: Topics) {
        names = TopicRole.allCases.filter(\.isInput).map { (topics.name($0), $0) }
    }

    func role(_ name: Bytes) -> TopicRole? { names.first { name == $0.name }?.role }
}
