import Campaign
import Worker

/// A command line that was understood: a verb with what follows it.
struct Invocation: Sendable {
    let verb: Verb
    var operands: [String] = []
    /// The verb's own options by their flag.
    var options: [String: String] = [:]
    var flags: [SettingFlag] = []
    let environment: [String: String]

    /// Hands the settings to `body`, or says everything that is wrong with them.
    func withSettings(needsBrokers: Bool = true, _ body: (Settings) -> Outcome) -> Outcome {
        do throws(SettingsProblems) {
            return body(try Settings(environment: environment, flags: flags, needsBrokers: needsBrokers))
        } catch {
            return .refusal(error.all + [Help.pointer(to: verb)], error.exitCode)
        }
    }
}

/// What a command line asks for.
enum Request {
    case perform(Invocation)
    case help(Verb)
    case helpOnAll
    case version
    /// Everything that is wrong with it.
    case mistaken([String])

    /// Understands a command line without the program's name.
    init(arguments: [String], environment: [String: String]) {
        guard let first = arguments.first else {
            self = .mistaken(["a verb is needed: \(Request.firstWords.joined(separator: ", "))", Help.pointer])
            return
        }
        switch first {
        case "--help", "-h", "help": self = .helpOnAll
        case "--version": self = .version
        default:
            if let verb = Verb.all.first(where: { arguments.starts(with: $0.words) }) {
                let rest = arguments.dropFirst(verb.words.count)
                self = ArgumentParser(verb: verb, environment: environment).parse(rest)
            } else {
                self = Request.withoutVerb(first, arguments.dropFirst().first)
            }
        }
    }

    private static func withoutVerb(_ first: String, _ second: String?) -> Request {
        let members = Verb.all.filter { $0.words.count > 1 && $0.words[0] == first }
        guard !members.isEmpty else {
            let plain = ["--help", "--version"]
            if first.hasPrefix("-") {
                return .mistaken(["the verb comes first, before \(first)\(guess(first, plain))", Help.pointer])
            }
            return .mistaken(["there is no verb \(first)\(guess(first, firstWords + plain))", Help.pointer])
        }
        guard let second, !["--help", "-h"].contains(second) else {
            return second == nil ? .mistaken(needed(first, members)) : .helpOnAll
        }
        let written = "\(first) \(second)"
        return .mistaken(["there is no verb \(written)\(guess(written, members.map(\.name)))"] + needed(first, members))
    }

    private static func needed(_ first: String, _ members: [Verb]) -> [String] {
        ["\(first) is followed by \(members.map { $0.words[1] }.joined(separator: " or "))", Help.pointer]
    }

    private static var firstWords: [String] {
        Verb.all.reduce(into: []) { words, verb in
            if !words.contains(verb.words[0]) { words.append(verb.words[0]) }
        }
    }
}

/// `; did you mean …?`, or nothing.
func guess(_ word: String, _ candidates: [String]) -> String {
    nearest(to: word, among: candidates).map { "; did you mean \($0)?" } ?? ""
}
