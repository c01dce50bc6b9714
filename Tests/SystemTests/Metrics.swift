import Oracle
import TestSupport
import Testing

extension WorkerProcess {
    /// Where it answers HTTP, once it listens.
    func httpPort() throws -> UInt16 {
        let line = try waitFor(lineContaining: #""event":"listening""#)
        let port = try #require(line.firstMatch(of: /"port":(\d+)/)).1
        return try #require(UInt16(port))
    }

    /// What `/metrics` shows now.
    func metrics() throws -> Metrics { try Metrics(port: httpPort()) }
}

/// The samples of a `/metrics` page, their names without `recharge_worker_`.
struct Metrics {
    let page: String
    private let samples: [Substring: Double]

    init(port: UInt16) throws {
        let page = try HTTPConnection.get("/metrics", port: port).body
        let samples = page.matches(of: /(?m)^recharge_worker_([^ ]+) (.+)$/).compactMap { match in
            Double(match.2).map { (match.1, $0) }
        }
        self.page = page
        self.samples = Dictionary(samples) { first, _ in first }
    }

    subscript(sample: String) -> Double? { samples[sample[...]] }

    /// The samples that say what was read and what was written, but for those at 0.
    var counts: [String: Int64] {
        let written = /(commands|command_lines|command_fen|sms|sms_segments|letters)_total.*/
        var counts: [String: Int64] = [:]
        for (sample, value) in samples where value != 0 {
            if sample.wholeMatch(of: written) != nil || sample == "event_duration_seconds_count" {
                counts[String(sample)] = Int64(value)
            }
        }
        return counts
    }
}

extension CampaignRun {
    /// What `Metrics.counts` must be of a worker that has read and written all that is committed, and sent nothing twice.
    func countsOfWhatIsCommitted() throws -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for command in try read("bonus-credits").compactMap(\.json) {
            let name = command["type"]?.string == "credit.reverse.v1" ? "reverse" : "grant"
            counts[#"commands_total{command="\#(name)"}"#, default: 0] += 1
            for line in command["data"]?["lines"]?.elements ?? [] {
                let labels = #"{command="\#(name)",benefit="\#(line["benefit"]?.string ?? "")"}"#
                counts["command_lines_total" + labels, default: 0] += 1
                counts["command_fen_total" + labels, default: 0] += line["fen"]?.integer ?? 0
            }
        }
        for message in try read("sms-notifications").compactMap(\.json) {
            counts["sms_total", default: 0] += 1
            counts["sms_segments_total", default: 0] += message["data"]?["segments"]?.integer ?? 0
        }
        for letter in try read("dead-letters") {
            counts[#"letters_total{reason="\#(letter.header("recharge.letter.reason") ?? "")"}"#, default: 0] += 1
        }
        counts["event_duration_seconds_count"] = try Int64((Self.inputs + Self.answers).flatMap(read).count)
        return counts
    }
}

extension TestRecord {
    fileprivate var json: JSON? { value.flatMap(JSON.init) }
}

extension JSON {
    fileprivate var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
