import Foundation
import Testing
import Worker

@testable import Operations

/// What `deploy` and `docker-compose.yml` say is what the code says.
@Suite struct DeploymentTests {
    private func text(of path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test func strimzisTopicsAreThoseThatTopicsCreateMakes() throws {
        let topics = Topics(prefix: "", partitions: 12, replication: 3)
        let resources = TopicRole.allCases.map { role in
            """
            apiVersion: kafka.strimzi.io/v1
            kind: KafkaTopic
            metadata:
              name: \(topics.name(role))
            spec:
              partitions: \(topics.partitions)
              replicas: \(topics.replication)
              config:

            """ + topics.settings(role, replicas: topics.replication).map { "    \($0.name): \($0.value)\n" }.joined()
        }
        let file = try text(of: "deploy/kubernetes/strimzi/topics.yaml")
        #expect(file.drop { $0 != "\n" }.dropFirst() == resources.joined(separator: "---\n"))
    }

    @Test(arguments: [
        ("deploy/Dockerfile", "ARG VERSION="), ("docker-compose.yml", "image: recharge-worker:"),
        ("deploy/kubernetes/base/statefulset.yaml", "image: recharge-worker:"),
        ("deploy/kubernetes/overlays/production/kustomization.yaml", "newTag: "),
    ])
    func theVersionIsThePrograms(path: String, label: String) throws {
        let found = try text(of: path).split(separator: label).dropFirst().map { $0.prefix { !"\n}".contains($0) } }
        #expect(Set(found) == [Release.version[...]])
    }

    /// A campaign's days are China's: elsewhere the first of the month comes later.
    @Test(arguments: ["README.md", "docs/DEPLOYMENT.md", "deploy/checks/compose"])
    func theMonthOfTheExampleIsChinas(path: String) throws {
        let text = try text(of: path)
        #expect(text.contains("$(TZ=UTC-8 date +%Y-%m-01)"))
        #expect(!text.contains("$(date +%Y-%m"))
    }
}
