internal import CSimdjson

/// An object of a parsed document. Valid until the parser's next parse.
struct JSONObject {
    /// A member of a kind that was not asked for.
    struct WrongKind: Error {
        /// The member's name.
        let member: String
        private let kind: csj_kind

        fileprivate init(_ name: Bytes, _ kind: csj_kind) {
            member = name.text
            self.kind = kind
        }

        /// What was asked for, in words.
        var wanted: String {
            switch kind {
            case CSJ_STRING: "a text"
            case CSJ_INTEGER: "an integer, without quotes and fraction"
            case CSJ_BOOL: "true or false"
            case CSJ_OBJECT: "an object"
            default: "an array"
            }
        }
    }

    fileprivate let value: csj_value

    init(_ value: csj_value) { self.value = value }

    private func member(_ name: StaticString) -> csj_found {
        var found = csj_found()
        name.withUTF8Buffer { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { csj_member(value, $0.baseAddress, $0.count, &found) }
        }
        return found
    }

    func string(_ name: StaticString) throws(WrongKind) -> Bytes? { try member(name).string(Bytes(name)) }

    func integer(_ name: StaticString) throws(WrongKind) -> Int64? { try member(name).integer(Bytes(name)) }

    func bool(_ name: StaticString) throws(WrongKind) -> Bool? { try member(name).bool(Bytes(name)) }

    func object(_ name: StaticString) throws(WrongKind) -> JSONObject? { try member(name).object(Bytes(name)) }

    /// The objects of an array; nil when the member is missing. Not for the hot path.
    func objects(_ name: StaticString) throws(WrongKind) -> [JSONObject]? {
        guard let array = try member(name).value(of: CSJ_ARRAY, Bytes(name)) else { return nil }
        var objects: [JSONObject] = []
        var element = csj_value()
        while true {
            switch csj_element(array, objects.count, &element) {
            case CSJ_MISSING: return objects
            case CSJ_OBJECT: objects.append(JSONObject(element))
            default: throw WrongKind(Bytes(name), CSJ_OBJECT)
            }
        }
    }
}

extension csj_found {
    /// What was found; nil when it is missing or null.
    fileprivate func value(of wanted: csj_kind, _ name: Bytes) throws(JSONObject.WrongKind) -> csj_value? {
        if kind == wanted { return value }
        guard kind == CSJ_MISSING || kind == CSJ_NULL else { throw JSONObject.WrongKind(name, wanted) }
        return nil
    }

    fileprivate func string(_ name: Bytes) throws(JSONObject.WrongKind) -> Bytes? {
        try value(of: CSJ_STRING, name).map { _ in Bytes(start: UnsafeRawPointer(text), count: count) }
    }

    /// An integer; one beyond Int64 is the nearest Int64.
    fileprivate func integer(_ name: Bytes) throws(JSONObject.WrongKind) -> Int64? {
        try value(of: CSJ_INTEGER, name).map(csj_integer)
    }

    fileprivate func bool(_ name: Bytes) throws(JSONObject.WrongKind) -> Bool? {
        try value(of: CSJ_BOOL, name).map(csj_bool)
    }

    fileprivate func object(_ name: Bytes) throws(JSONObject.WrongKind) -> JSONObject? {
        try value(of: CSJ_OBJECT, name).map { JSONObject($0) }
    }
}

/// Members that are looked up together, in one pass over an object. What it found counts until it looks again.
struct JSONMembers: ~Copyable {
    private let names: UnsafeMutablePointer<csj_name>
    private let found: UnsafeMutablePointer<csj_found>
    private let count: Int

    init(_ names: [StaticString]) {
        count = names.count
        self.names = .allocate(capacity: count)
        found = .allocate(capacity: count)
        found.initialize(repeating: csj_found(), count: count)
        for (index, name) in names.enumerated() {
            let text = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
            (self.names + index).initialize(to: csj_name(text: text, count: name.utf8CodeUnitCount))
        }
    }

    deinit {
        names.deallocate()
        found.deallocate()
    }

    /// Looks at an object's members; of several with one name the first counts.
    mutating func look(at object: JSONObject) {
        csj_members(object.value, names, count, found)
    }

    private func name(_ index: Int) -> Bytes {
        Bytes(start: UnsafeRawPointer(names[index].text), count: names[index].count)
    }

    func string(_ index: Int) throws(JSONObject.WrongKind) -> Bytes? { try found[index].string(name(index)) }

    func integer(_ index: Int) throws(JSONObject.WrongKind) -> Int64? { try found[index].integer(name(index)) }

    func bool(_ index: Int) throws(JSONObject.WrongKind) -> Bool? { try found[index].bool(name(index)) }

    func object(_ index: Int) throws(JSONObject.WrongKind) -> JSONObject? { try found[index].object(name(index)) }
}

/// simdjson's parser, with the memory that its documents live in.
struct JSONParser: ~Copyable {
    private let parser: OpaquePointer

    init() {
        guard let parser = csj_parser_new() else { fatalError("no memory for the JSON parser") }
        self.parser = parser
    }

    deinit { csj_parser_free(parser) }

    /// The object that `bytes` are; nil when they are not one JSON object in UTF-8.
    mutating func object(_ bytes: Bytes) -> JSONObject? {
        var root = csj_value()
        let parsed = bytes.buffer.withMemoryRebound(to: CChar.self) {
            csj_parse(parser, $0.baseAddress, $0.count, &root)
        }
        guard parsed, csj_kind_of(root) == CSJ_OBJECT else { return nil }
        return JSONObject(root)
    }
}
