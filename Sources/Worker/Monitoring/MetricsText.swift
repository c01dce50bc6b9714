import Campaign

/// Metrics in Prometheus' text form, version 0.0.4.
struct MetricsText {
    /// What a metric is.
    enum Kind: String {
        /// Only rises while the process lives.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts by buckets.
        case histogram
    }

    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""
    private var name = ""

    /// Begins a metric: all its samples follow.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        self.name = "recharge_worker_" + name
        text += "# HELP \(self.name) \(help)\n# TYPE \(self.name) \(kind.rawValue)\n"
    }

    /// A metric of one sample.
    mutating func put(_ name: String, _ kind: Kind, _ help: String, _ value: some MetricValue) {
        begin(name, kind, help)
        sample(value)
    }

    mutating func sample(_ value: some MetricValue, _ labels: KeyValuePairs<String, String> = [:]) {
        sample("", labels, value)
    }

    mutating func sample(_ histogram: Histogram) {
        var count: Int64 = 0
        for (bound, more) in zip(histogram.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
            count += more
            sample("_bucket", ["le": bound], count)
        }
        sample("_sum", [:], histogram.sum)
        sample("_count", [:], count)
    }

    private mutating func sample(
        _ suffix: String, _ labels: KeyValuePairs<String, String>, _ value: some MetricValue
    ) {
        let pairs = labels.map { "\($0)=\"\(Self.escaped(masked($1)))\"" }.joined(separator: ",")
        text += "\(name)\(suffix)\(pairs.isEmpty ? "" : "{\(pairs)}") \(value.sample)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// What a sample may be.
protocol MetricValue {
    /// As Prometheus reads it.
    var sample: String { get }
}

extension Int64: MetricValue {
    var sample: String { "\(self)" }
}

extension Double: MetricValue {
    /// To the microsecond: what a division leaves behind it is noise, and as long as a subscriber's number.
    var sample: String { "\((self * 1_000_000).rounded() / 1_000_000)" }
}
