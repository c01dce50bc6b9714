import Foundation
import TestSupport
import Testing

@testable import Worker

/// On real datagram sockets, as systemd has them.
@Suite struct SystemdNotificationTests {
    private let log = Log(level: .info, format: .text)

    @Test(arguments: [false, true])
    func statesComeOneByOne(isAbstract: Bool) throws {
        let systemd = try NotificationSocket(isAbstract: isAbstract)
        let notification = SystemdNotification(socket: systemd.name, log: log)
        notification.send(.ready)
        notification.send(.stopping)
        #expect(systemd.next(atMostMs: 1000) == "READY=1")
        #expect(systemd.next(atMostMs: 1000) == "STOPPING=1")
        #expect(systemd.next(atMostMs: 0) == nil)
    }

    @Test(arguments: [
        ("/no/such/socket", "No such file or directory"),
        ("/" + String(repeating: "x", count: 107), "File name too long"),
    ])
    func whatCantBeSentIsSaid(socket: String, reason: String) throws {
        #expect(try logged(sendingTo: socket).contains("READY=1 can't be sent to NOTIFY_SOCKET \(socket): \(reason)"))
    }

    @Test func withoutSystemdNothingHappens() throws { #expect(try logged(sendingTo: nil).isEmpty) }

    private func logged(sendingTo socket: String?) throws -> String {
        let pipe = Pipe()
        let log = Log(level: .info, format: .text, file: FileDescriptor(pipe.fileHandleForWriting.fileDescriptor))
        SystemdNotification(socket: socket, log: log).send(.ready)
        try pipe.fileHandleForWriting.close()
        return String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }
}
