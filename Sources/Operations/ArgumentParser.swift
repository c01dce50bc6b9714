import Worker

/// Reads what follows a verb, and collects everything that is wrong with it.
struct ArgumentParser {
    private let verb: Verb
    private var invocation: Invocation
    private var mistakes: [String] = []

    init(verb: Verb, environment: [String: String]) {
        self.verb = verb
        invocation = Invocation(verb: verb, environment: environment)
    }

    consuming func parse(_ arguments: ArraySlice<String>) -> Request {
        var rest = arguments
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                return .help(verb)
            case "--":
                invocation.operands += rest
                rest = []
            default:
                if argument.hasPrefix("-"), argument.count > 1 {
                    takeFlag(argument, &rest)
                } else {
                    invocation.operands.append(argument)
                }
            }
        }
        checkOperands()
        return mistakes.isEmpty ? .perform(invocation) : .mistaken(mistakes + [Help.pointer(to: verb)])
    }

    /// `--flag=value` or `--flag value`.
    private mutating func takeFlag(_ argument: String, _ rest: inout ArraySlice<String>) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let flag = String(parts[0])
        guard isKnown(flag) else {
            mistakes.append(unknown(flag))
            // What follows is most likely its value, and no mistake of its own.
            if parts.count == 1, let next = rest.first, !next.hasPrefix("-") { rest.removeFirst() }
            return
        }
        if verb.options.contains(where: { $0.flag == flag && $0.operand == nil }) {
            if parts.count == 2 { mistakes.append("\(flag) takes no value") }
            set(flag, "")
        } else if parts.count == 2 {
            set(flag, String(parts[1]))
        } else if let next = rest.first, !next.hasPrefix("--") {
            rest.removeFirst()
            set(flag, next)
        } else {
            mistakes.append("\(flag) needs a value")
        }
    }

    private func isKnown(_ flag: String) -> Bool {
        guard !verb.options.contains(where: { $0.flag == flag }) else { return true }
        guard let setting = SettingFlag(flag, value: "") else { return false }
        return verb.settings.contains { $0.name == setting.name }
            || (setting.name.hasPrefix("KAFKA_") && verb.usesKafka)
    }

    private func unknown(_ flag: String) -> String {
        if SettingFlag(flag, value: "") != nil { return "\(verb.name) does not go by \(flag)" }
        return "\(verb.name) has no flag \(flag)" + guess(flag, verb.options.map(\.flag) + verb.settings.map(\.flag))
    }

    private mutating func set(_ flag: String, _ value: String) {
        if verb.options.contains(where: { $0.flag == flag }) {
            invocation.options[flag] = value
        } else if let setting = SettingFlag(flag, value: value) {
            invocation.flags.append(setting)
        }
    }

    private mutating func checkOperands() {
        for missing in verb.operands.dropFirst(invocation.operands.count) {
            mistakes.append("\(verb.name) needs \(missing)")
        }
        guard verb.repeatedOperand == nil else { return }
        for extra in invocation.operands.dropFirst(verb.operands.count) {
            mistakes.append("\(verb.name) has no use for \(extra)")
        }
    }
}
