import Campaign
import Foundation
import Testing

/// Every schema is one, its examples are good, and its words are the code's.
@Suite(.enabled(if: Documents.missing == nil, "\(Documents.missing ?? "")"))
struct SchemaTests {
    @Test func everyExampleIsGood() throws {
        var cases: [SchemaCase] = []
        for name in Documents.schemaNames {
            let examples = try #require(Documents.schema(name)["examples"]?.elements)
            #expect(!examples.isEmpty, "\(name)")
            // A request's headers are its letter's, too.
            let closed = name != "letter-request-headers.v1"
            cases += examples.map { SchemaCase(name, closed: closed, name: name, $0) }
        }
        #expect(cases.count >= 11)
        let faults = try Documents.faults(cases)
        #expect(faults.isEmpty, "\(faults)")
    }

    /// Schemas stand alone, so they repeat definitions: one name means one thing in all of them.
    @Test func definitionsAreTheSameInAllSchemas() throws {
        var known: [String: JSONValue] = [:]
        for name in Documents.schemaNames {
            for (definition, value) in try Documents.schema(name)["$defs"]?.members ?? [:] {
                #expect(known[definition] ?? value == value, "\(definition) in \(name)")
                known[definition] = value
            }
        }
        #expect(known.count > 5)
    }

    private func words(_ schema: String, _ path: String...) throws -> Set<String> {
        Set(try Documents.schema(schema)[path + ["enum"]]?.strings ?? [])
    }

    @Test func enumerationsAreTheCodes() throws {
        let benefits = Set(Benefit.allCases.map { "\($0.name)" })
        for command in ["credit.grant.v1", "credit.reverse.v1"] {
            #expect(try words(command, "$defs", "lines", "items", "properties", "benefit") == benefits)
        }
        let granted = try Documents.schema("campaign-stats.v1")[["properties", "grantedFen"]]
        #expect(Set(granted?["properties"]?.members.keys.map { $0 } ?? []) == benefits)

        let reasons = Set(Rejection.allCases.map { "\($0.name)" })
        #expect(try words("dead-letter-headers.v1", "$defs", "reason") == reasons)
        #expect(try words("dead-letter-status.v1", "$defs", "reason") == reasons)
        #expect(
            try words("dead-letter-headers.v1", "$defs", "class")
                == Set(Rejection.allCases.map { "\($0.letterClass.name)" }))

        #expect(
            try words("sms.send.v1", "properties", "data", "properties", "template")
                == Set(MessageTemplates.Kind.allCases.map(\.rawValue)))
        let parameters = try Documents.schema("sms.send.v1")[["properties", "data", "properties", "parameters"]]
        #expect(
            Set(parameters?["properties"]?.members.keys.map { $0 } ?? [])
                == Set(MessageTemplates.Placeholder.allCases.map(\.rawValue)))
        #expect(
            try words("recharge.completed.v1", "properties", "data", "properties", "carrier")
                == Set(Carrier.allCases.map(\.rawValue)))
    }
}
