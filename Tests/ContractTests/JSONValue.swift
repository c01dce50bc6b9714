/// Any JSON.
enum JSONValue: Codable, Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// A member of an object.
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// What a path of members leads to: `["data", "fen"]`.
    subscript(_ path: [String]) -> JSONValue? {
        path.reduce(self) { value, name in value?[name] }
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    var members: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    /// The texts of an array.
    var strings: [String] { elements.compactMap(\.string) }

    /// The same object with a member at a path set; nil takes it away.
    func with(_ path: [String], _ value: JSONValue?) -> JSONValue {
        guard let name = path.first, case .object(var members) = self else { return value ?? .null }
        members[name] = path.count == 1 ? value : (members[name] ?? .object([:])).with(Array(path.dropFirst()), value)
        return .object(members)
    }

    /// Every value in it, with the path that leads there, its own first.
    func forEach(_ path: String = "", _ body: (String, JSONValue) throws -> Void) rethrows {
        try body(path, self)
        for (name, value) in members { try value.forEach("\(path)/\(name)", body) }
        for (index, value) in elements.enumerated() { try value.forEach("\(path)/\(index)", body) }
    }
}
