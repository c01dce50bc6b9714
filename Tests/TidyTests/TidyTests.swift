import Foundation
import Testing

/// The rules of the house that a machine can look after.
@Suite struct TidyTests {
    static let sources = SourceFile.all(under: ["Sources", "Tests", "Package.swift"])

    @Test func theFormatIsKept() throws {
        let lint = try run(
            ["swift", "format", "lint", "--strict", "--recursive", "Sources", "Tests", "Package.swift"])
        #expect(lint.status == 0, "\(lint.output)")
    }

    /// Steps to crash at are for tests: what is left of them in a release is a function that returns.
    @Test(arguments: [true, false])
    func onlyDebugBuildsCrashOnDemand(isDebug: Bool) throws {
        let compiler = try run(
            ["swiftc", "-O", "-parse-as-library", "-module-name", "Kafka", "-emit-assembly"]
                + (isDebug ? ["-D", "DEBUG"] : []) + ["Sources/Kafka/CrashPoint.swift", "-o", "-"])
        #expect(compiler.status == 0 && compiler.output.contains("crashPoint"), "\(compiler.output.prefix(500))")
        for trace in ["CRASH_POINT", "getenv", "kill"] {
            #expect(compiler.output.contains(trace) == isDebug, "\(trace)")
        }
    }

    /// Runs a program in the project's folder; what it writes to standard output and error.
    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let program = Process()
        program.executableURL = URL(filePath: "/usr/bin/env")
        program.arguments = arguments
        program.currentDirectoryURL = SourceFile.root
        let output = Pipe()
        program.standardOutput = output
        program.standardError = output
        try program.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        program.waitUntilExit()
        return (program.terminationStatus, text)
    }

    @Test func theTestsSeeTheSources() { #expect(Self.sources.count > 50) }

    @Test func filesAreShort() {
        for file in Self.sources { #expect(file.lines.count <= 400, "\(file): \(file.lines.count) lines; split it") }
    }

    /// Words that say nothing about what a thing is. A `Helper` is a friend who helps, in the domain alone.
    private static let emptyWords = [
        "Manager", "Util", "Utils", "Common", "Base", "Impl", "Service", "Handler", "Helpers",
    ]

    @Test func namesSayWhatThingsAre() {
        for file in Self.sources {
            for name in [file.name] + file.declaredTypes {
                let empty = Self.words(of: name).first { Self.emptyWords.contains($0) }
                #expect(empty == nil, "\(file): \(name)")
            }
        }
    }

    /// `LaneDecisions` is `Lane`, `Decisions`.
    private static func words(of name: String) -> [String] {
        name.matches(of: /[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/).map {
            String($0.0.prefix(1).uppercased() + $0.0.dropFirst())
        }
    }

    /// What each target of `Sources` may import, and the oracle, which must know nothing of what it judges.
    private static let imports: [String: Set<String>] = [
        "Campaign": ["CCrypto", "CSimdjson", "CYAML"],
        "Kafka": ["CCrypto", "CRdKafka", "Glibc", "Synchronization"],
        "HTTP": ["CMicrohttpd", "Glibc"],
        "Worker": ["Kafka", "HTTP", "Campaign", "Glibc", "Synchronization"],
        "Operations": ["Kafka", "Campaign", "Worker", "Glibc", "Synchronization"],
        "recharge-worker": ["Kafka", "Campaign", "Worker", "Operations", "Glibc"],
        "Oracle": ["TestSupport", "Foundation"],
    ]

    @Test func importsRunOneWay() throws {
        for file in Self.sources where file.isSwift {
            guard let target = file.target else { continue }
            let allowed = Self.imports[target]
            if allowed == nil, file.description.hasPrefix("Sources/") {
                Issue.record("\(file): say here what \(target) may import")
            }
            let strays = allowed.map { Set(file.imports).subtracting($0) } ?? []
            #expect(strays.isEmpty, "\(file)")
        }
    }
}
