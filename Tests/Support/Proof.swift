import Foundation
import Synchronization

/// How long fault tests are to run, with which seed, and where they say what they did. `Tests/prove` sets it by the
/// environment; without it a test takes its short form.
public enum Proof {
    private static let environment = ProcessInfo.processInfo.environment

    private static let minutes = environment["PROOF_MINUTES"].flatMap(Double.init)

    /// True where tests take their long form.
    public static var isLong: Bool { minutes != nil }

    /// What all chance in a fault test comes from: with the same seed it makes the same faults again.
    public static let seed = environment["PROOF_SEED"].flatMap { UInt64($0) } ?? 20_260_501

    /// Makes a fault once; in the long form again, each time with another seed, until the time is over.
    ///
    /// - Parameter tests: how many tests share the time.
    public static func rounds(sharedBy tests: Int = 1, _ round: (_ seed: UInt64) throws -> Void) rethrows {
        let end = Deadline(after: .seconds((minutes ?? 0) * 60 / Double(tests)))
        var next = seed
        repeat {
            try round(next)
            next &+= 1
        } while !end.isOver
    }

    private struct Note: Encodable {
        let fault: String
        let times: Int
        let compared: Int
        let differences: Int
        let remarks: String
    }

    private static let report: Mutex<FileHandle?> = Mutex(
        environment["PROOF_REPORT"].flatMap { FileHandle(forUpdatingAtPath: $0) })

    /// Adds a line of JSON to the file that `PROOF_REPORT` names.
    ///
    /// - Parameters:
    ///   - fault: what was done, as a reader of the report knows it.
    ///   - times: how often.
    ///   - compared: committed records that were held against the oracle's.
    ///   - differences: how many of them were wrong, missing or too much.
    ///   - remarks: figures that were measured.
    public static func note(fault: String, times: Int, compared: Int, differences: Int, remarks: String = "") {
        report.withLock { file in
            guard let file else { return }
            let note = Note(
                fault: fault, times: times, compared: compared, differences: differences, remarks: remarks)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let line = try? encoder.encode(note) else { return }
            _ = try? file.seekToEnd()
            try? file.write(contentsOf: line + Data("\n".utf8))
        }
    }
}
