/// The listeners of a test's broker besides the first, and whom they let in.
extension KafkaServer {
    /// One more listener; `advertised` is the port that its clients are told to connect to.
    static func addListener(
        _ name: String, _ protocol: String = "PLAINTEXT", at port: UInt16, advertising advertised: UInt16,
        to settings: inout [String: String]
    ) {
        let direct = (settings["listeners"] ?? "").split(separator: ",").first.map(String.init) ?? ""
        settings["listeners", default: ""] += ",\(name)://127.0.0.1:\(port)"
        settings["advertised.listeners", default: direct] += ",\(name)://127.0.0.1:\(advertised)"
        settings["inter.broker.listener.name"] = "PLAINTEXT"
        settings["listener.security.protocol.map", default: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"] +=
            ",\(name):\(`protocol`)"
    }

    /// Lets users in who say their password.
    static func admit(
        _ users: [String: String], at port: UInt16, overTLS: Bool, to settings: inout [String: String]
    ) {
        addListener("USERS", overTLS ? "SASL_SSL" : "SASL_PLAINTEXT", at: port, advertising: port, to: &settings)
        let passwords = users.map { " user_\($0.key)=\"\($0.value)\"" }.joined()
        settings["listener.name.users.sasl.enabled.mechanisms"] = "PLAIN"
        settings["listener.name.users.plain.sasl.jaas.config"] =
            "org.apache.kafka.common.security.plain.PlainLoginModule required\(passwords);"
        authorize(&settings)
    }

    /// Lets clients in who have a certificate of the authority.
    static func trust(
        _ certificates: TestCertificates, at port: UInt16, to settings: inout [String: String]
    ) throws {
        addListener("CERTIFIED", "SSL", at: port, advertising: port, to: &settings)
        settings["listener.name.certified.ssl.client.auth"] = "required"
        settings["ssl.keystore.type"] = "PEM"
        settings["ssl.keystore.location"] = try certificates.keyStore("broker")
        settings["ssl.truststore.type"] = "PEM"
        settings["ssl.truststore.location"] = certificates.certificate("ca")
        settings["ssl.principal.mapping.rules"] = "RULE:^CN=([^,]+),.*$/$1/"
        authorize(&settings)
    }

    /// What no ACL allows is denied, but to those who come to the first listener.
    private static func authorize(_ settings: inout [String: String]) {
        settings["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
        settings["allow.everyone.if.no.acl.found"] = "false"
        settings["super.users"] = "User:ANONYMOUS"
    }
}
