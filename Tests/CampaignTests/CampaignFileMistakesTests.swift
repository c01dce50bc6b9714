import Testing

@testable import Campaign

/// Each mistake alone: where it is found and what the message says.
@Suite struct CampaignFileMistakes {
    @Test(arguments: [
        Mistake("title: 中山移动充值活动", "titel: 中山", "2:1", "did you mean `title`?"),
        Mistake("title: 中山移动充值活动\n", "", "1:1", "lacks `title`: add it"),
        Mistake("title: 中山移动充值活动", "title: ~", "2:8", "no value: write a text"),
        Mistake("title: 中山移动充值活动", "title: ''", "2:8", "is empty"),
        Mistake("title: 中山移动充值活动", "title: ' 中山'", "2:8", "a space or a line break"),
        Mistake("title: 中山移动充值活动", "title: \"中\\n山\"", "2:8", "write it in one line"),
        Mistake("title: 中山移动充值活动", "title: [a]", "2:8", "is a list: write a text"),
        Mistake("title: 中山移动充值活动", "title: a\nt13800138000: 1", "3:1", "no member `t138****8000`: take it away"),
        Mistake("campaign: zs-2026-05", "campaign: 中山 2026", "1:11", "`.`, `_` and `-`, not `中山 2026`"),
        Mistake("growthPercent: 10", "growthPercent: ten", "46:26", "a whole number from -100"),
        Mistake("activeAboveFen: 10000", "activeAboveFen: 100.00", "45:19", "write 10000 if you mean 100 yuan"),
        Mistake("activeAboveFen", "activeAbove", "45:3", "did you mean `activeAboveFen`?"),
    ])
    func names(_ mistake: Mistake) throws { try expectAlone(mistake) }

    @Test(arguments: [
        Mistake("campaign: zs-2026-05", "campaign: &name zs-2026-05", "1:11", "anchors (&…) are not allowed"),
        Mistake("campaign: zs-2026-05", "campaign: *name", "1:11", "aliases (*…) are not allowed"),
        Mistake("campaign: zs-2026-05", "campaign: !!str zs-2026-05", "1:11", "tags (!…) are not allowed"),
        Mistake("campaign: zs-2026-05", "campaign: zs\ncampaign: zs-2026-05", "2:1", "in line 1 already"),
        Mistake("campaign: zs-2026-05", "campaign: zs\n<<: {title: a}", "2:1", "merge keys (<<) are not allowed"),
        Mistake("campaign: zs-2026-05", "campaign: zs\n? [a]\n: 1", "2:3", "a name must be a text"),
        Mistake("report:", "---\nreport:", "43:1", "a second document begins here"),
        Mistake("stacking: best", "stacking: best\n   x: 1", "25:4", "this is not YAML"),
        Mistake("activeUsers: 5000}", "activeUsers: 5000", "47:1", "did not find expected ',' or '}'"),
        Mistake("{growthPercent: 10, activeUsers: 5000}", "[[[[[[[[[[[[[[[[[[[[", "46:24", "nested deeper than 16"),
        Mistake("title: 中山", "title: 中\u{7}山", "2:9", "not UTF-8 text (control characters are not allowed)"),
    ])
    func yaml(_ mistake: Mistake) throws { try expectAlone(mistake) }

    @Test(arguments: [
        Mistake("version: 1\n", "version: 0\n", "4:14", "a whole number from 1 to 1000000, not `0`"),
        Mistake("version: 1\n", "version: \"1\"\n", "4:14", "write `1` without quotes"),
        Mistake("version: 1\n", "version: 01\n", "4:14", "in digits alone, not `01`"),
        Mistake("version: 1\n", "version: 2\n", "22:5", "version 2 stands in line 4 already"),
        Mistake("version: 2", "version: 99999999999999999999", "22:14", "a whole number from 1 to 1000000"),
        Mistake(
            "from: 2026-05-01T00:00:00+08:00", "from: 2026-05-01T00:00:00", "5:11", "write `2026-05-01T00:00:00+08:00`"),
        Mistake("from: 2026-05-01T00:00:00+08:00", "from: 2026-05-01", "5:11", "a date and time that exist"),
        Mistake(
            "from: 2026-05-01T00:00:00+08:00", "from: 2026-04-31T00:00:00+08:00", "5:11", "a date and time that exist"),
        Mistake("from: 2026-05-01T00:00:00+08:00", "from: 1999-05-01T00:00:00+08:00", "5:11", "the years 2000 to 2999"),
        Mistake(
            "from: 2026-05-01T00:00:00+08:00", "from: 2026-05-02T00:00:00+08:00", "5:11",
            "begins after the window's start"),
        Mistake(
            "from: 2026-05-15T00:00:00+08:00", "from: 2026-05-01T00:00:00+08:00", "23:11", "in the moment of version 1"),
        Mistake(
            "from: 2026-05-15T00:00:00+08:00", "from: 2026-04-15T00:00:00+08:00", "23:11", "put the versions in order"),
        Mistake(
            "from: 2026-05-15T00:00:00+08:00", "from: 2026-06-01T00:00:00+08:00", "23:11", "after the window's end"),
        Mistake("stacking: all", "stacking: al", "6:15", "one of `all`, `best`, not `al`: did you mean `all`?"),
        Mistake("instantDiscount:", "instandDiscount:", "7:5", "did you mean `instantDiscount`?"),
        Mistake(
            "    bonusCredit: {tiers: [{atLeastFen: 3000, creditFen: 400}]}\n", "", "22:5", "this version has no rules"),
        Mistake(
            "end: 2026-06-01T00:00:00", "end: 2026-05-31T23:59:59", "26:49",
            "did you mean 00:00:00 of the next day, `2026-06-01T00:00:00+08:00`?"),
        Mistake("end: 2026-06-01T00:00:00", "end: 2026-05-01T00:00:00", "26:49", "must be later than `start`"),
        Mistake("grace: 7d", "grace: 7", "26:83", "such as `30s`, `5m`, `1h` or `7d`, not `7`"),
        Mistake("grace: 7d", "grace: -1d", "26:83", "such as `30s`"),
        Mistake("grace: 7d", "grace: 99999999999999999999d", "26:83", "from `0s` to `3650d`"),
    ])
    func versionsAndWindow(_ mistake: Mistake) throws { try expectAlone(mistake) }

    @Test(arguments: [
        Mistake("{tiers: [{atLeastFen: 3000, creditFen: 400}]}", "{tiers: []}", "25:26", "`tiers` is empty"),
        Mistake("{tiers: [{atLeastFen: 3000, creditFen: 400}]}", "{tiers: 5}", "25:26", "must be a list"),
        Mistake("{tiers: [{atLeastFen: 3000, creditFen: 400}]}", "{}", "25:18", "`bonusCredit` lacks `tiers`"),
        Mistake("{tiers: [{atLeastFen: 3000, creditFen: 400}]}", "{tiers: [3000]}", "25:27", "must have members"),
        Mistake("creditFen: 400", "creditFen: 3000", "25:57", "smaller than the tier's 3000"),
        Mistake("creditFen: 400", "creditFen: 5.00", "25:57", "write 500 if you mean 5 yuan"),
        Mistake("creditFen: 400", "creditFen: -400", "25:57", "from 1 to 1000000000000, not `-400`"),
        Mistake("creditFen: 400", "creditFen: 1000000000001", "25:57", "from 1 to 1000000000000"),
        Mistake("creditFen: 400", "creditFen: 4_00", "25:57", "in digits alone"),
        Mistake("offFen: 1000}", "offFen: 400}", "8:76", "a higher tier must not be worth less"),
        Mistake("atLeastFen: 10000", "atLeastFen: 5000", "8:61", "tiers must rise: 5000 follows 5000"),
        Mistake("creditFen: 800", "creditFen: 200", "12:41", "a higher tier must not be worth less"),
        Mistake("payPercent: 80", "payPercent: 100", "14:19", "from 1 to 99, not `100`"),
        Mistake("payPercent: 80", "payPercent: 0.8", "14:19", "from 1 to 99 in digits alone"),
        Mistake("code: P88", "code: P58", "15:63", "`P58` is listed in line 15 already"),
        Mistake("prepayFen: 26400", "prepayFen: 1760", "15:100", "must be above what the package gets (1760 fen)"),
        Mistake("perAssistFen: 200", "perAssistFen: 2000", "17:21", "above `inviterCapFen` (2000 > 1000)"),
        Mistake("minRechargeFen: 3000", "minRechargeFen: 0", "19:23", "from 1 to"),
        Mistake("helperTimes: 3", "helperTimes: -1", "21:20", "from 0 to 1000"),
        Mistake("helperTimes: 3", "helperTime: 3", "21:7", "did you mean `helperTimes`?"),
    ])
    func rules(_ mistake: Mistake) throws { try expectAlone(mistake) }

    @Test(arguments: [
        Mistake("carrier: CMCC", "carrier: CMC", "28:12", "did you mean `CMCC`?"),
        Mistake("carrier: CMCC", "carrier: 中国移动", "28:12", "one of `CMCC`, `CUCC`, `CTCC`, `CBN`"),
        Mistake("city: \"442000\"", "city: 442", "29:9", "6-digit code of GB/T 2260"),
        Mistake("segments: segments.txt", "segments: ../segments.txt", "30:13", "without a path"),
        Mistake("segments: segments.txt", "segments: other.txt", "30:13", "can't be read (No such file or directory)"),
        Mistake(
            "portedIn: []", "portedIn: [13800138000, 12345678901]", "31:27", "`portedIn[2]` is no subscriber's number"),
        Mistake("portedOut: []", "portedOut: 13800138000", "32:14", "must be a list"),
        Mistake(
            "portedIn: []\n  portedOut: []", "portedIn: [13800138000]\n  portedOut: [\"138 0013 8000\"]", "32:15",
            "138****8000 is in `portedIn` too (line 31)"),
        Mistake("confirmWithin: 5m", "confirmWithin: 0s", "33:24", "from `1s` to `3650d`"),
        Mistake("totalFen: 500000000", "totalFen: 0", "34:20", "from 1 to"),
        Mistake("budget: {totalFen: 500000000}", "budget: 500000000", "34:9", "must have members: `totalFen`"),
        Mistake("maxRechargeFen: 5000000", "maxRechargeFen: 0", "35:26", "from 1 to"),
        Mistake("signature: 中国移动", "signature: 【中国移动】", "37:14", "write the name alone"),
        Mistake("signature: 中国移动", "signature: ''", "37:14", "is empty"),
        Mistake("获赠话费{credit}元。\n    gift", "获赠{credits}元。\n    gift", "41:18", "did you mean `{credit}`?"),
        Mistake("获赠话费{credit}元。\n    gift", "获赠{amount}元。\n    gift", "41:18", "can't say `{amount}`: it knows"),
        Mistake("获赠话费{credit}元。\n    gift", "获赠{credit元。\n    gift", "41:18", "a brace without its partner"),
        Mistake("获赠话费{credit}元。\n    gift", "获赠credit}元。\n    gift", "41:18", "a brace without its partner"),
        Mistake("获赠话费{credit}元。\n    gift", "【中国移动】获赠。\n    gift", "41:18", "the signature in 【】 by itself"),
        Mistake("    helper-gift: 获赠话费{credit}元。\n", "", "39:5", "lacks `helper-gift`"),
    ])
    func audienceMoneyAndMessages(_ mistake: Mistake) throws { try expectAlone(mistake) }

    @Test(arguments: [
        ("", "segments.txt:1:1", "lists no segments"),
        ("# none\n\n", "segments.txt:1:1", "lists no segments"),
        ("1390000\n  139000\n", "segments.txt:2:3", "a segment is 7 digits"),
        ("1390000\n13900001\n", "segments.txt:2:1", "a segment is 7 digits"),
        ("1390000\n1290000\n", "segments.txt:2:1", "a segment is 7 digits"),
        ("1390000 1390001", "segments.txt:1:1", "a segment is 7 digits"),
        ("1390000\n１３９００００", "segments.txt:2:1", "a segment is 7 digits"),
    ])
    func segments(text: String, place: String, says: String) throws {
        let found = campaignProblems(soundCampaign, segments: text)
        #expect(found.count == 1)
        #expect(try #require(found.first).description.hasPrefix(place))
        #expect(try #require(found.first).message.contains(says))
    }

    @Test func `a tab that indents is pointed at, beside what it breaks`() throws {
        let found = campaignProblems(try #require(editedCampaign([("    stacking: all", "\tstacking: all")])))
        #expect(found.first?.description == "campaign.yaml:6:1: a tab indents here: write spaces")
    }

    private func expectAlone(_ mistake: Mistake) throws {
        let text = try #require(editedCampaign([(mistake.old, mistake.new)]), "the edit must hit one place")
        let found = campaignProblems(text)
        #expect(found.count == 1, "\(found)")
        let problem = try #require(found.first)
        #expect("\(problem.line):\(problem.column)" == mistake.place, "\(problem)")
        #expect(problem.message.contains(mistake.says), "\(problem)")
    }
}
