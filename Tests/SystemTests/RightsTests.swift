import Foundation
import TestSupport
import Testing

/// `deploy/kafka/acls` gives each principal what it needs and no more.
@Suite(.enabled(if: KafkaServer.available, Comment(rawValue: KafkaServer.reason)))
struct RightsTests {
    private static let readBy: [String: Set<String>] = [
        "worker": [
            "recharge-events", "assist-events", "credit-receipts", "letter-requests", "campaign-mail", "campaign-state",
        ],
        "billing": ["bonus-credits"],
        "gateway": ["sms-notifications"],
        "ops": ["dead-letters", "dead-letter-status", "campaign-state", "bonus-credits"],
        "monitoring": ["campaign-stats"],
        "admin": ["campaign-state"],
    ]
    private static let writtenBy: [String: Set<String>] = [
        "worker": [
            "bonus-credits", "sms-notifications", "dead-letters", "dead-letter-status", "campaign-mail",
            "campaign-state", "campaign-stats",
        ],
        "billing": ["recharge-events", "credit-receipts"],
        "pages": ["assist-events"],
        "ops": ["letter-requests"],
    ]
    private static let topics =
        CampaignRun.inputs + CampaignRun.answers + CampaignRun.outputs + CampaignRun.others

    @Test func eachMayDoItsWorkAndNoMore() throws {
        let bed = try AccessBed.shared.get()
        let run = try CampaignRun(CampaignRun.openCampaign(), on: bed.server)
        try bed.acls([], for: run)
        // There is something to read everywhere.
        let owner = try TestProducer(bootstrapServers: bed.server.bootstrapServers)
        for topic in Self.topics {
            try owner.produce(topic: run.prefix + topic, partition: 0, key: "key", value: "value")
        }
        try owner.flush()
        for role in AccessBed.roles {
            let probe = try bed.probe(role)
            for topic in Self.topics {
                let name = run.prefix + topic
                #expect(try probe.mayRead(name) == (Self.readBy[role]?.contains(topic) ?? false), "\(role) \(topic)")
                #expect(
                    try probe.mayWrite(name) == (Self.writtenBy[role]?.contains(topic) ?? false), "\(role) \(topic)")
            }
        }
        for (role, topic) in [
            ("billing", "bonus-credits"), ("gateway", "sms-notifications"), ("monitoring", "campaign-stats"),
        ] {
            #expect(try bed.probe(role, group: "\(role)-1").mayCommit(run.prefix + topic), "\(role)")
        }
        #expect(try bed.probe("monitoring", group: run.group).maySeePlaces(run.prefix + "recharge-events"))
        #expect(try !bed.probe("monitoring", group: run.group).mayCommit(run.prefix + "campaign-stats"))

        try expect("admin", ["topics", "create"], to: 0, bed, run)
        try expect("admin", ["topics", "check"], to: 0, bed, run)
        try expect("ops", ["letters", "groups"], to: 0, bed, run)
        try expect("ops", ["letters", "replay", "--class", "sla"], to: 0, bed, run)
        try expect("ops", ["topics", "check"], to: 77, bed, run)
        try expect("billing", ["letters", "groups"], to: 77, bed, run)
    }

    private func expect(
        _ role: String, _ words: [String], to code: Int32, _ bed: AccessBed, _ run: CampaignRun
    ) throws {
        let ended = try WorkerProcess.run(words, environment: run.environment(worker: "a", bed.certified(role)))
        #expect(ended.exitCode == code, "\(role) \(words): \(ended.lines)")
        guard code == 77 else { return }
        #expect(ended.lines.contains { $0.contains("TOPICS_PREFIX=\(run.prefix) deploy/kafka/acls") }, "\(ended.lines)")
    }

    @Test func theWorkerNamesEachRightThatItMisses() throws {
        let bed = try AccessBed.shared.get()
        let run = try CampaignRun(CampaignRun.openCampaign(), on: bed.server)
        try bed.acls(["worker"], for: run)
        let rights = try bed.acls(["--print", "worker"], for: run).flatMap(Right.all)
        #expect(rights.count == 15)
        for (number, right) in rights.enumerated() {
            try bed.server.changeAccess(["--remove"] + right.words)
            // What stands in another subscriber's partition goes on by mail.
            var stray = run.recharge("stray-\(number)")
            stray.partition = (stray.partition + 1) % run.partitions
            try run.publish([stray])
            let worker = try run.start("a", bed.authenticated())
            #expect(try worker.waitForExit(timeout: .seconds(60)) == 77, "\(right): \(worker.process.tail(5))")
            let last = worker.lines.last { $0.contains(#""event":"stopped""#) } ?? ""
            #expect(last.contains("the ACL \(right.operation) on \(right.resource) "), "\(last)")
            #expect(last.contains(right.name), "\(last)")
            try bed.server.changeAccess(try command(in: last))
        }
        let worker = try run.start("a", bed.authenticated())
        try worker.waitUntilReady()
        try run.waitUntilIdle()
        try run.stop(worker)
        #expect(try run.read("bonus-credits").count == rights.count)
    }

    @Test(arguments: AccessBed.roles)
    func strimzisUserHasTheSameRights(role: String) throws {
        let printed = try AccessBed.acls(["--print", role]).flatMap(Right.all)
        let form = /type: (\w+), name: ([\w.-]+)(, patternType: prefix)?}, operations: \[(.+)]/
        let rights = try AccessBed.strimzisUser(role).matches(of: form).flatMap { match in
            match.4.split(separator: ", ").map {
                Right(
                    operation: String($0),
                    resource: match.1 == "transactionalId" ? "transactional-id" : String(match.1),
                    name: String(match.2), pattern: match.3 == nil ? "literal" : "prefixed")
            }
        }
        #expect(Set(rights) == Set(printed))
        #expect(!rights.isEmpty)
    }

    /// The words of the command that the worker's last line names, without the brokers.
    private func command(in line: String) throws -> [String] {
        let found = try #require(line.firstMatch(of: /kafka-acls --bootstrap-server \S+ ([^"]+)/))
        return found.1.split(separator: " ").map(String.init)
    }
}

/// One ACL, as `deploy/kafka/acls --print` has it.
private struct Right: Hashable, CustomStringConvertible {
    let operation: String
    let resource: String
    let name: String
    let pattern: String

    var words: [String] {
        [
            "--allow-principal", "User:worker", "--operation", operation, "--\(resource)", name,
            "--resource-pattern-type", pattern,
        ]
    }

    var description: String { "\(operation) on \(resource) \(name)" }

    /// The ACLs of one printed command.
    static func all(in command: String) -> [Right] {
        func values(_ flag: String) -> [String] {
            command.matches(of: /--(\S+) (\S+)/).filter { $0.1 == flag }.map { String($0.2) }
        }
        return values("operation").flatMap { operation in
            ["topic", "group", "transactional-id"].flatMap { resource in
                values(resource).map {
                    Right(
                        operation: operation, resource: resource, name: $0,
                        pattern: values("resource-pattern-type").first ?? "literal")
                }
            }
        }
    }
}
