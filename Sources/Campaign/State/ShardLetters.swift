// A shard's letters: it alone opens and closes them (contract, section 6).
extension Shard {
    /// Does what ops want done with a letter; returns why not, if it changes nothing.
    ///
    /// The effects' texts live until the decoder decodes the next record and the next request is applied.
    public func apply(
        _ request: LetterRequest, _ decoder: inout EventDecoder, now: Timestamp, into effects: inout [Effect]
    ) throws(StateError) -> LetterRequest.Refusal? {
        switch request.name {
        case .record(let place): try apply(request, toRecordAt: place, &decoder, now, into: &effects)
        case .gift(let id): try apply(request, toGiftOf: id, now, into: &effects)
        }
    }

    private func apply(
        _ request: LetterRequest, toRecordAt place: RecordPlace, _ decoder: inout EventDecoder, _ now: Timestamp,
        into effects: inout [Effect]
    ) throws(StateError) -> LetterRequest.Refusal? {
        guard let entry = letters[place] else { return .unknownLetter }
        guard let published = request.recordTime,
            entry.digest == Digest(key: request.key, value: request.value, recordTime: published)
        else { return .otherContent }
        switch request.action {
        case .discard: close(place, entry, as: .discarded, request, now, into: &effects)
        case .replay:
            originalHeaders.removeAll()
            request.headers.forEachOriginal { originalHeaders.putHeader($0, $1) }
            let source = SourceRecord(
                topic: place.topic, partition: place.partition, offset: place.offset, timestamp: published,
                key: request.key, value: request.value, headers: Headers(bytes: originalHeaders.bytes))
            try replay(source, entry, decoder.decode(source), request, now, into: &effects)
        }
        return nil
    }

    /// Decides an event once more, by its own time and the time of its first record.
    private func replay(
        _ source: SourceRecord, _ entry: LetterTable.Entry, _ decoded: DecodedRecord, _ request: LetterRequest,
        _ now: Timestamp, into effects: inout [Effect]
    ) throws(StateError) {
        // A receipt that is replayed says nothing about how far the others are read.
        let given = Circumstances(campaign: campaign, record: source, cameByMail: true, now: now)
        let place = RecordPlace(source)
        var replayed = entry
        replayed.replays += 1
        let first = effects.count
        // A version that reads more than the one that wrote the letter may find another shard's subject.
        if let subject = decoded.subject, subject.partition(of: record.partitionCount) != partition {
            effects.append(.forward(source, subject: subject))
            return close(
                place, replayed, as: .resolved, request, now, decision: .word("FORWARDED"), into: &effects)
        }
        let decision = try decide(decoded, given, into: &effects)
        if subscriber.stillMisses(decoded, at: place) { effects.append(.letter(given.stillWithoutOriginal(decoded))) }
        noteLetters(&effects, from: first, replayOf: replayed, at: place)
        guard !effects[first...].contains(where: { $0.isLetter(about: place) }) else { return }
        close(
            place, replayed, as: .resolved, request, now, decision: decision.resolution(of: decoded, effects[first...]),
            into: &effects)
    }

    private func close(
        _ place: RecordPlace, _ entry: LetterTable.Entry, as state: LetterStatus.State, _ request: LetterRequest,
        _ now: Timestamp, decision: LetterStatus.Decision? = nil, into effects: inout [Effect]
    ) {
        letters[place] = nil
        effects.append(
            .status(
                LetterStatus(
                    name: .record(place), state: state, at: now, reason: entry.reason, replays: Int64(entry.replays),
                    by: request.by, why: request.why, decision: decision)))
    }

    private func apply(
        _ request: LetterRequest, toGiftOf id: Command.ID, _ now: Timestamp, into effects: inout [Effect]
    ) throws(StateError) -> LetterRequest.Refusal? {
        guard let key = request.key, let number = PhoneNumber(key) else { return .unknownLetter }
        try load(number)
        guard let place = subscriber.place(of: id), let gift = subscriber.gift(at: place), gift.letter != nil,
            let command = subscriber.command(at: place, of: number)
        else { return .unknownLetter }
        encoded.removeAll()
        commands.put(command, into: &encoded)
        // A key of 11 bytes is the number's digits: no other spelling is so short.
        guard key.count == 11, request.value == encoded.bytes else { return .otherContent }
        guard gift.stage != .replaying else { return .isReplaying }
        let first = effects.count
        switch request.action {
        case .replay:
            subscriber.replay(
                place, request, to: number, now: now, confirmWithin: campaign.confirmWithin, into: &effects)
        case .discard: subscriber.discard(place, request, now: now, into: &effects)
        }
        stage(number)
        countCommands(effects, from: first)
        return nil
    }

    /// Remembers the letters about records that are among the effects, and forgets those that are made good. `replayed` is
    /// the letter whose record was just decided once more.
    func noteLetters(
        _ effects: inout [Effect], from first: Int, replayOf replayed: LetterTable.Entry? = nil,
        at replayedPlace: RecordPlace? = nil
    ) {
        var index = first
        while index < effects.count {
            switch effects[index] {
            case .letter(let letter):
                let again = letter.name == replayedPlace.map { .record($0) } ? replayed : nil
                effects[index] = .letter(note(letter, again))
            case .status(let status):
                guard let noted = noteMadeGood(status) else {
                    effects.remove(at: index)
                    continue
                }
                effects[index] = .status(noted)
            default: break
            }
            index += 1
        }
    }

    private func note(_ letter: Letter, _ replayed: LetterTable.Entry?) -> Letter {
        var letter = letter
        if let replayed {
            letter.firstFailedAt = replayed.firstFailedAt
            letter.replays = Int64(replayed.replays)
        }
        guard case .record(let record) = letter.fitting().content else { return letter }
        letters[RecordPlace(record)] = LetterTable.Entry(
            reason: letter.fault.rejection, replays: Int32(letter.replays), firstFailedAt: letter.firstFailedAt,
            digest: Digest(key: record.key, value: record.value, recordTime: record.timestamp))
        return letter
    }

    /// A status that a later event made; nil when there is no such letter any more.
    private func noteMadeGood(_ status: LetterStatus) -> LetterStatus? {
        guard case .record(let place) = status.name else { return status }
        guard let entry = letters[place] else { return nil }
        letters[place] = nil
        var status = status
        status.replays = Int64(entry.replays)
        return status
    }
}

extension Subscriber {
    /// True when the record at `place` is a reversal that became a letter and still has no recharge.
    fileprivate func stillMisses(_ decoded: DecodedRecord, at place: RecordPlace) -> Bool {
        guard case .success(let event) = decoded.result, case .reversal = event.kind else { return false }
        return reversals.contains {
            $0.id == event.id && $0.outcome == .dead && $0.record.map(RecordPlace.init) == place
        }
    }
}

extension Circumstances {
    fileprivate func stillWithoutOriginal(_ decoded: DecodedRecord) -> Letter {
        Letter(
            .record(record), Fault(.reversalWithoutOriginal, "no such recharge has come"), stage: .decide,
            eventID: decoded.id, eventTime: decoded.time, rulesVersion: nil, failedAt: now)
    }
}

extension Effect {
    fileprivate func isLetter(about place: RecordPlace) -> Bool {
        guard case .letter(let letter) = self else { return false }
        return letter.name == .record(place)
    }
}

extension Decision {
    /// What a replay's decision says of the letter that it resolved.
    fileprivate func resolution(of decoded: DecodedRecord, _ effects: ArraySlice<Effect>) -> LetterStatus.Decision {
        switch self {
        case .commanded:
            for case .command(let command) in effects { return .command(command.id) }
            return .word("COUNTED")
        case .refused(let reason): return .refused(reason)
        case .waiting:
            guard case .success(let event) = decoded.result, case .assist = event.kind else { return .word("WAITING") }
            return .word("ACCEPTED")
        case .counted, .answered, .dead, .forwarded: return .word("COUNTED")
        }
    }
}
