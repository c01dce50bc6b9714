/// What a credit command says, read back from its topic.
public struct PublishedCredit: Equatable, Sendable {
    /// Whether it gives or takes back.
    public enum Kind: Sendable {
        /// `credit.grant.v1`
        case grant
        /// `credit.reverse.v1`
        case reverse
    }

    /// What it is called; empty where it has no name.
    public let id: String
    /// Whether it gives or takes back.
    public let kind: Kind
    /// Who is credited.
    public let subject: PhoneNumber
    /// What for and how much; for a reverse what is taken back.
    public let lines: Lines
    /// For a reverse, the id of the grant that it takes back.
    public let reverses: String?
}

/// What a receipt says, read back from its topic.
public struct PublishedReceipt: Equatable, Sendable {
    /// The command that it answers.
    public let commandID: String
    /// Whether the command was executed.
    public let isCredited: Bool
    /// What was credited or taken back; 0 where it does not say.
    public let creditedFen: Fen
}

/// What an SMS command says, read back from its topic.
public struct PublishedMessage: Equatable, Sendable {
    /// What it is called; empty where it has no name.
    public let id: String
    /// Who gets it.
    public let subject: PhoneNumber
    /// The text's template, such as `recharge-gift`.
    public let template: String
    /// The text as it is sent.
    public let text: String
    /// From when it may be sent; nil where it does not say.
    public let notBefore: Timestamp?
    /// Until when it may be sent; nil where it does not say.
    public let notAfter: Timestamp?
}

/// Reads commands as they stand on their topics. One for each thread that reads.
public struct CommandReader: ~Copyable {
    var parser = JSONParser()

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
        return PublishedCredit(
            id: text("id", of: envelope) ?? "", kind: kind, subject: subject, lines: lines,
            reverses: text("reverses", of: data))
    }

    /// A record's value of `credit-receipts`; nil when it is no receipt.
    public mutating func receipt(_ value: Bytes) -> PublishedReceipt? {
        guard let envelope = parser.object(value), let data = try? envelope.object("data"),
            let command = text("commandId", of: data), let outcome = text("outcome", of: data)
        else { return nil }
        return PublishedReceipt(
            commandID: command, isCredited: outcome == "credited",
            creditedFen: ((try? data.integer("creditedFen")) ?? nil) ?? 0)
    }

    /// A record's value of `sms-notifications`; nil when it is no SMS command.
    public mutating func message(_ value: Bytes) -> PublishedMessage? {
        guard let envelope = parser.object(value), let type = try? envelope.string("type"),
            type == Bytes("sms.send.v1"), let subject = subject(of: envelope),
            let data = try? envelope.object("data"), let template = text("template", of: data),
            let text = text("text", of: data)
        else { return nil }
        return PublishedMessage(
            id: self.text("id", of: envelope) ?? "", subject: subject, template: template, text: text,
            notBefore: time("notBefore", of: data), notAfter: time("notAfter", of: data))
    }

    private func text(_ name: StaticString, of object: JSONObject) -> String? {
        ((try? object.string(name)) ?? nil)?.text
    }

    private func time(_ name: StaticString, of object: JSONObject) -> Timestamp? {
        ((try? object.string(name)) ?? nil).flatMap { try? Timestamp($0) }
    }

    private func subject(of envelope: JSONObject) -> PhoneNumber? {
        guard let text = try? envelope.string("subject") else { return nil }
        return PhoneNumber(text)
    }
}
