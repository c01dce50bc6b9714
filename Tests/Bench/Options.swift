/// What the command line asks for.
struct Options {
    /// What to measure.
    enum Mode {
        case backlog, pairs(Int), latency(Int), restore(Int), offline
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
            if name == "--hot" {
                isHot = true
                continue
            }
            if name == "--offline" {
                mode = .offline
                continue
            }
            guard let text = rest.popFirst(), let number = Int(text), number > 0 else {
                throw Mistake("\(name) needs a number above 0")
            }
            switch name {
            case "--pairs": mode = .pairs(number)
            case "--latency": mode = .latency(number)
            case "--restore": mode = .restore(number)
            case "--events": events = number
            case "--subscribers": subscribers = number
            case "--lanes": lanes = number
            case "--commit-ms": commitMs = number
            default: throw Mistake("there is no option \(name)")
            }
        }
    }

    /// A command line that can't be followed.
    struct Mistake: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
