import Campaign
import Worker

extension Verb {
    static let config = Verb(
        words: ["config"],
        options: [Option(flag: "--json", meaning: "as one JSON object, for programs")],
        settings: Setting.all,
        summary: "show every setting with its value and who set it, secrets hidden",
        details: [
            "Prints what 'run' would go by with this command line and this environment, talks to nobody and changes",
            "nothing. Where 'run' would refuse them it says why, and ends with the exit code of 'run'.",
        ],
        perform: { invocation in
            let report = SettingsReport(environment: invocation.environment, flags: invocation.flags)
            let problems = report.problems.all
            return Outcome(
                output: invocation.options["--json"] == nil ? report.table : [report.json], errors: problems,
                exitCode: problems.isEmpty ? .ok : report.problems.exitCode)
        })
}

extension SettingsReport {
    /// A line for each setting: name, source, value.
    fileprivate var table: [String] {
        let width = entries.map(\.name.count).max() ?? 0
        return entries.map { entry in
            padded(entry.name, to: width) + "  " + padded(entry.source.rawValue, to: "environment".count) + "  "
                + entry.words
        }
    }

    fileprivate var json: String { "{\"settings\":[" + entries.map(\.json).joined(separator: ",") + "]}" }
}

extension SettingsReport.Entry {
    fileprivate var words: String {
        guard let value else { return "(hidden)" }
        if value.isEmpty { return "(empty)" }
        // One setting is one line, and steers no terminal.
        return value.unicodeScalars.contains { $0.properties.generalCategory == .control } ? jsonString(value) : value
    }

    /// A secret's value is null.
    fileprivate var json: String {
        let members = [
            ("name", name), ("property", property), ("source", source.rawValue), ("value", value),
        ].filter { $0.0 != "property" || $0.1 != nil }
        return "{" + members.map { "\"\($0)\":\($1.map(jsonString) ?? "null")" }.joined(separator: ",") + "}"
    }
}
