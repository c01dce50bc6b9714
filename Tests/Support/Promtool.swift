import Foundation

/// Prometheus' own judge of metrics, alerts and their tests.
public enum Promtool {
    private static let path = "/usr/bin/promtool"

    /// Whether it is installed.
    public static let isThere = FileManager.default.isExecutableFile(atPath: path)
    /// Why tests with it are skipped.
    public static let reason = "promtool is missing: install Debian's package prometheus"

    /// Runs it; what it writes to standard output and error.
    public static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String) {
        let program = Process()
        program.executableURL = URL(filePath: path)
        program.arguments = arguments
        let (inputs, outputs) = (Pipe(), Pipe())
        program.standardInput = inputs
        program.standardOutput = outputs
        program.standardError = outputs
        try program.run()
        // A page is smaller than a pipe.
        try inputs.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try inputs.fileHandleForWriting.close()
        let text = String(decoding: try outputs.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        program.waitUntilExit()
        return (program.terminationStatus, text)
    }
}
