/// Makes effects into records: the bytes that others rely on (contract, sections 4 and 5). One for each lane.
public struct EffectEncoder: ~Copyable {
    private let partitionCount: Int32
    /// The input topics' full names, by `InputTopic`.
    private let inputNames: [String]
    /// The full name of `bonus-credits`.
    private let creditsName: String
    /// The worker's consumer group.
    private let group: String

    private var commands: CommandEncoder
    private var key = Writer(capacity: 64)
    private var value = Writer(capacity: 1024)
    private var headers = Writer(capacity: 1024)
    private var id = Writer(capacity: 256)

    /// An encoder for a campaign; `inputNames` are the full topic names in the order of `InputTopic`, `creditsName` is that
    /// of `bonus-credits`.
    public init(
        campaign: CampaignFile, partitionCount: Int32, inputNames: [String], creditsName: String, group: String
    ) {
        self.partitionCount = partitionCount
        self.inputNames = inputNames
        self.creditsName = creditsName
        self.group = group
        commands = CommandEncoder(campaign)
    }

    /// Calls `emit` with each record that an effect of the shard `partition` makes. A record's parts live during the call.
    public mutating func encode(_ effect: Effect, of partition: Int32, _ emit: (OutgoingRecord) -> Void) {
        key.removeAll()
        value.removeAll()
        headers.removeAll()
        switch effect {
        case .command(let command):
            encode(command, partition, emit)
            encodeMessage(of: command, partition, emit)
        case .sentAgain(let command): encode(command, partition, emit)
        case .claim(let claim):
            Mail.put(claim, into: &value)
            emit(mail(to: claim.helper))
        case .forward(let record, let subject):
            Mail.put(record, into: &value)
            emit(mail(to: subject))
        case .letter(let letter):
            encode(letter, partition, emit)
        case .status(let status): encode(status, partition, emit)
        }
    }

    private func record(_ topic: OutputTopic, _ partition: Int32, headers: OutgoingHeaders = .none) -> OutgoingRecord {
        OutgoingRecord(topic: topic, partition: partition, key: key.bytes, value: value.bytes, headers: headers)
    }

    private mutating func mail(to number: PhoneNumber) -> OutgoingRecord {
        key.put(number)
        return record(.mail, number.partition(of: partitionCount))
    }

    private mutating func encode(_ command: Command, _ partition: Int32, _ emit: (OutgoingRecord) -> Void) {
        key.put(command.subject)
        commands.put(command, into: &value)
        emit(record(.bonusCredits, partition, headers: .cloudEvent))
    }

    private mutating func encodeMessage(of command: Command, _ partition: Int32, _ emit: (OutgoingRecord) -> Void) {
        value.removeAll()
        let segments = commands.putMessage(of: command, into: &value)
        var message = record(.smsNotifications, partition, headers: .cloudEvent)
        message.segments = segments
        emit(message)
    }

    private mutating func encode(_ letter: Letter, _ partition: Int32, _ emit: (OutgoingRecord) -> Void) {
        let letter = letter.fitting()
        id.removeAll()
        id.put(letter.name, inputNames: inputNames)
        var outgoing = OutgoingRecord(topic: .deadLetters, partition: partition, headers: .none)
        let origin: (topic: String, partition: Int32, offset: Int64)
        switch letter.content {
        case .record(let source):
            origin = (inputNames[Int(source.topic.rawValue)], source.partition, source.offset)
            outgoing.key = source.key
            outgoing.value = source.value
            source.headers.forEachOriginal { headers.putHeader($0, $1) }
        case .command(let command):
            origin = (creditsName, partition, -1)
            key.put(command.subject)
            commands.put(command, into: &value)
            outgoing.key = key.bytes
            outgoing.value = value.bytes
            headers.putHeader(Bytes("content-type"), Bytes("application/cloudevents+json"))
        }
        headers.putHeaders(of: letter, id: id.bytes, origin: origin, group: group)
        outgoing.headers = .list(Headers(bytes: headers.bytes))
        outgoing.timestamp = letter.failedAt
        emit(outgoing)
        value.removeAll()
        encode(letter.status, partition, emit)
    }

    private mutating func encode(_ status: LetterStatus, _ partition: Int32, _ emit: (OutgoingRecord) -> Void) {
        key.removeAll()
        key.put(status.name, inputNames: inputNames)
        value.put(status)
        emit(record(.deadLetterStatus, partition))
    }
}
