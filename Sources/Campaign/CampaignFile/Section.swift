/// A mapping of the campaign file whose members are known by name: the cases of `Key`, spelt as the file spells them.
struct Section<Key: RawRepresentable & CaseIterable & Hashable> where Key.RawValue == String {
    private let field: Field
    private var members: [Key: Field] = [:]
    private var misspelt: Set<Key> = []

    /// Takes the members apart and reports the unknown ones. Nil (reported) when the value is no mapping.
    init?(_ field: Field, keys: Key.Type = Key.self) {
        guard case .mapping(let members) = field.node.content else {
            if case .unreadable = field.node.content { return nil }
            field.report("`\(field.name)` must have members: \(listed(Key.allCases.map(\.rawValue)))")
            return nil
        }
        self.field = field
        for member in members {
            guard let key = Key(rawValue: member.key) else {
                reportUnknown(member)
                continue
            }
            self.members[key] = Field(name: member.key, node: member.value, problems: field.problems)
        }
    }

    private mutating func reportUnknown(_ member: YAMLNode.Member) {
        let known = Key.allCases.map(\.rawValue)
        let hint: String
        if let near = nearest(to: member.key, among: known) {
            hint = "did you mean `\(near)`?"
            if let key = Key(rawValue: near) { misspelt.insert(key) }
        } else {
            hint = "take it away; known are \(listed(known))"
        }
        field.problems.report("`\(field.name)` has no member \(quoted(member.key)): \(hint)", at: member.position)
    }

    /// A member that need not be there.
    func optional(_ key: Key) -> Field? { members[key] }

    /// A member that must be there; its absence is reported, unless its misspelling was.
    func required(_ key: Key) -> Field? {
        if let member = members[key] { return member }
        if !misspelt.contains(key) { field.report("`\(field.name)` lacks `\(key.rawValue)`: add it") }
        return nil
    }

    /// Reports a mistake of one member, or of the whole when the member is absent.
    func report(_ key: Key, _ message: @autoclosure () -> String) {
        (members[key] ?? field).report(message())
    }
}
