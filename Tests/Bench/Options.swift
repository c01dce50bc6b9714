/// What the command line asks for.
struct Options {
    /// What to measure.
    enum Mode {
        case backlog, pairs(Int), latency(Int), restore(Int), memory(Int), offline
    }

    var mode = Mode.backlog
    var events = 2_000_000
    var subscribers = 500_000
    var lanes = 1
    var commitMs = 100
    var isHot = false

    /// Throws a text that says what to change.
    init(_ arguments: [String]) throws(Mistake) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--hot": isHot = true
            case "--offline": mode = .offline
            case "--pairs": mode = .pairs(try Self.number(after: name, &rest))
            case "--latency": mode = .latency(try Self.number(after: name, &rest))
            case "--restore": mode = .restore(try Self.number(after: name, &rest))
            case "--memory": mode = .memory(try Self.number(after: name, &rest))
            case "--events": events = try Self.number(after: name, &rest)
            case "--subscribers": subscribers = try Self.number(after: name, &rest)
            case "--lanes": lanes = try Self.number(after: name, &rest)
            case "--commit-ms": commitMs = try Self.number(after: name, &rest)
            default: throw Mistake("there is no option \(name)")
            }
        }
    }

    private static func number(after name: String, _ rest: inout ArraySlice<String>) throws(Mistake) -> Int {
        guard let text = rest.popFirst(), let number = Int(text), number > 0 else {
            throw Mistake("\(name) needs a number above 0")
        }
        return number
    }

    /// A command line that can't be followed.
    struct Mistake: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
