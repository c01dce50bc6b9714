import Campaign
import Kafka
import Worker

/// Everything that the topics have of one letter.
struct LetterStory {
    let letter: DeadLetter
    /// One for each time that it failed, the last of them last.
    let records: [StoredLetter]
    /// Those that compaction left.
    let statuses: [PublishedStatus]

    /// Looks for a letter; nil where there is none of that id.
    static func find(_ id: LetterID, in topics: LetterTopics) throws(Changelog.Failure) -> LetterStory? {
        let names = LetterTopicNames(topics.settings.topics)
        for partition in 0..<topics.partitionCount {
            var letters = CollectedLetters(partition, topics.settings.topics)
            var reader = CommandReader()
            var records: [StoredLetter] = []
            var statuses: [PublishedStatus] = []
            try topics.read(partition) { found in
                switch found {
                case .letter(let record):
                    guard let own = LetterHeaders(record).id, LetterID(own, names) == id else { return }
                    records.append(StoredLetter(record))
                case .status(let record):
                    guard let key = record.key, LetterID(Bytes(key), names) == id else { return }
                    if let status = record.value.flatMap({ reader.status(Bytes($0)) }) { statuses.append(status) }
                }
                letters.add(found)
            }
            guard !records.isEmpty, let letter = letters.letters.first else { continue }
            return LetterStory(letter: letter, records: records, statuses: statuses)
        }
        return nil
    }

    /// The page of `letters show`.
    func lines(_ rows: LetterRows, prospect: String, _ style: TextTable.Style) -> [String] {
        var table = TextTable(style)
        let facts = table.lines(
            (facts(rows) + [("Replay now", prospect)]).map { [.init($0, .heading), .init($1, .plain)] })
        return facts + ["", "History:"] + history(rows) + ["", "Headers:"] + headers(rows) + ["", "Value:"]
            + ["  " + (value.map { rows.concealed(onOneLine($0)) } ?? "(none)")]
    }

    /// What a replay would do now, in words.
    func prospect(_ call: LetterCall) throws(Changelog.Failure) -> String {
        guard letter.isWaiting, let latest else { return Prospect.isNotOpen(letter.state.rawValue).words }
        let campaign: CampaignFile
        do throws(CampaignProblems) {
            campaign = try CampaignFile.load(call.settings.campaignFile)
        } catch {
            return "not known: \(error.problems.first?.description ?? "no campaign file")"
        }
        var decider = try ReplayDecider(
            [latest], campaign, call.settings, partitionCount: call.topics.partitionCount)
        let request = RequestRecord(letter: latest, action: .replay, id: "show", by: "show", why: "show")
        do throws(StateError) {
            return try decider.prospect(of: request, now: Clock.now()).words
        } catch {
            throw .stop(Stop(error))
        }
    }

    private var latest: StoredLetter? { records.last }

    private var value: String? { latest?.value.map { String(decoding: $0, as: UTF8.self) } }

    private func facts(_ rows: LetterRows) -> [(String, String)] {
        let source = letter.source
        let place = "\(rows.topics.name(source.topic)), partition \(source.partition)"
        let read = latest?.header("recharge.letter.record-time").map { ", published \($0)" } ?? ""
        return [
            ("ID", rows.id(of: letter)),
            ("Reason", "\(letter.reasonName) (\(letter.letterClass?.rawValue ?? "no class"))"),
            ("", letter.reason?.words ?? ""),
            ("Message", rows.concealed(latest?.header("__dlq.errors.message") ?? "")),
            ("Status", "\(letter.state.rawValue), replays \(letter.replays)"),
            ("Event", rows.concealed(letter.eventID)),
            ("Event time", latest?.header("recharge.letter.event-time") ?? ""),
            ("Number", rows.number(of: letter) ?? ""),
            ("Gift yuan", letter.giftFen.map(yuan) ?? ""), ("Event yuan", letter.eventFen.map(yuan) ?? ""),
            ("First read", place + (source.offset < 0 ? "" : ", offset \(source.offset)") + read),
            ("Failed", "first \(letter.firstFailedAt), last \(letter.lastFailedAt)"),
        ].filter { !$0.1.isEmpty }
    }

    private func history(_ rows: LetterRows) -> [String] {
        var entries: [(at: String, text: String)] = statuses.map { status in
            let decision = status.decision.map { " [\($0)]" } ?? ""
            return (
                status.at.description, "\(status.state.rawValue) by \(status.by): \(status.why)\(decision)"
            )
        }
        // The topic of statuses is compacted; a letter's records stay.
        for record in records where !entries.contains(where: { $0.at == record.failedAt }) {
            let reason = record.header("recharge.letter.reason") ?? ""
            entries.append((record.failedAt, "\(reason): \(record.header("__dlq.errors.message") ?? "")"))
        }
        return entries.sorted { $0.at < $1.at }.map { "  \($0.at)  \(rows.concealed(onOneLine($0.text)))" }
    }

    private func headers(_ rows: LetterRows) -> [String] {
        (latest?.headers ?? []).map { name, value in
            let text = value.map { String(decoding: $0, as: UTF8.self) } ?? "(null)"
            return "  \(rows.concealed(onOneLine("\(name): \(text)")))"
        }
    }
}
