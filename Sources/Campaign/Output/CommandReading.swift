/// What a credit command says, read back from its topic.
public struct PublishedCredit: Equatable, Sendable {
    /// Whether it gives or takes back.
    public enum Kind: Sendable {
        /// `credit.grant.v1`
        case grant
        /// `credit.reverse.v1`
        case reverse
    }

    /// Whether it gives or takes back.
    public let kind: Kind
    /// Who is credited.
    public let subject: PhoneNumber
    /// What for and how much; for a reverse what is taken back.
    public let lines: Lines
}

/// What an SMS command says, read back from its topic.
public struct PublishedMessage: Equatable, Sendable {
    /// Who gets it.
    public let subject: PhoneNumber
    /// The text's template, such as `recharge-gift`.
    public let template: String
    /// The text as it is sent.
    public let text: String
}

/// Reads commands as they stand on their topics. One for each thread that reads.
public struct CommandReader: ~Copyable {
    private var parser = JSONParser()

    /// A reader with its own memory.
    public init() {}

    /// A record's value of `bonus-credits`; nil when it is no credit command.
    public mutating func credit(_ value: Bytes) -> PublishedCredit? {
        guard let envelope = parser.object(value), let type = try? envelope.string("type"),
            let subject = subject(of: envelope), let data = try? envelope.object("data"),
            let objects = try? data.objects("lines")
        else { return nil }
        let kind: PublishedCredit.Kind
        switch type {
        case Bytes("credit.grant.v1"): kind = .grant
        case Bytes("credit.reverse.v1"): kind = .reverse
        default: return nil
        }
        var lines = Lines()
        for object in objects {
            guard let name = try? object.string("benefit"), let fen = try? object.integer("fen"), fen > 0,
                let benefit = Benefit.allCases.first(where: { name == Bytes($0.name) })
            else { return nil }
            lines[benefit] = fen
        }
        return PublishedCredit(kind: kind, subject: subject, lines: lines)
    }

    /// A record's value of `sms-notifications`; nil when it is no SMS command.
    public mutating func message(_ value: Bytes) -> PublishedMessage? {
        guard let envelope = parser.object(value), let type = try? envelope.string("type"),
            type == Bytes("sms.send.v1"), let subject = subject(of: envelope),
            let data = try? envelope.object("data"), let template = try? data.string("template"),
            let text = try? data.string("text")
        else { return nil }
        return PublishedMessage(subject: subject, template: template.text, text: text.text)
    }

    private func subject(of envelope: JSONObject) -> PhoneNumber? {
        guard let text = try? envelope.string("subject") else { return nil }
        return PhoneNumber(text)
    }
}
