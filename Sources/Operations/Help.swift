import Worker

/// The texts of `--help`, made of the tables of verbs and settings.
enum Help {
    /// Where to read on.
    static let pointer = "'recharge-worker --help' lists the verbs"

    static func pointer(to verb: Verb) -> String { "'recharge-worker \(verb.name) --help' says more" }

    static var onAll: [String] {
        let width = Verb.all.map { usage(of: $0).count }.max() ?? 0
        let verbs = Verb.all.map { "  \(padded(usage(of: $0), to: width))  \($0.summary)" }
        return ["recharge-worker: decides a recharge campaign's events on Kafka, exactly once", "", "Verbs:"] + verbs
            + [
                "  --version", "",
                "'recharge-worker VERB --help' says more about a verb and lists its settings.", "",
                "Exit codes: 0 ok, 1 failed, 2 ran and found problems, 64 usage, 65 bad campaign file or data,",
                "69 broker unreachable, 70 bug, 77 not allowed, 78 bad configuration.",
            ]
    }

    static func on(_ verb: Verb) -> [String] {
        var lines = ["recharge-worker \(usage(of: verb))", ""] + verb.details
        if !verb.options.isEmpty {
            lines += ["", "Options:"] + verb.options.map { "  \($0.usage)  \($0.meaning)" }
        }
        if !verb.settings.isEmpty {
            lines += ["", "Settings; a flag goes before the environment, the environment before the default:"]
            lines += verb.settings.flatMap(lines(on:))
        }
        if verb.usesKafka { lines += kafka }
        return lines
    }

    private static func usage(of verb: Verb) -> String {
        let options = verb.options.count > 3 ? ["[OPTIONS]"] : verb.options.map { "[\($0.usage)]" }
        let operands = verb.operands + (verb.repeatedOperand.map { ["[\($0)…]"] } ?? [])
        return (verb.words + operands + options + (verb.settings.isEmpty ? [] : ["[SETTINGS]"])).joined(separator: " ")
    }

    private static func lines(on setting: Setting) -> [String] {
        [
            "  \(setting.flag) VALUE, \(setting.name)  (\(setting.unset))",
            "      \(setting.meaning)\(bounds(of: setting))",
        ]
    }

    private static func bounds(of setting: Setting) -> String {
        switch setting.values {
        case .integer(let bounds): "; \(bounds.lowerBound) to \(bounds.upperBound)"
        case .word(let words): "; \(words.joined(separator: ", "))"
        case .name(let limit): "; at most \(limit) letters, digits, '.', '_', '-'"
        case .address, .text: ""
        }
    }

    private static let kafka = [
        "  --kafka-PROPERTY VALUE, KAFKA_PROPERTY",
        "      any other property of librdkafka: KAFKA_SECURITY_PROTOCOL is security.protocol; those that would break",
        "      exactly-once are refused with the reason. Secrets belong in the environment, where 'ps' shows none",
    ]
}

/// A text with spaces behind it, so that columns stand.
func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
