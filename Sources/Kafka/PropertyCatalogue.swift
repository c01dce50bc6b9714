internal import CRdKafka
internal import Glibc

/// What librdkafka's own table of properties says, before there is any client.
public enum PropertyCatalogue {
    /// The names of all documented properties, aliases among them.
    public static func names() -> [String] {
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        guard let stream = open_memstream(&text, &size) else { return [] }
        rd_kafka_conf_properties_show(stream)
        fclose(stream)
        defer { free(text) }
        guard let text else { return [] }
        let table = String(decoding: UnsafeRawBufferPointer(start: text, count: size), as: UTF8.self)
        return table.split(separator: "\n").compactMap(name(inRow:))
    }

    /// The name in a row such as `client.id | * | | rdkafka | low | …`; nil for titles and rules.
    private static func name(inRow row: Substring) -> String? {
        guard let bar = row.firstIndex(of: "|") else { return nil }
        let name = row[..<bar].split(separator: " ").first.map(String.init) ?? ""
        return name.first?.isLowercase == true ? name : nil
    }

    /// Whether librdkafka takes a property, by its own check of the name and the value.
    public enum Verdict: Equatable, Sendable {
        /// It takes it.
        case accepted
        /// There is no such property.
        case unknown
        /// The value is out of bounds or can't be set as text: librdkafka's words, which may quote the value.
        case refused(String)
    }

    /// Tries a property on a fresh configuration.
    public static func check(_ name: String, _ value: String) -> Verdict {
        guard let configuration = rd_kafka_conf_new() else { return .refused("out of memory") }
        defer { rd_kafka_conf_destroy(configuration) }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
            switch rd_kafka_conf_set(configuration, name, value, text.baseAddress, text.count) {
            case RD_KAFKA_CONF_OK: .accepted
            case RD_KAFKA_CONF_UNKNOWN: .unknown
            default: .refused(text.baseAddress.map { String(cString: $0) } ?? "")
            }
        }
    }

    /// librdkafka's version as a number to compare: 0x020002ff is 2.0.2.
    public static var version: Int { Int(rd_kafka_version()) }
}
