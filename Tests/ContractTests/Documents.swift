import Foundation

/// The published documents in `deploy/contracts`, as this test run finds them.
enum Documents {
    /// The project's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = root.appending(path: "deploy/contracts")

    /// Debian's own Python, for which the packages are.
    static let python = "/usr/bin/python3"
    /// Nil when schemas can be judged here, else what is missing.
    static let missing: String? = {
        let found = try? run(["-c", "import jsonschema, yaml"], input: Data())
        return found?.status == 0 ? nil : "install python3-jsonschema and python3-yaml"
    }()

    static func asyncAPI() throws -> JSONValue { try document(folder.appending(path: "asyncapi.yaml")) }

    /// A schema by its name, `sms.send.v1`.
    static func schema(_ name: String) throws -> JSONValue { try document(path(ofSchema: name)) }

    static func path(ofSchema name: String) -> URL { folder.appending(path: "schemas/\(name).json") }

    /// The names of all schemas, in order.
    static let schemaNames: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "schemas").path)) ?? []
        return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func document(_ file: URL) throws -> JSONValue {
        if file.pathExtension == "json" {
            return try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
        }
        let shown = try run([script, "--document", file.path], input: Data())
        guard shown.status == 0 else { throw Unreadable(description: "\(file.path): \(shown.errors)") }
        return try JSONDecoder().decode(JSONValue.self, from: shown.output)
    }

    /// What the schemas say against these cases.
    static func faults(_ cases: [SchemaCase]) throws -> [SchemaFault] {
        let encoder = JSONEncoder()
        let lines = try cases.map { try encoder.encode($0) }
        let judged = try run([script], input: Data(lines.joined(separator: Data("\n".utf8))))
        guard judged.status == 0 else { throw Unreadable(description: judged.errors) }
        return try judged.output.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(SchemaFault.self, from: $0)
        }
    }

    /// What the schemas say against the messages of a file, and how many there are of each topic.
    static func messages(inFile path: String) throws -> (faults: [SchemaFault], counts: [String: Int]) {
        struct Judgement: Decodable {
            let faults: [SchemaFault]
            let counts: [String: Int]
        }
        let judged = try run([script, "--messages", path, folder.appending(path: "schemas").path], input: Data())
        guard judged.status == 0 else { throw Unreadable(description: judged.errors) }
        let judgement = try JSONDecoder().decode(Judgement.self, from: judged.output)
        return (judgement.faults, judgement.counts)
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "validate.py").path

    private static func run(
        _ arguments: [String], input: Data
    ) throws -> (status: Int32, output: Data, errors: String) {
        let folder = FileManager.default.temporaryDirectory
        // Files, since a pipe that nobody empties in time would hold both up.
        let files = ["in", "out", "err"].map { folder.appending(path: "contract-\(UUID().uuidString).\($0)") }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        try input.write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        let program = Process()
        program.executableURL = URL(filePath: python)
        program.arguments = arguments
        program.standardInput = try FileHandle(forReadingFrom: files[0])
        program.standardOutput = try FileHandle(forWritingTo: files[1])
        program.standardError = try FileHandle(forWritingTo: files[2])
        try program.run()
        program.waitUntilExit()
        return (
            program.terminationStatus, try Data(contentsOf: files[1]),
            String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        )
    }
}

struct Unreadable: Error, CustomStringConvertible {
    let description: String
}

/// A value to be judged by a schema.
struct SchemaCase: Encodable {
    let schema: String
    /// True where the value may have no members but those that the schema names.
    var closed = false
    let name: String
    let value: JSONValue

    init(_ schema: String, closed: Bool = false, name: String, _ value: JSONValue) {
        self.schema = Documents.path(ofSchema: schema).path
        self.closed = closed
        self.name = name
        self.value = value
    }

    /// A value to be judged by a schema of the tests' own.
    init(file: URL, name: String, _ value: JSONValue) {
        schema = file.path
        self.name = name
        self.value = value
    }
}

/// What a schema says against a value.
struct SchemaFault: Decodable, CustomStringConvertible {
    let name: String
    let at: String
    let why: String

    var description: String { "\(name) at \(at): \(why)" }
}
