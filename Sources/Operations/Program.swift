import Campaign
import Kafka
public import Worker

/// The program from its arguments to its exit code.
public enum Program {
    /// Does what the command line says and writes the answer. `arguments` are without the program's name.
    public static func main(arguments: [String], environment: [String: String]) -> ExitCode {
        let outcome = outcome(arguments: arguments, environment: environment)
        write(outcome.output, to: .standardOutput)
        write(outcome.errors.map { "recharge-worker: \($0)" }, to: .standardError)
        return outcome.exitCode
    }

    /// Does what the command line says.
    static func outcome(arguments: [String], environment: [String: String]) -> Outcome {
        switch Request(arguments: arguments, environment: environment) {
        case .perform(let invocation): invocation.verb.perform(invocation)
        case .help(let verb): .answer(Help.on(verb))
        case .helpOnAll: .answer(Help.onAll)
        case .version: .answer(["recharge-worker \(Release.version) (librdkafka \(Kafka.version()))"])
        case .mistaken(let mistakes): .refusal(mistakes, .usage)
        }
    }

    private static func write(_ lines: [String], to file: FileDescriptor) {
        file.write(lines.map { masked($0) + "\n" }.joined())
    }
}
