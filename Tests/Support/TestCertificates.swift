import Foundation

/// A certificate authority made for a test, and what it issues: `NAME.pem` and `NAME.key` in a folder of its own.
public final class TestCertificates: Sendable {
    private let folder: String

    /// Makes the authority `ca`.
    public init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "certificates-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try addAuthority("ca")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes another authority.
    public func addAuthority(_ name: String) throws {
        try openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)", "-out", certificate(name)] + newKey(name))
    }

    /// Issues a certificate whose principal is `name` by the broker's rule.
    ///
    /// - Parameters:
    ///   - file: names its files; nil is the name.
    ///   - days: how long it holds from now; -1 has expired.
    ///   - address: an IP address that it is for, as a broker's must be.
    public func issue(
        _ name: String, file: String? = nil, days: Int = 2, by authority: String = "ca", address: String? = nil
    ) throws {
        let file = file ?? name
        let request = "\(folder)/\(file).csr"
        let extensions = "\(folder)/\(file).ext"
        try openssl(["req", "-new", "-subj", "/O=operator/CN=\(name)", "-out", request] + newKey(file))
        try (address.map { "subjectAltName=IP:\($0)\n" } ?? "").write(
            toFile: extensions, atomically: true, encoding: .utf8)
        try openssl([
            "x509", "-req", "-in", request, "-CA", certificate(authority), "-CAkey", key(authority), "-days",
            "\(days)", "-extfile", extensions, "-out", certificate(file),
        ])
    }

    /// The path of a certificate.
    public func certificate(_ name: String) -> String { "\(folder)/\(name).pem" }

    /// The path of a certificate's key.
    public func key(_ name: String) -> String { "\(folder)/\(name).key" }

    /// The path of a file with key and certificate, as a broker takes them.
    func keyStore(_ name: String) throws -> String {
        let path = "\(folder)/\(name).store"
        let both = try [key(name), certificate(name)].map { try String(contentsOfFile: $0, encoding: .utf8) }
        try both.joined().write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func newKey(_ name: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key(name)]
    }

    private func openssl(_ arguments: [String]) throws {
        let process = try ChildProcess(executable: "/usr/bin/env", arguments: ["openssl"] + arguments)
        guard try process.waitForExit() == 0 else { throw TestFailure("openssl failed:\n\(process.tail())") }
    }
}
