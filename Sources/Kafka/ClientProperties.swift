internal import CRdKafka
internal import Glibc

/// librdkafka properties in the order they were set; a later value replaces an earlier one.
public struct ClientProperties: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private struct Property: Sendable, Equatable {
        let name: String
        var value: String
    }
    private var properties: [Property] = []

    /// Properties as a literal: `["bootstrap.servers": "127.0.0.1:9092"]`.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// A property's value; nil where it is not set. Setting nil removes it.
    public subscript(name: String) -> String? {
        get { properties.first { $0.name == name }?.value }
        set {
            let index = properties.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): properties[index].value = value
            case (let index?, nil): properties.remove(at: index)
            case (nil, let value?): properties.append(Property(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// These properties with the others on top.
    public func overlaid(with others: ClientProperties) -> ClientProperties {
        var result = self
        for property in others.properties { result[property.name] = property.value }
        return result
    }

    /// Tells at once whether librdkafka knows each name and takes each value; the failure names the property.
    func check() throws(KafkaFailure) {
        rd_kafka_conf_destroy(try configuration())
    }

    /// A new configuration with these properties; the caller owns it.
    func configuration() throws(KafkaFailure) -> OpaquePointer {
        guard let configuration = rd_kafka_conf_new() else { throw .configuration("out of memory") }
        for property in properties {
            let (result, text) = withErrorText { text, size in
                rd_kafka_conf_set(configuration, property.name, property.value, text, size)
            }
            guard result == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(configuration)
                throw .configuration("\(property.name): \(text)")
            }
        }
        return configuration
    }
}

extension ClientProperties {
    /// librdkafka's refusal of a file, such as `ssl.key.location failed: error:05800074:…::key values mismatch`, with the
    /// file's name and the system's reason.
    func explaining(_ text: String) -> String {
        guard let name = text.split(separator: " ").first.map(String.init), name.hasSuffix(".location"),
            let path = self[name]
        else { return text }
        guard access(path, R_OK) == 0 else { return "\(name): can't read \(path): \(String(cString: strerror(errno)))" }
        return "\(name): \(path) can't be used: \(text)"
    }

    /// librdkafka's level of warnings, as in syslog.
    private static let warning: Int32 = 4

    /// How much of librdkafka's log is wanted; nil where it is left to librdkafka.
    private var logLevel: Int32? { self["log_level"].flatMap { Int32($0) } }

    /// With warnings told, whatever is wanted: only they say that a session timed out.
    var tellingWarnings: ClientProperties {
        guard let logLevel, logLevel < Self.warning else { return self }
        return overlaid(with: ["log_level": "\(Self.warning)"])
    }

    /// A log of what is wanted only.
    func filtering(_ log: @escaping KafkaLog) -> KafkaLog {
        guard let wanted = logLevel else { return log }
        return { level, text in if level <= wanted { log(level, text) } }
    }
}

/// Runs a call that writes its error as text, and returns its result with that text.
func withErrorText<Result>(_ call: (UnsafeMutablePointer<CChar>, Int) -> Result) -> (Result, String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        buffer.initialize(repeating: 0)
        guard let start = buffer.baseAddress else { preconditionFailure("512 bytes have an address") }
        let result = call(start, buffer.count)
        return (result, String(cString: start))
    }
}
