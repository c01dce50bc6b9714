import Testing

@testable import Campaign

/// What may change in mid campaign and what may not (contract, section 8). Decided until 10 May: version 1 has begun.
@Suite struct CampaignFileChanges {
    static let may10 = Timestamp(microseconds: 1_777_564_800_000_000) + .seconds(9 * 86_400)

    @Test(arguments: [
        ("title: 中山移动充值活动", "title: 五月活动"),
        ("from: 2026-05-15T00:00:00+08:00", "from: 2026-05-12T00:00:00+08:00"),
        ("creditFen: 400", "creditFen: 500"),
        (
            "- version: 2\n",
            "- {version: 3, from: 2026-05-11T00:00:00+08:00, stacking: all, bonusCredit: {tiers: [{atLeastFen: 9, creditFen: 4}]}}\n  - version: 2\n"
        ),
        ("[{code: P58", "[{code: P18, feeFen: 1800, prepayFen: 5400}, {code: P58"),
        ("from: 2026-05-01T00:00:00+08:00", "from: 2026-04-30T16:00:00Z"),
        ("end: 2026-06-01", "end: 2026-06-11"),
        ("grace: 7d", "grace: 170h"),
        ("portedIn: []", "portedIn: [13800138000]"),
        ("totalFen: 500000000", "totalFen: 400000000"),
        ("maxRechargeFen: 5000000", "maxRechargeFen: 6000000"),
        ("confirmWithin: 5m", "confirmWithin: 10m"),
        ("signature: 中国移动", "signature: 广东移动"),
        ("activeUsers: 5000", "activeUsers: 6000"),
    ])
    func allowed(old: String, new: String) throws {
        let changed = try readCampaign(try #require(editedCampaign([(old, new)])))
        let kept = try CampaignFile.read(kept: soundCampaign)
        #expect(changed.changes(from: kept, decidedUntil: Self.may10) == [])
    }

    @Test(arguments: [
        Mistake("campaign: zs-2026-05", "campaign: zs-2026-06", "1:1", "write `zs-2026-05` again"),
        Mistake(
            "start: 2026-05-01T00:00:00", "start: 2026-05-01T00:00:01", "26:10",
            "write `2026-05-01T00:00:00+08:00` again"),
        Mistake("end: 2026-06-01", "end: 2026-05-31", "26:44", "`2026-06-01T00:00:00+08:00` or later"),
        Mistake("grace: 7d", "grace: 6d", "26:76", "`7d` or longer"),
        Mistake("carrier: CMCC", "carrier: CBN", "28:3", "write `CMCC` again"),
        Mistake("city: \"442000\"", "city: 440100", "29:3", "write `442000` again"),
        Mistake("version: 1\n", "version: 7\n", "3:1", "version 1 has begun"),
        Mistake("version: 2\n", "version: 3\n", "3:1", "version 2 can't be taken away"),
        Mistake("from: 2026-05-01T00:00:00", "from: 2026-04-30T00:00:00", "5:5", "`from` of version 1 can't change"),
        Mistake("stacking: all", "stacking: best", "6:5", "`stacking` of version 1 can't change"),
        Mistake("offFen: 1000", "offFen: 1100", "7:5", "`instantDiscount` of version 1 can't change"),
        Mistake("creditFen: 800", "creditFen: 801", "9:5", "`bonusCredit` of version 1 can't change"),
        Mistake("payPercent: 80", "payPercent: 81", "13:5", "(packages may be added, nothing else)"),
        Mistake("feeFen: 8800", "feeFen: 8801", "13:5", "`packagePrepay` of version 1"),
        Mistake(", {code: P88, feeFen: 8800, prepayFen: 26400}", "", "13:5", "`packagePrepay` of version 1"),
        Mistake("helperTimes: 3", "helperTimes: 4", "16:5", "`friendAssist` of version 1"),
        Mistake(
            "from: 2026-05-15T00:00:00", "from: 2026-05-10T00:00:00", "23:5",
            "version 2 must begin after `2026-05-10T00:00:00.000+08:00`"),
    ])
    func refused(_ change: Mistake) throws {
        let changed = try readCampaign(try #require(editedCampaign([(change.old, change.new)])))
        let kept = try CampaignFile.read(kept: soundCampaign)
        let found = changed.changes(from: kept, decidedUntil: Self.may10)
        let problem = try #require(found.first { "\($0.line):\($0.column)" == change.place }, "\(found)")
        #expect(problem.message.contains(change.says), "\(problem)")
    }

    @Test func `a version that has begun can't be left out, nor one be slipped in before`() throws {
        var text = try #require(editedCampaign([("from: 2026-05-15T00:00:00", "from: 2026-05-01T00:00:00")]))
        let first = try #require(text.firstRange(of: "  - version: 1"))
        let second = try #require(text.firstRange(of: "  - version: 2"))
        text.removeSubrange(first.lowerBound..<second.lowerBound)
        let changed = try readCampaign(text)
        let found = changed.changes(from: try readCampaign(soundCampaign), decidedUntil: Self.may10)
        #expect(found.map(\.line) == [3, 5], "\(found)")
    }

    @Test func `as long as nothing is decided the rules are free, name and window are not`() throws {
        let text = try #require(
            editedCampaign([
                ("creditFen: 800", "creditFen: 801"), ("grace: 7d", "grace: 1d"), ("creditFen: 400", "creditFen: 401"),
            ]))
        let found = try readCampaign(text).changes(from: try readCampaign(soundCampaign), decidedUntil: nil)
        #expect(found.map(\.line) == [26])
    }

    @Test func `packages may be added where there were none`() throws {
        let text = try #require(
            editedCampaign([
                (
                    "{tiers: [{atLeastFen: 3000, creditFen: 400}]}\n",
                    "{tiers: [{atLeastFen: 3000, creditFen: 400}]}\n    packagePrepay: {payPercent: 80, "
                        + "packages: [{code: P18, feeFen: 1800, prepayFen: 5400}]}\n"
                )
            ]))
        let june = Self.may10 + .seconds(30 * 86_400)
        #expect(try readCampaign(text).changes(from: try readCampaign(soundCampaign), decidedUntil: june) == [])
    }
}
