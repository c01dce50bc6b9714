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
    /// A dead letter and its status OPEN.
    indirect case letter(Letter)
    /// A letter that a later event made good: its status RESOLVED.
    case resolution(Resolution)
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

/// A dead letter (contract, section 5).
public struct Letter {
    /// Where the event failed.
    public enum Stage: String, Sendable {
        /// It can't be read.
        case decode
        /// It can't be decided.
        case decide
        /// Its deadline passed.
        case deadline
    }

    /// The input record, which the letter repeats.
    public var source: SourceRecord
    /// Why.
    public var fault: Fault
    /// Where.
    public var stage: Stage
    /// The event's id; none when it can't be read.
    public var eventID: Bytes
    /// The event's time, if it can be read.
    public var eventTime: Timestamp?
    /// The rules version of its time, if there is one.
    public var rulesVersion: Int64?
    /// When it failed.
    public var failedAt: Timestamp
}

/// How an open letter was made good.
public struct Resolution: Equatable {
    /// Where the letter's event was first read: the letter's id is made of it.
    public var topic: InputTopic
    /// Its partition there.
    public var partition: Int32
    /// Its offset there.
    public var offset: Int64
    /// The letter's reason.
    public var rejection: Rejection
    /// The recharge whose decision made it good.
    public var rechargeID: Bytes
    /// When.
    public var at: Timestamp
}

/// What became of a record.
public enum Decision: Equatable {
    /// A gift was commanded, or taken back.
    case commanded
    /// It counts, and nothing is to be commanded now.
    case counted
    /// It waits for another event.
    case waiting
    /// The rules said no.
    case refused(Reason)
    /// It is a dead letter.
    case dead(Rejection)
    /// It went to its subject's shard.
    case forwarded

    /// False when the state is as it was before.
    var changesState: Bool {
        switch self {
        case .commanded, .counted, .waiting: true
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
    /// The time on the clock.
    let now: Timestamp

    /// A letter about an event.
    func letter(_ event: Event, _ rejection: Rejection, _ message: String) -> Letter {
        Letter(
            source: record, fault: Fault(rejection, message), stage: .decide, eventID: event.id, eventTime: event.time,
            rulesVersion: campaign.version(at: event.time)?.version, failedAt: now)
    }
}
