import Campaign
import Worker

extension Verb {
    static let campaignCheck = Verb(
        words: ["campaign", "check"], operands: ["FILE"],
        options: [Option(flag: "--against", operand: "OLD", meaning: "the file that the campaign ran with until now")],
        summary: "say what is wrong with a campaign file, or the campaign in words",
        details: [
            "Prints every mistake with its line, its column and what to change (exit code 65), or, when there is none,",
            "the campaign in words. With --against also what may not change in mid campaign: by the present time, a",
            "version that has begun is taken as used. A worker that starts with such a file stops with 65 as well.",
        ],
        perform: { checkCampaign($0.operands[0], against: $0.options["--against"], now: Clock.now()) })
}

/// Checks a file; the versions that have begun at `now` count as used.
func checkCampaign(_ path: String, against oldPath: String?, now: Timestamp) -> Outcome {
    do throws(CampaignProblems) {
        let campaign = try CampaignFile.load(path)
        let words = campaign.words.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let oldPath else { return .answer(words) }

        let refused = campaign.changes(from: try CampaignFile.load(oldPath), decidedUntil: now)
        guard refused.isEmpty else { return .answer(refused.map(\.description), .badData) }
        return .answer(words + ["", "every change from \(oldPath) is allowed in mid campaign"])
    } catch {
        return .answer(error.problems.map(\.description), .badData)
    }
}
