import Foundation
import TestSupport

/// Measures and prints; it never judges. `Tests/bench` builds and calls it.
@main enum Bench {
    static func main() {
        do {
            try run(Options(Array(CommandLine.arguments.dropFirst())))
        } catch let mistake as Options.Mistake {
            print(mistake.text)
            exit(64)
        } catch {
            print("failed: \(error)")
            exit(1)
        }
    }

    private static func run(_ options: Options) throws {
        switch options.mode {
        case .offline: try measureOffline(options)
        case .backlog: try measureBacklog(options)
        case .pairs(let count): try measurePairs(count, options)
        case .latency(let rate): try measureLatency(rate, options)
        case .memory(let count): try measureMemory(count)
        case .restore(let subscribers): try measureRestore(subscribers, options)
        }
    }
}

/// The folder of the benchmark's campaign.
let benchFolder = URL(filePath: #filePath).deletingLastPathComponent().path

/// A number for people: three digits or more behind the point are noise.
func rounded(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }

/// The middle one.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
