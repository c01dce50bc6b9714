import Campaign
import Foundation
import Testing
import Worker

/// What the pages for integrators call by its name is called so in the code.
@Suite struct WordsTests {
    private static let pages = ["docs/INTEGRATION.md", "deploy/contracts/asyncapi.yaml"]

    private func text(_ page: String) throws -> String {
        try String(contentsOf: Documents.root.appending(path: page), encoding: .utf8)
    }

    @Test(arguments: pages)
    func reasonsAndSettingsAreKnown(_ page: String) throws {
        let reasons = Rejection.allCases.map { "\($0.name)" } + Reason.allCases.map { "\($0.name)" } + ["NO_GRANT"]
        let variables = Setting.all.map(\.name) + ["KAFKA_HOME", "SASL_SSL"]
        let known = Set(reasons + variables)
        let used = Set(try text(page).matches(of: /[A-Z]{2,}(?:_[A-Z]+)+/).map { String($0.0) })
        #expect(used.subtracting(known).isEmpty)
        #expect(used.count > 3)
    }

    @Test(arguments: pages)
    func typesAreKnown(_ page: String) throws {
        let inputs = InputTopic.allCases.flatMap(\.eventTypes)
        let outputs = ["credit.grant.v1", "credit.reverse.v1", "sms.send.v1"]
        let used = Set(try text(page).matches(of: /[a-z]+\.[a-z]+\.v1/).map { String($0.0) })
        #expect(used == Set(inputs + outputs))
    }

    @Test func everyReasonHasARowForItsWriter() throws {
        let page = try text("docs/INTEGRATION.md")
        for reason in Rejection.allCases { #expect(page.contains("\(reason.name)"), "\(reason.name)") }
    }

    @Test func everyTopicOfOthersIsNamed() throws {
        let page = try text("docs/INTEGRATION.md")
        for role in TopicRole.allCases where role != .campaignMail && role != .campaignState {
            #expect(page.contains("`\(role.rawValue)`"), "\(role)")
        }
    }

    @Test(arguments: pages)
    func linkedFilesAreThere(_ page: String) throws {
        let folder = Documents.root.appending(path: page).deletingLastPathComponent()
        for link in try text(page).matches(of: /\]\((?!http)([^)#]+)[^)]*\)/) {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: String(link.1)).path), "\(link.1)")
        }
    }
}
