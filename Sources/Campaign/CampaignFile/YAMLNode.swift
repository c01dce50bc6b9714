/// A node of a YAML document with its place.
struct YAMLNode {
    /// What a node holds.
    enum Content {
        /// A text; plain when it stands without quotes.
        case scalar(String, isPlain: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Members in the order of the file; keys are unique.
        case mapping([Member])
        /// Something whose problem is reported already.
        case unreadable
    }

    /// One `key: value`.
    struct Member {
        let key: String
        let position: Position
        let value: YAMLNode
    }

    let position: Position
    let content: Content

    /// The member of that name.
    subscript(key: String) -> Member? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.key == key }
    }

    /// The elements of a list, none for anything else.
    var elements: [YAMLNode] {
        guard case .sequence(let elements) = content else { return [] }
        return elements
    }
}
