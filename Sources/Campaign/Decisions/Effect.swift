/// What a decision sends out. Texts are views that live until the next event is decoded: encode before that.
///
/// What is large and rare is kept apart, so that commands are small to pass on.
public enum Effect {
    /// A credit command and its SMS.
    case command(Command)
    /// An accepted assist, told to the helper's shard.
    case claim(Claim)
    /// A record that stands in another partition than its subject's, sent there whole.
    indirect case forward(SourceRecord, subject: PhoneNumber)
    /// A command that was sent before, for its letter is replayed: the same bytes, and no SMS.
    indirect case sentAgain(Command)
    /// A dead letter and its status OPEN, or PARKED.
    indirect case letter(Letter)
    /// What became of a letter.
    indirect case status(LetterStatus)
}

/// What the inviter's shard tells the helper's: everything that the decision there needs.
public struct Claim: Equatable {
    /// The assist's event id.
    public var assistID: Bytes
    /// Who helped.
    public var helper: PhoneNumber
    /// What an assist is worth to the helper, by the assist's rules version.
    public var worthFen: Fen
    /// How often in the campaign, by the assist's rules version.
    public var times: Int64
    /// When the friend helped.
    public var eventTime: Timestamp
    /// The assist's rules version.
    public var rulesVersion: Int64
    /// The assist's trace context; none when there is none.
    public var traceparent: Bytes
}

/// What became of a record.
public enum Decision: Equatable {
    /// A gift was commanded, or taken back.
    case commanded
    /// It counts, and nothing is to be commanded now.
    case counted
    /// It waits for another event.
    case waiting
    /// Billing's answer is noted.
    case answered
    /// The rules said no.
    case refused(Reason)
    /// It is a dead letter.
    case dead(Rejection)
    /// It went to its subject's shard.
    case forwarded

    /// False when the state is as it was before.
    var changesState: Bool {
        switch self {
        case .commanded, .counted, .waiting, .answered: true
        case .refused(let reason): reason != .duplicate
        case .dead, .forwarded: false
        }
    }
}

/// What a decision depends on beside the event and the subscriber's state.
struct Circumstances {
    /// The campaign in force.
    let campaign: CampaignFile
    /// The input record as first read.
    let record: SourceRecord
    /// Another shard read it: it says nothing about how far this one has read.
    let cameByMail: Bool
    /// The time on the clock.
    let now: Timestamp

    /// A letter about an event.
    func letter(_ event: Event, _ rejection: Rejection, _ message: String) -> Letter {
        Letter(
            .record(record), Fault(rejection, message), stage: .decide, eventID: event.id, eventTime: event.time,
            rulesVersion: campaign.version(at: event.time)?.version, failedAt: now)
    }

    /// A gift whose command is sent now.
    func gift(_ lines: Lines, rulesVersion: Int64, traceparent: Bytes) -> Gift {
        Gift(
            lines, rulesVersion: rulesVersion, traceparent: traceparent, now: now,
            confirmWithin: campaign.confirmWithin)
    }
}
