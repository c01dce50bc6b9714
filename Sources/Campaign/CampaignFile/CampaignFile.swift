/// A campaign as its file says it (contract, section 8), checked: whoever holds one may rely on every bound named here.
///
/// A class, for a lane hands it to every decision.
public final class CampaignFile: Sendable {
    /// When the campaign runs.
    public struct Window: Equatable, Sendable {
        /// The first moment.
        public let start: Timestamp
        /// The first moment that is out again.
        public let end: Timestamp
        /// How long after the end an event may still be published.
        public let grace: Duration

        /// A window; `start` is before `end`, `grace` is not negative.
        public init(start: Timestamp, end: Timestamp, grace: Duration) {
            self.start = start
            self.end = end
            self.grace = grace
        }

        /// The end of grace: what is published later is too late.
        public var lastPublication: Timestamp { end + grace }
    }

    /// The campaign's name, part of every command's `source`.
    public let campaign: String
    /// Its title for people.
    public let title: String
    /// At least one, by rising `from`; the first is in force at the window's start.
    public let versions: [RulesVersion]
    /// When it runs.
    public let window: Window
    /// Who takes part.
    public let audience: Audience
    /// How long billing may take before we raise a letter.
    public let confirmWithin: Duration
    /// The most that the campaign gives, in fen.
    public let budgetFen: Fen
    /// A larger recharge becomes a letter, in fen.
    public let maxRechargeFen: Fen
    /// The texts.
    public let messages: MessageTemplates
    /// The file's own text, which the shards keep: at most 512 KiB.
    public let source: String
    /// The file's name, as problems give it.
    let name: String

    init(
        campaign: String, title: String, versions: [RulesVersion], window: Window, audience: Audience,
        confirmWithin: Duration, budgetFen: Fen, maxRechargeFen: Fen, messages: MessageTemplates, source: String,
        name: String
    ) {
        self.campaign = campaign
        self.title = title
        self.versions = versions
        self.window = window
        self.audience = audience
        self.confirmWithin = confirmWithin
        self.budgetFen = budgetFen
        self.maxRechargeFen = maxRechargeFen
        self.messages = messages
        self.source = source
        self.name = name
    }

    /// The version in force at a moment; nil before the first.
    func version(at time: Timestamp) -> RulesVersion? {
        versions.last { $0.from <= time }
    }

    /// The version of that number.
    func version(_ number: Int64) -> RulesVersion? {
        versions.first { $0.version == number }
    }
}
