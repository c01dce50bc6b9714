import TestSupport
import Testing
import Worker

@testable import Operations

@Suite struct HealthTests {
    private func health(_ arguments: [String] = [], at address: String) -> Outcome {
        Program.outcome(arguments: ["health"] + arguments, environment: ["HTTP_ADDRESS": address])
    }

    @Test func nobodyThereIsSaid() throws {
        // Nobody listens at a port that no program may have.
        let outcome = health(at: "127.0.0.1:0")
        #expect(outcome.exitCode == .failed)
        #expect(outcome.errors.first?.hasPrefix("no worker answers at 127.0.0.1:0: ") == true, "\(outcome.errors)")
    }

    @Test func aWorkerWithoutHTTPCantBeAsked() {
        #expect(health(at: "off").exitCode == .badConfiguration)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", 200, ["ok"]),
        (
            "HTTP/1.1 503 Service Unavailable\r\n\r\n[-] lane 0 is not in the group\nnot ok\n", 503,
            ["[-] lane 0 is not in the group", "not ok"]
        ),
        ("HTTP/1.0 204 No Content\r\n\r\n", 204, []),
    ])
    func anAnswerIsTakenApart(_ text: String, status: Int, lines: [String]) throws {
        #expect(try HTTPGet.parsed(text) == HTTPGet.Answer(status: status, lines: lines))
    }

    @Test(arguments: ["", "\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 well\r\n\r\n"])
    func whatIsNoAnswerIsSaid(_ text: String) {
        #expect(throws: HTTPGet.Failure.self) { try HTTPGet.parsed(text) }
    }
}
