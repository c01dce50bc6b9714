/// Makes effects into records: the bytes that others rely on (contract, sections 4 and 5). One for each lane.
public struct EffectEncoder: ~Copyable {
    private let partitionCount: Int32
    /// The input topics' full names, by `InputTopic`.
    private let inputNames: [String]
    /// The worker's consumer group.
    private let group: String

    private var commands: CommandEncoder
    private var key = Writer(capacity: 64)
    private var value = Writer(capacity: 1024)
    private var headers = Writer(capacity: 1024)

    /// An encoder for a campaign; `inputNames` are the full topic names in the order of `InputTopic`.
    public init(campaign: CampaignFile, partitionCount: Int32, inputNames: [String], group: String) {
        self.partitionCount = partitionCount
        self.inputNames = inputNames
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
        case .claim(let claim):
            Mail.put(claim, into: &value)
            emit(mail(to: claim.helper))
        case .forward(let record, let subject):
            Mail.put(record, into: &value)
            emit(mail(to: subject))
        case .letter(let letter):
            encode(letter, partition, emit)
        case .resolution(let resolution):
            key.put(text: letterID(inputNames[Int(resolution.topic.rawValue)], resolution.partition, resolution.offset))
            value.putStatus(of: resolution)
            emit(record(.deadLetterStatus, partition))
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
        value.removeAll()
        commands.putMessage(of: command, into: &value)
        emit(record(.smsNotifications, partition, headers: .cloudEvent))
    }

    private mutating func encode(_ letter: Letter, _ partition: Int32, _ emit: (OutgoingRecord) -> Void) {
        let letter = letter.fitting()
        let topic = inputNames[Int(letter.source.topic.rawValue)]
        headers.put(letter.source.headers.bytes)
        headers.putHeaders(of: letter, topic: topic, group: group)
        emit(
            OutgoingRecord(
                topic: .deadLetters, partition: partition, key: letter.source.key, value: letter.source.value,
                headers: .list(Headers(bytes: headers.bytes)), timestamp: letter.failedAt))
        key.put(text: letterID(topic, letter.source.partition, letter.source.offset))
        value.putStatus(of: letter)
        emit(record(.deadLetterStatus, partition))
    }
}
