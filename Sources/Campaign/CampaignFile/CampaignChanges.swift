extension CampaignFile {
    /// What may not change from `old` to this campaign in mid campaign, each with its line in this file (contract, section 8).
    /// Empty when the campaign may go on with this file.
    ///
    /// `decidedUntil` is the latest time of an event decided so far, nil when none is: a version whose `from` is not later has
    /// begun. The segments of `old` are not looked at, so it may come from `read(kept:)`.
    public func changes(from old: CampaignFile, decidedUntil: Timestamp?) -> [Problem] {
        let changes = Changes(of: self)
        changes.checkName(old)
        changes.checkWindow(old.window)
        changes.checkAudience(old.audience)
        changes.checkMissingVersions(old, decidedUntil: decidedUntil)
        if let decidedUntil {
            changes.checkBegunVersions(old, decidedUntil: decidedUntil)
            changes.checkLaterVersions(old, decidedUntil: decidedUntil)
        }
        return changes.problems.sorted
    }
}

/// Collects the refused changes of a campaign; the places come from its own text.
private struct Changes {
    let campaign: CampaignFile
    let problems: ProblemList
    private let root: YAMLNode?

    init(of campaign: CampaignFile) {
        self.campaign = campaign
        problems = ProblemList(file: campaign.name)
        root = YAMLComposer.root(of: Array(campaign.source.utf8), problems: ProblemList(file: campaign.name))
    }

    func checkName(_ old: CampaignFile) {
        guard campaign.campaign != old.campaign else { return }
        report(
            "`campaign` can't change in mid campaign: write `\(old.campaign)` again, or run the new campaign with topics "
                + "of its own", at: place("campaign"))
    }

    func checkWindow(_ old: CampaignFile.Window) {
        let window = campaign.window
        if window.start != old.start {
            report(
                "`start` can't change in mid campaign: write `\(old.start.words)` again", at: place("window", "start"))
        }
        if window.end < old.end {
            report(
                "`end` can't become earlier in mid campaign: write `\(old.end.words)` or later",
                at: place("window", "end"))
        }
        if window.grace < old.grace {
            report("`grace` can't become shorter: write `\(old.grace.words)` or longer", at: place("window", "grace"))
        }
    }

    func checkAudience(_ old: Audience) {
        let audience = campaign.audience
        if audience.carrier != old.carrier {
            report(
                "`carrier` can't change in mid campaign: write `\(old.carrier.rawValue)` again",
                at: place("audience", "carrier"))
        }
        if audience.city != old.city {
            report("`city` can't change in mid campaign: write `\(old.city)` again", at: place("audience", "city"))
        }
    }

    /// A file without a version that ran is an older one, whether the version has begun or not.
    func checkMissingVersions(_ old: CampaignFile, decidedUntil: Timestamp?) {
        for missing in old.versions where !campaign.versions.contains(where: { $0.version == missing.version }) {
            let hasBegun = decidedUntil.map { missing.from <= $0 } ?? false
            report(
                "version \(missing.version) \(hasBegun ? "has begun (`\(missing.from.words)`) and " : "")can't be taken away or "
                    + "renumbered: is this an older file? Put it back\(hasBegun ? "" : ", with other rules if need be")",
                at: place("versions"))
        }
    }

    /// Versions that events may have been decided with stay as they are; packages may be added.
    func checkBegunVersions(_ old: CampaignFile, decidedUntil: Timestamp) {
        for begun in old.versions where begun.from <= decidedUntil {
            guard let index = campaign.versions.firstIndex(where: { $0.version == begun.version }) else { continue }
            for key in campaign.versions[index].refusedChanges(from: begun) {
                let exception = key == .packagePrepay ? " (packages may be added, nothing else)" : ""
                report(
                    "`\(key.rawValue)` of version \(begun.version) can't change, for it has begun "
                        + "(`\(begun.from.words)`)\(exception): put it back and add a version with a later `from`",
                    at: place(version: index, key.rawValue))
            }
        }
    }

    /// A version that had not begun, or is new, begins after everything that is decided.
    func checkLaterVersions(_ old: CampaignFile, decidedUntil: Timestamp) {
        for (index, version) in campaign.versions.enumerated() where version.from <= decidedUntil {
            let hadBegun = old.versions.contains { $0.version == version.version && $0.from <= decidedUntil }
            guard !hadBegun else { continue }
            report(
                "version \(version.version) must begin after `\(decidedUntil)`, for events up to then are decided: "
                    + "write a later `from`", at: place(version: index, RulesVersion.Key.from.rawValue))
        }
    }

    private func report(_ message: String, at position: Position) {
        problems.report(message, at: position)
    }

    /// Where a value stands, or the nearest thing around it that is there.
    private func place(_ path: String...) -> Position {
        place(path[...], from: root)
    }

    private func place(version index: Int, _ member: String) -> Position {
        let versions = root?["versions"]?.value.elements ?? []
        return versions.indices.contains(index) ? place([member], from: versions[index]) : place("versions")
    }

    private func place(_ path: ArraySlice<String>, from node: YAMLNode?) -> Position {
        guard let key = path.first, let member = node?[key] else { return node?.position ?? .start }
        return path.count == 1 ? member.position : place(path.dropFirst(), from: member.value)
    }
}

extension Duration {
    /// As a campaign file writes it: `7d`, `90s`.
    var words: String {
        let seconds = microseconds / 1_000_000
        let units: [(Int64, String)] = [(86_400, "d"), (3600, "h"), (60, "m")]
        let unit = units.first { seconds > 0 && seconds % $0.0 == 0 } ?? (1, "s")
        return "\(seconds / unit.0)\(unit.1)"
    }
}
