import Testing

@testable import Kafka

/// What librdkafka 2.0.2 with OpenSSL 3 says of connections that failed, and what it means.
@Suite struct ConnectionFaultTests {
    @Test(
        arguments: [
            ("SASL authentication error: Authentication failed: Invalid username or password", .credentialsRefused),
            (
                "SASL authentication error: SaslAuthenticateRequest failed: Local: Broker transport failure",
                .closedAtOnce
            ),
            (
                "Receive failed: error:0A000416:SSL routines::sslv3 alert certificate unknown: SSL alert number 46",
                .certificateRefused
            ),
            (
                "Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42",
                .certificateRefused
            ),
            (
                "Receive failed: error:0A000418:SSL routines::tlsv1 alert unknown ca: SSL alert number 48",
                .certificateRefused
            ),
            (
                "error:0A000086:SSL routines::certificate verify failed (after 4ms in state SSL_HANDSHAKE)",
                .brokerNotTrusted
            ),
            (
                "SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading (after 2ms in state SSL_HANDSHAKE)",
                .noTLSThere
            ),
            // A broker that was killed.
            (
                "Receive failed: error:0A000126:SSL routines::unexpected eof while reading (after 900ms in state UP)",
                nil
            ),
            (
                "Disconnected while requesting ApiVersion: might be caused by broker version < 0.10 (after 5ms in state APIVERSION_QUERY)",
                .closedAtOnce
            ),
            ("Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)", nil),
            ("Disconnected (after 60000ms in state UP)", nil),
        ] as [(String, ConnectionFault?)])
    func textsMeanFaults(_ text: String, _ fault: ConnectionFault?) {
        #expect(ConnectionFault(text) == fault)
    }

    /// A broker that is just ending must not end its workers for good.
    @Test func onlyWhatLastsEndsAWorker() {
        #expect(ConnectionFault.closedAtOnce.reaction == nil)
        #expect(ConnectionFault.noTLSThere.reaction == nil)
        #expect(ConnectionFault.brokerNotTrusted.reaction == .misconfigured)
        #expect(ConnectionFault.credentialsRefused.reaction == .unauthorised)
    }

    @Test func filesThatCannotBeReadAreNamed() {
        let properties: ClientProperties = ["ssl.key.location": "/none.key", "ssl.ca.location": "/dev/null"]
        #expect(
            properties.explaining("ssl.key.location failed: error:0A080002:SSL routines::system lib")
                == "ssl.key.location: can't read /none.key: No such file or directory")
        #expect(
            properties.explaining("ssl.ca.location failed: no certificate").hasPrefix(
                "ssl.ca.location: /dev/null can't be used"))
        #expect(properties.explaining("No provider for SASL mechanism X") == "No provider for SASL mechanism X")
    }
}
