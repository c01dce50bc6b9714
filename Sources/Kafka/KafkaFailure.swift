internal import CRdKafka

/// A call that failed, with what the runtime must do about it.
public struct KafkaFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Kafka's error code; negative codes are librdkafka's own.
    public let code: Int32
    /// The code's name, such as `_TRANSPORT` or `TOPIC_AUTHORIZATION_FAILED`.
    public let name: String
    /// What librdkafka or the broker says about it.
    public let text: String
    /// The call that failed, such as `commit`.
    public let call: String
    /// What to do about it.
    public let reaction: Reaction

    /// One line for the log.
    public var description: String { "\(call): \(name): \(text)" }

    init(_ code: rd_kafka_resp_err_t, _ text: String? = nil, call: String, reaction: Reaction? = nil) {
        self.code = code.rawValue
        self.name = String(cString: rd_kafka_err2name(code))
        self.text = text ?? String(cString: rd_kafka_err2str(code))
        self.call = call
        self.reaction = reaction ?? Reaction.to(code, in: .plain)
    }

    /// Reads an error object and destroys it.
    init(consuming error: OpaquePointer, call: String, kind: Reaction.Call) {
        defer { rd_kafka_error_destroy(error) }
        let code = rd_kafka_error_code(error)
        var flags: Reaction.Flags = []
        if rd_kafka_error_is_fatal(error) != 0 { flags.insert(.fatal) }
        if rd_kafka_error_txn_requires_abort(error) != 0 { flags.insert(.requiresAbort) }
        if rd_kafka_error_is_retriable(error) != 0 { flags.insert(.retriable) }
        self.init(
            code, String(cString: rd_kafka_error_string(error)), call: call,
            reaction: Reaction.to(code, flags: flags, in: kind))
    }

    /// A property or a combination of properties that librdkafka refuses.
    static func configuration(_ text: String) -> KafkaFailure {
        KafkaFailure(RD_KAFKA_RESP_ERR__INVALID_ARG, text, call: "configure", reaction: .misconfigured)
    }
}

/// Throws what a call returned as its error object.
func check(_ error: OpaquePointer?, _ call: String, _ kind: Reaction.Call = .plain) throws(KafkaFailure) {
    if let error { throw KafkaFailure(consuming: error, call: call, kind: kind) }
}

/// Throws unless a call returned success.
func check(_ code: rd_kafka_resp_err_t, _ call: String) throws(KafkaFailure) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaFailure(code, call: call) }
}

/// The version of librdkafka at run time, such as `2.0.2`.
public func version() -> String {
    String(cString: rd_kafka_version_str())
}
