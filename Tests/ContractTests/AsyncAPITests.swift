import Campaign
import Foundation
import Testing
import Worker

@testable import Operations

/// `asyncapi.yaml` is well formed, and says of topics and messages what the code does.
@Suite(.enabled(if: Documents.missing == nil, "\(Documents.missing ?? "")"))
struct AsyncAPITests {
    private let document: JSONValue

    init() throws { document = try Documents.asyncAPI() }

    @Test func itHasTheFormOfAsyncAPI3() throws {
        let form = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "asyncapi.schema.yaml")
        func faults(_ document: JSONValue) throws -> [SchemaFault] {
            try Documents.faults([SchemaCase(file: form, name: "asyncapi.yaml", document)])
        }
        #expect(try faults(document).isEmpty)
        let misspelt = document.with(["channels", "rechargeEvents", "adress"], .string("x"))
        #expect(try faults(misspelt).count == 1)
    }

    @Test func everyReferenceLeadsSomewhere() throws {
        var count = 0
        func check(_ document: JSONValue, in folder: URL) throws {
            try document.forEach { path, value in
                guard let reference = value["$ref"]?.string else { return }
                count += 1
                let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target = parts[0].isEmpty ? document : try Documents.document(folder.appending(path: "\(parts[0])"))
                let steps = (parts.count > 1 ? parts[1] : "").split(separator: "/").map(String.init)
                #expect(target[steps] != nil, "\(reference) at \(path)")
            }
        }
        try check(document, in: Documents.folder)
        for name in Documents.schemaNames { try check(Documents.schema(name), in: Documents.folder) }
        #expect(count > 50)
    }

    @Test func everySchemaIsUsed() throws {
        var used: Set<String> = []
        document.forEach { _, value in if let reference = value["$ref"]?.string { used.insert(reference) } }
        for name in Documents.schemaNames { #expect(used.contains("./schemas/\(name).json"), "\(name)") }
    }

    /// The worker's own topics are nobody else's business.
    private static let published = TopicRole.allCases.filter { $0 != .campaignMail && $0 != .campaignState }

    @Test func channelsAreTheTopics() throws {
        let topics = Topics(prefix: "", partitions: 12, replication: 1)
        let channels = Dictionary(
            uniqueKeysWithValues: (document["channels"]?.members ?? [:]).values.map { ($0["address"]?.string, $0) })
        #expect(Set(channels.keys) == Set(Self.published.map(\.rawValue)))
        for role in Self.published {
            let binding = try #require(channels[role.rawValue]?[["bindings", "kafka"]])
            #expect(binding["partitions"] == .integer(Int64(topics.partitions)))
            let settings = (binding["topicConfiguration"]?.members ?? [:]).mapValues(written)
            // How many copies must be in sync is each cluster's own.
            let wanted = topics.settings(role, replicas: 1).filter { $0.name != "min.insync.replicas" }
            #expect(settings == Dictionary(uniqueKeysWithValues: wanted.map { ($0.name, $0.value) }), "\(role)")
        }
    }

    /// A setting as Kafka writes it.
    private func written(_ value: JSONValue) -> String {
        switch value {
        case .integer(let number): "\(number)"
        case .string(let text): text
        default: value.strings.joined(separator: ",")
        }
    }

    @Test func theWorkerReceivesWhatIsInput() throws {
        for operation in (document["operations"]?.members ?? [:]).values {
            let channel = try #require(operation[["channel", "$ref"]]?.string?.split(separator: "/").last)
            let address = document[["channels", String(channel), "address"]]?.string
            let role = try #require(address.flatMap(TopicRole.init(rawValue:)))
            #expect(operation["action"] == .string(role.isInput ? "receive" : "send"), "\(role)")
        }
    }

    @Test func anInputTakesTheTypesOfItsMessages() throws {
        for topic in InputTopic.allCases where !topic.eventTypes.isEmpty {
            let channels = (document["channels"]?.members ?? [:]).values
            let channel = try #require(channels.first { $0["address"]?.string == topic.role.rawValue })
            let types = (channel["messages"]?.members.keys.map { $0 } ?? []).map {
                document[["components", "messages", $0, "name"]]?.string ?? ""
            }
            #expect(Set(types) == Set(topic.eventTypes), "\(topic)")
        }
    }

    @Test func theVersionAndTheGroupAreTheCodes() throws {
        #expect(document[["info", "version"]] == .string(Release.version))
        let settings = try Settings(environment: ["KAFKA_BOOTSTRAP_SERVERS": "h:1", "WORKER_ID": "w"], flags: [])
        let group = document[["components", "operationBindings", "worker", "kafka", "groupId", "default"]]
        #expect(group == .string(settings.group))
    }

    @Test func eachMessageStandsOnTheTopicOfItsSchema() throws {
        for (name, message) in document[["components", "messages"]]?.members ?? [:] {
            guard let file = message[["payload", "$ref"]]?.string else { continue }
            let schema = try Documents.document(Documents.folder.appending(path: file))
            let title = try #require(schema["title"]?.string)
            #expect("./schemas/\(title).json" == file)
            let type = schema[["properties", "type", "const"]]?.string
            #expect(message["name"]?.string == type ?? title.replacing(".v1", with: ""), "\(name)")
        }
    }
}
