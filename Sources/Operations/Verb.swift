import Worker

/// What the binary can be told to do: a row of the table that command line and help are made of.
struct Verb: Sendable {
    /// An option of one verb alone, such as `--against OLD`.
    struct Option: Sendable {
        let flag: String
        /// What follows it; nil for a flag that stands alone.
        var operand: String?
        let meaning: String

        /// `--against OLD`, as a help has it.
        var usage: String { [flag, operand].compactMap(\.self).joined(separator: " ") }
    }

    /// `topics create` is two words.
    let words: [String]
    /// What must follow, such as `FILE`.
    var operands: [String] = []
    /// What may follow any number of times, such as `ID`; nil for nothing.
    var repeatedOperand: String?
    var options: [Option] = []
    /// The settings that it goes by; none when it is told everything on the command line.
    var settings: [Setting] = []
    /// One line, for the list of verbs.
    let summary: String
    /// What a person must know before using it, lines of at most 100 letters.
    let details: [String]
    let perform: @Sendable (Invocation) -> Outcome

    var name: String { words.joined(separator: " ") }

    /// It talks to brokers, so librdkafka's properties are settings as well.
    var usesKafka: Bool { settings.contains { $0.name == Setting.bootstrapServers.name } }

    /// Every verb, in the order of the help.
    static let all = [
        run, demo, topicsCreate, topicsCheck, campaignCheck, contractCheck, config, lettersGroups, lettersList,
        lettersShow,
        lettersExport, lettersReplay, lettersDiscard, simulateBilling, simulateGateway, health,
    ]
}

extension Verb {
    static let run = Verb(
        words: ["run"], settings: Setting.all, summary: "run the worker until it is told to stop",
        details: [
            "Reads events and answers from Kafka, decides them by the campaign file and publishes what follows,",
            "each in one transaction with the record's offset. Creates nothing: 'topics create' does that before.",
            "SIGTERM and SIGINT let it finish its batch and end with 0; a second signal ends it at once.",
        ],
        perform: { invocation in
            invocation.withSettings { Outcome(exitCode: Run.start($0)) }
        })

    static let demo = Verb(
        words: ["demo"],
        options: [Option(flag: "--once", meaning: "end when all is shown, also on a terminal")],
        summary: "show what the worker does, without a broker",
        details: [
            "Runs a campaign around today in this process, on librdkafka's mock broker, with some thousands of seeded",
            "events, and shows what came in and what went out. On a terminal it stays up, for a look with kcat.",
            "It needs nothing, keeps nothing, and its broker gives no promise through a crash.",
        ],
        perform: { invocation in
            let staysUp = invocation.options["--once"] == nil && FileDescriptor.standardOutput.isTerminal
            return Outcome(exitCode: Demo.run(staysUp: staysUp))
        })
}
