import Testing
import Worker

@testable import Operations

@Suite struct CommandLineTests {
    private func outcome(_ line: String, _ environment: [String: String] = [:]) -> Outcome {
        Program.outcome(arguments: line.split(separator: " ").map(String.init), environment: environment)
    }

    @Test func helpListsEveryVerb() {
        let text = outcome("--help").output.joined(separator: "\n")
        for verb in Verb.all { #expect(text.contains(verb.name), "\(verb.name)") }
        #expect(outcome("-h") == outcome("--help"))
        #expect(outcome("topics --help").exitCode == .ok)
    }

    @Test func eachVerbHasHelp() {
        for verb in Verb.all {
            let help = outcome("\(verb.name) --help")
            #expect(help.exitCode == .ok)
            for setting in verb.settings {
                #expect(
                    help.output.contains { $0.contains(setting.flag) && $0.contains(setting.name) }, "\(setting.name)")
            }
            for option in verb.options { #expect(help.output.contains { $0.contains(option.flag) }) }
            for line in help.output { #expect(line.count <= 120, "\(line)") }
        }
    }

    @Test func helpOnRunListsEverySetting() {
        let text = outcome("run --help").output.joined(separator: "\n")
        for setting in Setting.all { #expect(text.contains(setting.name), "\(setting.name)") }
    }

    @Test func theVersionNamesTheLibrary() {
        let version = outcome("--version")
        #expect(version.exitCode == .ok)
        #expect(version.output.first?.hasPrefix("recharge-worker 0.1.0 (librdkafka ") == true)
    }

    @Test(arguments: [
        ("", "a verb is needed: run, demo, topics"),
        ("runn", "there is no verb runn; did you mean run?"),
        ("topic check", "there is no verb topic; did you mean topics?"),
        ("topics", "topics is followed by create or check"),
        ("topics chekc", "there is no verb topics chekc; did you mean topics check?"),
        ("--worker-lanes 3 run", "the verb comes first, before --worker-lanes"),
        ("run --worker-lane 3", "run has no flag --worker-lane; did you mean --worker-lanes?"),
        ("run --worker-lanes", "--worker-lanes needs a value"),
        ("run --worker-lanes --log-level debug", "--worker-lanes needs a value"),
        ("run now", "run has no use for now"),
        ("topics check --worker-lanes 3", "topics check does not go by --worker-lanes"),
        ("letters", "letters is followed by groups or list or show or export"),
        (
            "letters list --reason UNKNOWN_PACKAG --kafka-bootstrap-servers=h:1",
            "--reason is UNKNOWN_PACKAG: there is none such; did you mean UNKNOWN_PACKAGE?"
        ),
        ("letters list --since yesterday --kafka-bootstrap-servers=h:1", "--since is yesterday: an RFC 3339 time"),
        ("letters list --limit 0", "--limit is 0: a whole number above 0 is needed"),
        ("letters show", "letters show needs ID"),
        ("letters export --format xls -o f", "--format csv or --format jsonl is needed"),
        ("simulate billing --silence 101 --seed x", "--silence is 101: a number from 0 to 100 is needed"),
        ("simulate gateway --seconds 0", "--seconds is 0: a whole number above 0 is needed"),
        ("demo --once=yes", "--once takes no value"),
        ("demo --kafka-client-id x", "demo does not go by --kafka-client-id"),
        ("run --worker-lanes=x --kafka-bootstrap-servers=h:1", "--worker-lanes is \"x\": a whole number"),
        ("run --kafka-acks=1 --kafka-bootstrap-servers=h:1", "--kafka-acks: acks can't be set"),
    ])
    func aMistakeIsNamed(_ line: String, _ expected: String) {
        let outcome = outcome(line)
        #expect(outcome.errors.contains { $0.hasPrefix(expected) }, "\(outcome.errors)")
        #expect(outcome.exitCode == .usage)
        #expect(outcome.output.isEmpty)
    }

    @Test func allMistakesAreNamedAtOnce() {
        let outcome = outcome("topics create --topics-prefx a --worker-lanes 3 b")
        #expect(outcome.errors.count == 4, "\(outcome.errors)")
    }

    @Test func aBadEnvironmentIsABadConfiguration() {
        #expect(outcome("topics check").exitCode == .badConfiguration)
        let bad = outcome("topics check", ["KAFKA_BOOTSTRAP_SERVERS": "h:1", "WORKER_LANES": "many"])
        #expect(bad.exitCode == .badConfiguration)
    }

    @Test(
        arguments: zip(
            [
                ExitCode.ok, .failed, .foundProblems, .usage, .badData, .unreachable, .bug, .notAllowed,
                .badConfiguration,
            ],
            [Int32(0), 1, 2, 64, 65, 69, 70, 77, 78]))
    func exitCodesAreSysexits(_ code: ExitCode, _ number: Int32) { #expect(code.rawValue == number) }
}
