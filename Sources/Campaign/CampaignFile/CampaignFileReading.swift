/// A file that the campaign file names could not be read.
public struct UnreadableFile: Error, Sendable {
    /// Why, in the system's words: `No such file or directory`.
    public let reason: String

    /// Says why.
    public init(reason: String) { self.reason = reason }
}

extension CampaignFile {
    private enum Key: String, CaseIterable {
        case campaign, title, versions, window, audience, gifts, budget, limits, sms, report
    }
    private enum GiftsKey: String, CaseIterable { case confirmWithin }
    private enum BudgetKey: String, CaseIterable { case totalFen }
    private enum LimitsKey: String, CaseIterable { case maxRechargeFen }

    /// Gives the bytes of a file that lies beside the campaign file. The name has no path.
    public typealias FileSource = (_ name: String) throws(UnreadableFile) -> [UInt8]

    /// Reads a campaign file and the segments that it names, and reports everything that is wrong with them at once.
    ///
    /// Any bytes may come: at most 512 KiB are read, nothing traps. `name` is what problems call the file.
    public static func read(
        _ bytes: [UInt8], name: String = "campaign.yaml", file: FileSource
    ) throws(CampaignProblems) -> CampaignFile {
        let problems = ProblemList(file: name)
        let campaign = read(bytes, problems: problems) { SegmentsFile.read($0, from: file) }
        guard problems.isEmpty, let campaign else { throw CampaignProblems(problems: problems.sorted) }
        return campaign
    }

    /// Reads the campaign that a shard kept, to compare it with a new one: its `audience.segments` are left empty.
    public static func read(kept source: String) throws(CampaignProblems) -> CampaignFile {
        let problems = ProblemList(file: "kept campaign")
        let campaign = read(Array(source.utf8), problems: problems) { _ in [] }
        guard problems.isEmpty, let campaign else { throw CampaignProblems(problems: problems.sorted) }
        return campaign
    }

    private static func read(
        _ bytes: [UInt8], problems: ProblemList, segments: (Field) -> Set<UInt32>?
    ) -> CampaignFile? {
        guard let root = YAMLComposer.root(of: bytes, problems: problems),
            let section = Section<Key>(Field(name: "campaign file", node: root, problems: problems))
        else { return nil }
        let campaign = section.required(.campaign)?.campaignName()
        let title = section.required(.title)?.text(upTo: 100)
        let window = section.required(.window).flatMap(Window.init)
        let versions = section.required(.versions)?.versions(in: window)
        let audience = section.required(.audience).flatMap { Audience($0, segments: segments) }
        let confirmWithin = section.required(.gifts).flatMap { Section<GiftsKey>($0) }?
            .required(.confirmWithin)?.duration(atLeast: .seconds(1))
        let budget = section.required(.budget).flatMap { Section<BudgetKey>($0) }?.required(.totalFen)?.fen()
        let maxRecharge = section.required(.limits).flatMap { Section<LimitsKey>($0) }?
            .required(.maxRechargeFen)?.fen()
        let messages = section.required(.sms).flatMap(MessageTemplates.init)
        section.optional(.report)?.checkReport()
        guard let campaign, let title, let versions, let window, let audience, let confirmWithin, let budget,
            let maxRecharge, let messages
        else { return nil }
        return CampaignFile(
            campaign: campaign, title: title, versions: versions, window: window, audience: audience,
            confirmWithin: confirmWithin, budgetFen: budget, maxRechargeFen: maxRecharge, messages: messages,
            source: String(decoding: bytes, as: UTF8.self), name: problems.file)
    }
}

extension Field {
    /// The campaign's name, which goes into the `source` of every command.
    fileprivate func campaignName() -> String? {
        let wanted = "1 to 64 letters of a-z and A-Z, digits, `.`, `_` and `-`"
        guard let name = rawText(wanted) else { return nil }
        let isName = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
                || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        if isName, (1...64).contains(name.utf8.count) { return name }
        report("`\(self.name)` must be \(wanted), not \(quoted(name))")
        return nil
    }

    /// The versions, in order and in force from the window's start on.
    fileprivate func versions(in window: CampaignFile.Window?) -> [RulesVersion]? {
        guard let elements = elements(1...100) else { return nil }
        var read: [(version: RulesVersion, field: Field)] = []
        for (index, element) in elements.enumerated() {
            guard let version = RulesVersion(element) else { continue }
            let from = Field(
                name: "from", node: element.node["from"]?.value ?? element.node, problems: element.problems)
            from.checkOrder(of: version, after: read.last?.version, isFirst: index == 0, window: window)
            if let same = read.first(where: { $0.version.version == version.version }) {
                element.report(
                    "version \(version.version) stands in line \(same.field.node.position.line) already: "
                        + "give this one another number")
            }
            read.append((version, element))
        }
        return read.count == elements.count ? read.map(\.version) : nil
    }

    /// Checks when a version begins; the field is its `from`.
    private func checkOrder(
        of version: RulesVersion, after previous: RulesVersion?, isFirst: Bool, window: CampaignFile.Window?
    ) {
        if let previous, version.from == previous.from {
            report(
                "version \(version.version) begins in the moment of version \(previous.version): which one counts? "
                    + "Take one away or let it begin later")
        } else if let previous, version.from < previous.from {
            report(
                "version \(version.version) begins before version \(previous.version), which stands above it: "
                    + "put the versions in order")
        }
        guard let window else { return }
        if isFirst, version.from > window.start {
            report(
                "the first version begins after the window's start, so that no rules are in force until then: "
                    + "write `\(window.start.words)`")
        }
        if version.from >= window.end {
            report(
                "version \(version.version) begins at or after the window's end: let it begin earlier or take it away")
        }
    }
}

extension CampaignFile.Window {
    private enum Key: String, CaseIterable { case start, end, grace }

    /// Reads the section `window`; nil when a problem is reported.
    fileprivate init?(_ field: Field) {
        guard let section = Section<Key>(field) else { return nil }
        let start = section.required(.start)?.time()
        let end = section.required(.end)
        let endTime = end?.time()
        let grace = section.required(.grace)?.duration(atLeast: .seconds(0))
        if let endTime, let midnight = endTime.midnightWithinTheMinute {
            section.report(
                .end,
                "`end` is the first moment that is out again; did you mean 00:00:00 of the next day, `\(midnight.words)`?"
            )
        }
        guard let start, let endTime, let grace else { return nil }
        guard start < endTime else {
            section.report(.end, "`end` must be later than `start`: write a later one")
            return nil
        }
        self.init(start: start, end: endTime, grace: grace)
    }
}

extension Timestamp {
    /// The next midnight at +08:00, where it is at most a minute away: of 23:59:00 and later.
    fileprivate var midnightWithinTheMinute: Timestamp? {
        let left = Duration.day.microseconds - local.microsecondOfDay
        return left <= 60_000_000 ? self + Duration(microseconds: left) : nil
    }

    /// As a campaign file writes a moment, in whole seconds: `2026-06-01T00:00:00+08:00`.
    var words: String {
        String(description.prefix("2026-06-01T00:00:00".count)) + "+08:00"
    }
}
