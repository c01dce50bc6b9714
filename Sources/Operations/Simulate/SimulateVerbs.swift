import Campaign
import Kafka
import Worker

extension Verb {
    private static let settings: [Setting] = [.bootstrapServers, .topicsPrefix]
    private static let end: [Option] = [
        Option(
            flag: "--group", operand: "NAME", meaning: "under which its place is kept; simulated-billing or -gateway"),
        Option(flag: "--seconds", operand: "N", meaning: "end after so long; else it goes on until SIGTERM or SIGINT"),
        Option(flag: "--until-quiet", operand: nil, meaning: "end when all is answered and nothing came for 3 s"),
    ]

    static let simulateBilling = Verb(
        words: ["simulate", "billing"],
        options: [
            Option(flag: "--rejects", operand: "PERCENT", meaning: "of commands that it refuses, half of them for now"),
            Option(flag: "--wrong-amounts", operand: "PERCENT", meaning: "of commands that it credits with a fen less"),
            Option(flag: "--silence", operand: "PERCENT", meaning: "of commands that it does not answer"),
            Option(flag: "--late", operand: "PERCENT", meaning: "of answers that come late"),
            Option(flag: "--late-by", operand: "DURATION", meaning: "how late, such as 30s or 10m (10m)"),
            Option(flag: "--doubles", operand: "PERCENT", meaning: "of answers that come twice"),
            Option(flag: "--delay-ms", operand: "N", meaning: "from a command to its answer (50)"),
            Option(flag: "--seed", operand: "N", meaning: "the same seed treats the same command the same way (1)"),
        ] + end, settings: settings, summary: "play the billing system, for trials: answer credit commands",
        details: [
            "For trials only: it moves no money. It takes commands from bonus-credits, as committed, and answers each with",
            "a receipt on credit-receipts, as the contract asks: a copy of an executed command gets the first answer",
            "again, a rejected one is tried anew, and a reverse whose grant it has not credited is rejected: NO_GRANT.",
            "Unless told otherwise it does so at once and well. What it executed it knows again from its own answers.",
        ],
        perform: playBilling)

    static let simulateGateway = Verb(
        words: ["simulate", "gateway"], options: end, settings: settings,
        summary: "play the SMS gateway, for trials: take SMS commands",
        details: [
            "For trials only: it sends nothing. It takes commands from sms-notifications, as committed, each id once, holds",
            "them until their notBefore, and says at its end how many it would have sent of each template.",
        ],
        perform: { invocation in
            simulate(invocation, .smsNotifications, "simulated-gateway") { run throws(KafkaFailure) in
                var gateway = GatewayRun(run)
                return try gateway.perform()
            }
        })
}

private func playBilling(_ invocation: Invocation) -> Outcome {
    var mistakes: [String] = []
    func percent(_ flag: String) -> Double {
        guard let text = invocation.options[flag] else { return 0 }
        if let percent = Double(text), (0...100).contains(percent) { return percent }
        mistakes.append("\(flag) is \(text): a number from 0 to 100 is needed")
        return 0
    }
    let misbehaviour = SimulatedBilling.Misbehaviour(
        rejects: percent("--rejects"), wrongAmounts: percent("--wrong-amounts"), silence: percent("--silence"),
        late: percent("--late"), doubles: percent("--doubles"))
    let lateBy = Duration(words: invocation.options["--late-by"] ?? "10m")
    if lateBy == nil { mistakes.append("--late-by needs a duration such as 30s or 10m") }
    let delay = Int64(invocation.options["--delay-ms"] ?? "50")
    if delay.map({ !(0...3_600_000).contains($0) }) ?? true {
        mistakes.append("--delay-ms needs a whole number from 0 to 3600000")
    }
    let seed = UInt64(invocation.options["--seed"] ?? "1")
    if seed == nil { mistakes.append("--seed needs a whole number") }
    guard let lateBy, let delay, let seed, mistakes.isEmpty else {
        return .refusal(mistakes + [Help.pointer(to: invocation.verb)], .usage)
    }
    return simulate(invocation, .bonusCredits, "simulated-billing") { run throws(KafkaFailure) in
        var billing = try BillingRun(run, SimulatedBilling(misbehaviour, seed: seed), delayMs: delay, lateBy: lateBy)
        return try billing.perform()
    }
}

/// Runs a simulation over the commands of a topic, and prints what it did.
private func simulate(
    _ invocation: Invocation, _ role: TopicRole, _ group: String,
    _ body: (SimulationRun) throws(KafkaFailure) -> [String]
) -> Outcome {
    var mistakes: [String] = []
    let seconds = invocation.count("--seconds", &mistakes)
    guard mistakes.isEmpty else { return .refusal(mistakes + [Help.pointer(to: invocation.verb)], .usage) }
    let signals = StopSignals()
    let stop = StopWish()
    signals.whenStopped { stop.wish() }
    return invocation.withTopics { settings, admin throws(KafkaFailure) in
        let name = settings.topics.name(role)
        guard let partitions = try admin.partitions(of: name, timeoutMs: brokerTimeoutMs) else {
            return .refusal(["\(name) is missing: \(settings.topics.createCommand())"], .badConfiguration)
        }
        let run = SimulationRun(
            settings: settings, role: role, group: invocation.options["--group"] ?? group, partitions: partitions,
            seconds: seconds.map { Int64($0) }, endsWhenQuiet: invocation.options["--until-quiet"] != nil, stop: stop)
        FileDescriptor.standardError.write("recharge-worker: taking \(name) as \(run.group)\n")
        return .answer(try body(run))
    }
}
