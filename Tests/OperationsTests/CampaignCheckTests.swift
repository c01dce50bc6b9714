import Campaign
import Foundation
import Testing
import Worker

@testable import Operations

@Suite struct CampaignCheckTests {
    private static let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "deploy/campaign/campaign.yaml").path

    /// The example, changed, in a folder of its own with its segments.
    private func changed(_ old: String, to new: String, _ check: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try String(contentsOfFile: Self.example, encoding: .utf8)
        #expect(text.contains(old))
        let path = folder.appending(path: "campaign.yaml").path
        try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
        try "1380000\n".write(to: folder.appending(path: "segments.txt"), atomically: true, encoding: .utf8)
        try check(path)
    }

    private static let inMay = Timestamp(milliseconds: 1_778_342_400_000)

    @Test func theExampleIsSaidInWords() throws {
        let outcome = checkCampaign(Self.example, against: nil, now: Self.inMay)
        #expect(outcome.exitCode == .ok)
        #expect(outcome.output.contains { $0.contains("中山移动充值活动") })
    }

    @Test func aMistakeIsNamedWithItsPlace() throws {
        try changed("stacking: all ", to: "stacking: al ") { path in
            let outcome = checkCampaign(path, against: nil, now: Self.inMay)
            #expect(outcome.exitCode == .badData)
            #expect(outcome.output.count == 1)
            #expect(outcome.output.first?.hasPrefix("\(path):7:") == true, "\(outcome.output)")
        }
    }

    @Test func aRefusedChangeIsNamed() throws {
        try changed("perAssistFen: 200", to: "perAssistFen: 300") { path in
            let outcome = checkCampaign(path, against: Self.example, now: Self.inMay)
            #expect(outcome.exitCode == .badData)
            #expect(outcome.output.first?.hasPrefix("\(path):") == true, "\(outcome.output)")
        }
    }

    @Test func anAllowedChangeIsSaid() throws {
        try changed("grace: 7d", to: "grace: 9d") { path in
            let outcome = checkCampaign(path, against: Self.example, now: Self.inMay)
            #expect(outcome.exitCode == .ok)
            #expect(outcome.output.last?.contains("is allowed") == true)
        }
    }

    @Test func anUnreadableFileIsNamed() throws {
        let outcome = checkCampaign("/no/such.yaml", against: nil, now: Self.inMay)
        #expect(outcome.exitCode == .badData)
        #expect(outcome.output.count == 1)
        #expect(outcome.output.first?.contains("No such file or directory") == true, "\(outcome.output)")
        #expect(checkCampaign("/", against: nil, now: Self.inMay).exitCode == .badData)
    }
}
