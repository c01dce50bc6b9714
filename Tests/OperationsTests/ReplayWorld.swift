import Foundation
import TestSupport
import Testing

/// A campaign of its own with a running worker, for the tool to work on.
final class ReplayWorld {
    let topics: LetterFixture
    private let folder: URL
    private var worker: WorkerProcess?

    /// Starts a worker whose campaign knows no package P9, unless told otherwise.
    init(knowsPackage: Bool = false) throws {
        topics = try LetterFixture()
        folder = FileManager.default.temporaryDirectory.appending(path: "replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "1341600\n".write(to: folder.appending(path: "segments.txt"), atomically: true, encoding: .utf8)
        try start(knowsPackage: knowsPackage)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var environment: [String: String] {
        topics.environment.merging([
            "CAMPAIGN_FILE": folder.appending(path: "campaign.yaml").path, "WORKER_ID": "a",
            "WORKER_GROUP": topics.prefix + "group", "HTTP_ADDRESS": "off", "USER": "lin",
        ]) { _, given in given }
    }

    /// Starts the worker anew with a campaign that knows the package, or doesn't.
    func start(knowsPackage: Bool) throws {
        try stop()
        try campaign(knowsPackage: knowsPackage)
            .write(to: folder.appending(path: "campaign.yaml"), atomically: true, encoding: .utf8)
        worker = try WorkerProcess(arguments: ["run"], environment: environment)
        try worker?.waitUntilReady()
    }

    func stop() throws {
        worker?.terminate()
        _ = try worker?.waitForExit(timeout: .seconds(15))
        worker = nil
    }

    private func campaign(knowsPackage: Bool) -> String {
        let packages =
            "{code: P58, feeFen: 5800, prepayFen: 17400}"
            + (knowsPackage ? ", {code: P9, feeFen: 1000, prepayFen: 3000}" : "")
        return """
            campaign: replays
            title: 重放
            versions:
              - version: 1
                from: 2026-01-01T00:00:00+08:00
                stacking: all
                bonusCredit:
                  tiers: [{atLeastFen: 3000, creditFen: 300}]
                packagePrepay:
                  payPercent: 80
                  packages: [\(packages)]
            window: {start: 2026-01-01T00:00:00+08:00, end: 2099-01-01T00:00:00+08:00, grace: 7d}
            audience: {carrier: CMCC, city: "442000", segments: segments.txt, portedIn: [], portedOut: []}
            gifts: {confirmWithin: 2s}
            budget: {totalFen: 500000000}
            limits: {maxRechargeFen: 5000000}
            sms:
              signature: 中国移动
              templates:
                recharge-gift: 您于{date}充值{amount}元，获赠话费{credit}元{breakdown}。
                assist-gift: 您获得{credit}元。
                helper-gift: 您获得{credit}元。
                gift-reversed: 您的充值已于{date}退款{refunded}元，{credit}元将收回。
            """
    }

    /// Publishes a recharge; the same arguments make the same event.
    func recharge(_ id: String, _ number: Int, package: String? = nil, amount: String = "5000") throws {
        let extra = package.map { #","package":"\#($0)""# } ?? ""
        let value =
            #"{"specversion":"1.0","id":"\#(id)","source":"/b","type":"recharge.completed.v1","#
            + #""time":"2026-05-03T09:00:00+08:00","subject":"\#(number)","data":{"amountFen":\#(amount),"channel":"app"\#(extra)}}"#
        try topics.producer.produce(topic: topics.prefix + "recharge-events", key: "\(number)", value: value)
        try topics.producer.flush()
    }

    /// A subscriber's number for each index.
    static func number(_ index: Int) -> Int { 13_416_000_000 + index }

    /// Runs the tool; `environment` and standard error's lines as in `WorkerProcess.run`.
    func letters(_ line: String) throws -> (exitCode: Int32, lines: [String]) {
        try WorkerProcess.run(arguments(line), environment: environment, timeout: .seconds(90))
    }

    /// Starts the tool and lets it run.
    func startLetters(_ line: String) throws -> WorkerProcess {
        try WorkerProcess(arguments: arguments(line), environment: environment)
    }

    func arguments(_ line: String) -> [String] { ["letters"] + line.split(separator: " ").map(String.init) }

    /// Starts a billing system that ends when told to.
    func startBilling(_ line: String = "") throws -> WorkerProcess {
        let billing = try WorkerProcess(
            arguments: ["simulate", "billing"] + line.split(separator: " ").map(String.init), environment: environment)
        try billing.waitFor(lineContaining: "taking")
        return billing
    }

    /// Waits until so many letters had this as their latest status.
    func wait(for count: Int, _ state: String, reason: String) throws {
        let reader = try TestReader(
            bootstrapServers: topics.server.bootstrapServers, topic: topics.prefix + "dead-letter-status")
        try reader.read(what: "\(count) letters \(state)") { records in
            var latest: [String: String] = [:]
            for record in records { latest[record.keyText ?? ""] = record.valueText ?? "" }
            return latest.values.count {
                $0.contains(#""state":"\#(state)""#) && $0.contains(#""reason":"\#(reason)""#)
            } >= count
        }
    }

    /// The ids of all credit commands, each as often as it stands.
    func commands() throws -> [String] {
        let records = try TestReader.readAll(
            bootstrapServers: topics.server.bootstrapServers, topic: topics.prefix + "bonus-credits")
        return records.compactMap { $0.valueText?.firstMatch(of: /"id":"([^"]+)"/).map { String($0.1) } }
    }
}
