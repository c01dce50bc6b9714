/// A connection that failed for what people must mend on one side or the other. librdkafka tells it by its text alone,
/// and the calls that wait for the connection only run out of time.
enum ConnectionFault {
    case credentialsRefused, certificateRefused, brokerNotTrusted, noTLSThere, closedAtOnce

    /// The fault that librdkafka's text about a failed connection means; nil where it is an ordinary one.
    init?(_ text: String) {
        func says(_ marks: String...) -> Bool { marks.contains { text.contains($0) } }
        if says("SASL authentication error") {
            // Without an answer nobody refused anything.
            self = says("Request failed: Local:") ? .closedAtOnce : .credentialsRefused
        } else if says(
            "alert certificate", "alert bad certificate", "alert unsupported certificate", "alert unknown ca")
        {
            self = .certificateRefused
        } else if says("certificate verify failed") {
            self = .brokerNotTrusted
        } else if says("unexpected eof while reading", "wrong version number"), says("SSL_HANDSHAKE") {
            self = .noTLSThere
        } else if says("Disconnected while requesting ApiVersion") {
            self = .closedAtOnce
        } else {
            return nil
        }
    }

    /// What is wrong and what to change, in words that go before librdkafka's.
    var advice: String {
        switch self {
        case .credentialsRefused:
            "the brokers refuse the credentials: see sasl.username, sasl.password and sasl.mechanism"
        case .certificateRefused:
            "the brokers refuse our certificate: is ssl.certificate.location set, not expired, and of a CA that they trust?"
        case .brokerNotTrusted:
            "the broker's certificate does not hold"
        case .noTLSThere:
            "the brokers speak no TLS there: see security.protocol and the port"
        case .closedAtOnce:
            "the brokers close the connection at once: security.protocol may be wrong for this port, or they have no rule "
                + "for the name in our certificate (ssl.principal.mapping.rules)"
        }
    }

    /// What must be done; nil where a broker that is just ending does the same, so that trying again may help.
    var reaction: Reaction? {
        switch self {
        case .credentialsRefused: .unauthorised
        case .certificateRefused, .brokerNotTrusted: .misconfigured
        case .noTLSThere, .closedAtOnce: nil
        }
    }
}

/// What OpenSSL has against a broker's certificate, by its number in x509_vfy.h: librdkafka 2.0.2 says "verify failed"
/// whatever it is.
enum CertificateDoubt {
    static func words(_ error: Int32) -> String {
        switch error {
        case 10: "it has expired"
        case 9: "it is not valid yet"
        case 2, 18, 19, 20, 21: "it is of a CA that ssl.ca.location does not hold"
        case 62, 64: "it is for another host name: name the brokers in bootstrap.servers as their certificates do"
        default: "OpenSSL's error \(error)"
        }
    }
}
