import CYAML

/// libyaml's parser over a text that it owns. One event a call; a mistake of syntax ends it.
struct YAMLParser: ~Copyable {
    /// What libyaml found next, as far as a campaign file may hold it.
    enum Event {
        case streamStart, streamEnd
        case documentStart, documentEnd
        case alias
        case scalar(String, isPlain: Bool)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
    }

    /// An event, where it begins, and what stands before it.
    struct Step {
        let event: Event
        let position: Position
        let hasAnchor: Bool
        let hasTag: Bool
    }

    /// A mistake of syntax.
    struct Malformed: Error {
        let position: Position
        let message: String
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// A parser over a copy of `bytes`, read as UTF-8. Nil when libyaml has no memory.
    init?(_ bytes: ArraySlice<UInt8>) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            return nil
        }
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
        _ = input.initialize(from: bytes)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
        self.parser = parser
        self.input = input
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event.
    mutating func next() throws(Malformed) -> Step {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw malformed }
        defer { yaml_event_delete(&event) }
        let position = Position(event.start_mark)
        func step(_ kind: Event, anchor: UnsafeMutablePointer<UInt8>? = nil, tag: UnsafeMutablePointer<UInt8>? = nil)
            -> Step
        {
            Step(event: kind, position: position, hasAnchor: anchor != nil, hasTag: tag != nil)
        }
        switch event.type {
        case YAML_STREAM_START_EVENT: return step(.streamStart)
        case YAML_DOCUMENT_START_EVENT: return step(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return step(.documentEnd)
        case YAML_ALIAS_EVENT: return step(.alias)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return step(.scalar(text, isPlain: isPlain), anchor: scalar.anchor, tag: scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            return step(.sequenceStart, anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: return step(.sequenceEnd)
        case YAML_MAPPING_START_EVENT:
            return step(.mappingStart, anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: return step(.mappingEnd)
        default: return step(.streamEnd)
        }
    }

    /// What libyaml complains of, with where.
    private var malformed: Malformed {
        guard let problem = parser.pointee.problem else {
            return Malformed(position: .start, message: "there is no memory to read this file")
        }
        let text = String(cString: problem)
        if parser.pointee.error == YAML_READER_ERROR {
            let position = Position(ofByte: parser.pointee.problem_offset, in: input)
            return Malformed(
                position: position, message: "this is not UTF-8 text (\(text)): save the file as UTF-8 and retype this")
        }
        let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
        return Malformed(
            position: Position(parser.pointee.problem_mark),
            message: "this is not YAML (\(text)\(context)): look here and in the line before for indentation "
                + "(spaces, no tabs), colons (`: `), commas, brackets and quotes")
    }
}

extension Position {
    fileprivate init(_ mark: yaml_mark_t) {
        // libyaml counts from 0, in characters, within an input of bounded length.
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    /// The place of a byte in UTF-8.
    fileprivate init(ofByte offset: Int, in text: UnsafeMutableBufferPointer<UInt8>) {
        self = .start
        for byte in text.prefix(max(0, offset)) {
            if byte == 0x0A {
                self = Position(line: line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}
