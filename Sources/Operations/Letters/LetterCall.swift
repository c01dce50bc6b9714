import Campaign
import Kafka
import Worker

/// What a verb about letters is given: the topics, and which letters are meant.
struct LetterCall {
    let invocation: Invocation
    let settings: Settings
    let topics: LetterTopics
    let filter: LetterFilter

    /// The settings that every verb about letters goes by.
    static let settings: [Setting] = [.bootstrapServers, .topicsPrefix]
    static let reveal = Verb.Option(flag: "--reveal", operand: nil, meaning: "subscribers' numbers in clear")
    static let json = Verb.Option(flag: "--json", operand: nil, meaning: "one JSON object a line")
    static let limit = Verb.Option(flag: "--limit", operand: "N", meaning: "at most so many, the oldest first")

    func isSet(_ option: Verb.Option) -> Bool { invocation.options[option.flag] != nil }

    var rows: LetterRows { LetterRows(topics: settings.topics, reveals: isSet(Self.reveal)) }

    /// The letters that are meant, the oldest first, at most `limit`.
    func letters(limit: Int?) throws(Changelog.Failure) -> [DeadLetter] {
        var letters: [DeadLetter] = []
        for partition in 0..<Int32(topics.partitionCount) {
            letters += try topics.letters(of: partition).filter(filter.matches)
        }
        letters.sort {
            ($0.firstFailedAt, $0.partition, $0.offset ?? 0) < ($1.firstFailedAt, $1.partition, $1.offset ?? 0)
        }
        return limit.map { Array(letters.prefix($0)) } ?? letters
    }
}

extension Invocation {
    /// Hands what a verb about letters needs to `body`, and turns a failure into words. Letters of `states` are meant
    /// where a person did not say.
    func withLetters(
        of states: [LetterStatus.State], _ body: (LetterCall) throws(Changelog.Failure) -> Outcome
    ) -> Outcome {
        withTopics { settings, admin throws(KafkaFailure) in
            let filter: LetterFilter
            do throws(Mistakes) {
                filter = try LetterFilter(self, states: states, settings.topics, now: Clock.now())
            } catch {
                return .refusal(error.all + [Help.pointer(to: verb)], .usage)
            }
            let name = settings.topics.name(.deadLetters)
            guard let count = try admin.partitions(of: name, timeoutMs: brokerTimeoutMs) else {
                return .refusal(["\(name) is missing: \(settings.topics.createCommand())"], .badConfiguration)
            }
            let topics = LetterTopics(settings: settings, partitionCount: count)
            do throws(Changelog.Failure) {
                return try body(LetterCall(invocation: self, settings: settings, topics: topics, filter: filter))
            } catch {
                switch error {
                case .kafka(let failure): throw failure
                case .stop(let stop): return .refusal([stop.message], stop.exitCode)
                }
            }
        }
    }

    /// Reads an option that is a whole number above 0. Nil where it is not given, or is none: then `mistakes` say it.
    func count(_ flag: String, _ mistakes: inout [String]) -> Int? {
        guard let text = options[flag] else { return nil }
        if let count = Int(text), count > 0 { return count }
        mistakes.append("\(flag) is \(text): a whole number above 0 is needed")
        return nil
    }
}
