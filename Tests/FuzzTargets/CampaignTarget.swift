@testable import Campaign

/// Any file is a campaign that reads the same again, or has problems at places that exist.
func checkCampaign(_ input: UnsafeRawBufferPointer) {
    // Behind a zero byte, which YAML can't hold, comes the segments' file.
    let end = input.firstIndex(of: 0) ?? input.count
    let file = Array(input[..<end])
    let segments = end < input.count ? Array(input[(end + 1)...]) : Array("1390000\n".utf8)
    do throws(CampaignProblems) {
        let campaign = try CampaignFile.read(file) { (_) throws(UnreadableFile) in segments }
        checkReading(of: campaign)
    } catch {
        checkPlaces(of: error.problems, file, segments)
    }
}

private func checkReading(of campaign: CampaignFile) {
    mustHold(!campaign.versions.isEmpty, "a campaign has a version")
    mustHold(campaign.window.start < campaign.window.end, "a window has a length")
    mustHold(campaign.version(at: campaign.window.start) != nil, "rules are in force from the start")
    mustHold(campaign.window.end <= campaign.window.lastPublication, "grace comes after the end")
    do throws(CampaignProblems) {
        let kept = try CampaignFile.read(kept: campaign.source)
        mustHold(kept.source == campaign.source, "a text stays as it is")
        for decided in [nil, campaign.window.start, campaign.window.end] {
            let changes = campaign.changes(from: kept, decidedUntil: decided)
            mustHold(changes.isEmpty, "a campaign may go on with its own file: \(changes)")
        }
    } catch {
        mustHold(false, "what a shard keeps of a campaign is read again: \(error)")
    }
    mustHold(!campaign.words.isEmpty, "a campaign can be told in words")
}

private func checkPlaces(of problems: [Problem], _ file: [UInt8], _ segments: [UInt8]) {
    mustHold((1...201).contains(problems.count), "there is a problem, and not without bound")
    for problem in problems {
        let text = problem.file == "campaign.yaml" ? file : segments
        // libyaml calls the end of a file a line of its own.
        let lines = text.count { $0 == 0x0A || $0 == 0x0D } + 2
        mustHold((1...lines).contains(problem.line) && problem.column >= 1, "a problem has a place: \(problem)")
        mustHold(!problem.message.isEmpty && !problem.message.contains("\n"), "a problem is a line: \(problem)")
    }
}
