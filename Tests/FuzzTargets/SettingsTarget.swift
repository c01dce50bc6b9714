import Kafka

@testable import Operations
@testable import Worker

/// Any command line and environment are settings within their bounds, or problems that name what to change.
func checkSettings(_ input: UnsafeRawBufferPointer) {
    let text = String(decoding: input, as: UTF8.self)
    // A line each: first the arguments, behind an empty line the environment as NAME=value.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let arguments = Array(lines.prefix { !$0.isEmpty })
    let environment = lines.dropFirst(arguments.count).reduce(into: [String: String]()) { all, line in
        let parts = line.split(separator: "=", maxSplits: 1)
        if parts.count == 2 { all[String(parts[0])] = String(parts[1]) }
    }
    switch Request(arguments: arguments, environment: environment) {
    case .perform(let invocation): checkSettings(invocation)
    case .mistaken(let mistakes): checkWords(of: mistakes)
    case .help(let verb): mustHold(!Help.on(verb).isEmpty, "there is help on each verb")
    case .helpOnAll, .version: break
    }
}

private func checkSettings(_ invocation: Invocation) {
    do throws(SettingsProblems) {
        let settings = try Settings(environment: invocation.environment, flags: invocation.flags)
        checkBounds(of: settings)
        checkFlags(invocation, settings)
    } catch {
        checkWords(of: error.all)
        for problem in error.usage {
            mustHold(invocation.flags.contains { problem.contains($0.flag) }, "a flag is named: \(problem)")
        }
        for problem in error.environment {
            let names = Setting.all.map(\.name) + invocation.environment.keys
            mustHold(names.contains { problem.contains($0) }, "a setting is named: \(problem)")
        }
        checkSecrets(invocation, error)
    }
}

private func checkWords(of problems: [String]) {
    mustHold(!problems.isEmpty && problems.allSatisfy { !$0.isEmpty }, "something is said")
}

private func checkBounds(of settings: Settings) {
    mustHold((1...64).contains(settings.lanes), "lanes are bounded")
    mustHold((1...10_000).contains(settings.topics.partitions), "partitions are bounded")
    mustHold((1...32).contains(settings.topics.replication), "copies are bounded")
    mustHold((1...5000).contains(settings.commitIntervalMilliseconds), "a batch's time is bounded")
    mustHold((1...1_000_000).contains(settings.commitRecords), "a batch's records are bounded")
    mustHold(!settings.workerID.isEmpty && !settings.group.isEmpty, "a member has a name and a group")
    for lane in 0..<settings.lanes {
        let name = settings.instanceName(lane: lane)
        let isName = name.utf8.allSatisfy { byte in
            switch UInt8(byte) {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        mustHold(isName && name.utf8.count <= 249, "Kafka takes a lane's name: \(name)")
    }
    mustHold(settings.bootstrapServers != nil, "brokers are named")
    for (names, reason) in KafkaSettings.refused {
        for name in names { mustHold(settings.kafka[name] == nil, "\(name) is refused: \(reason)") }
    }
}

/// What the command line says means the same in the environment.
private func checkFlags(_ invocation: Invocation, _ settings: Settings) {
    var environment = invocation.environment
    for flag in invocation.flags where !KafkaSettings.isForeign(flag.name) { environment[flag.name] = flag.value }
    let flags = invocation.flags.filter { KafkaSettings.isForeign($0.name) }
    do throws(SettingsProblems) {
        let same = try Settings(environment: environment, flags: flags)
        mustHold(same.kafka == settings.kafka, "properties are the same: \(same.kafka) \(settings.kafka)")
        mustHold(same.topics.prefix == settings.topics.prefix, "the prefix is the same")
        mustHold(same.topics.partitions == settings.topics.partitions, "partitions are the same")
        mustHold(same.campaignFile == settings.campaignFile, "the campaign is the same")
        mustHold(same.httpAddress == settings.httpAddress, "the address is the same")
        mustHold(same.instanceName(lane: 0) == settings.instanceName(lane: 0), "the name is the same")
        mustHold(
            same.lanes == settings.lanes && same.commitRecords == settings.commitRecords
                && same.commitIntervalMilliseconds == settings.commitIntervalMilliseconds, "numbers are the same")
    } catch {
        mustHold(false, "what a flag may say, the environment may: \(error.all)")
    }
}

/// The corpus has a password that nothing else looks like.
private func checkSecrets(_ invocation: Invocation, _ problems: SettingsProblems) {
    let secret = "hunter2hunter2"
    let given = invocation.flags.map { ($0.name, $0.value) } + invocation.environment.map { ($0.key, $0.value) }
    let isOnlyInPasswords = given.allSatisfy { name, value in
        // A flag's name was written in small letters.
        !name.lowercased().contains(secret)
            && (!value.contains(secret) || (name.hasPrefix("KAFKA_") && name.contains("PASSWORD")))
    }
    if isOnlyInPasswords { mustHold(!problems.all.contains { $0.contains(secret) }, "no password is shown") }
}
