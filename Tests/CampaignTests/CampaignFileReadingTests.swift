import Foundation
import Testing

@testable import Campaign

/// One edit of the sound campaign and the one problem that it must give.
struct Mistake: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let place: String
    let says: String

    init(_ old: String, _ new: String, _ place: String, _ says: String) {
        self.old = old
        self.new = new
        self.place = place
        self.says = says
    }

    var testDescription: String { "\(old) -> \(new)" }
}

@Suite struct CampaignFileReadingTests {
    @Test func `the example that we ship reads without a problem`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../deploy/campaign")
        let bytes = try Array(Data(contentsOf: folder.appending(path: "campaign.yaml")))
        let campaign = try CampaignFile.read(bytes) { (name) throws(UnreadableFile) in
            guard let file = try? Data(contentsOf: folder.appending(path: name)) else {
                throw UnreadableFile(reason: "missing")
            }
            return Array(file)
        }
        #expect(campaign.campaign == "zs-2026-05")
        #expect(campaign.budgetFen == 500_000_000)
        #expect(campaign.audience.segments.contains(1_341_160))
        #expect(campaign.source == String(decoding: bytes, as: UTF8.self))
        #expect(campaign.versions.first?.instantDiscount?.tiers.last == Tier(atLeastFen: 20000, worthFen: 3000))
    }

    @Test func `every section arrives in its struct`() throws {
        let campaign = try readCampaign(soundCampaign, segments: "# ours\n1390000 # first\r\n\n  1391234\n1390000")
        #expect(campaign.title == "中山移动充值活动")
        let may = Timestamp(microseconds: 1_777_564_800_000_000)
        let first = RulesVersion(
            version: 1, from: may, stacking: .all,
            instantDiscount: InstantDiscount(tiers: [
                Tier(atLeastFen: 5000, worthFen: 500), Tier(atLeastFen: 10000, worthFen: 1000),
            ]),
            bonusCredit: BonusCredit(tiers: [
                Tier(atLeastFen: 3000, worthFen: 300), Tier(atLeastFen: 5000, worthFen: 800),
            ]),
            packagePrepay: PackagePrepay(
                payPercent: 80,
                packages: [
                    PackagePrepay.Package(code: "P58", feeFen: 5800, prepayFen: 17400),
                    PackagePrepay.Package(code: "P88", feeFen: 8800, prepayFen: 26400),
                ]),
            friendAssist: FriendAssist(
                perAssistFen: 200, inviterCapFen: 1000, minRechargeFen: 3000, helperFen: 100, helperTimes: 3))
        #expect(campaign.versions.count == 2)
        #expect(campaign.versions.first == first)
        #expect(
            campaign.window
                == CampaignFile.Window(
                    start: may, end: may + .seconds(31 * 86_400), grace: .seconds(7 * 86_400)))
        #expect(
            campaign.audience
                == Audience(
                    carrier: .mobile, city: 442_000, segments: [1_390_000, 1_391_234], portedIn: [], portedOut: []))
        #expect(campaign.confirmWithin == .seconds(300))
        #expect(campaign.maxRechargeFen == 5_000_000)
        #expect(
            campaign.messages.pieces(.rechargeGift) == [
                .literal("您于"), .placeholder(.date), .literal("充值"), .placeholder(.amount), .literal("元，获赠话费"),
                .placeholder(.credit), .literal("元"), .placeholder(.breakdown), .literal("。"),
            ])
    }

    @Test(arguments: [
        ("city: \"442000\"", "city: 442000"), ("stacking: all", "stacking: \"all\""), ("grace: 7d", "grace: 0s"),
        ("from: 2026-05-01T00:00:00+08:00", "from: 2026-04-30T16:00:00Z"), ("helperTimes: 3", "helperTimes: 0"),
        (
            "      portedIn: []\n".trimmingCharacters(in: .whitespaces),
            "portedIn: [\"+86 138-0013-8000\", 13800138000]\n"
        ),
        ("goals: {growthPercent: 10, activeUsers: 5000}\n", "goals: {growthPercent: 10, activeUsers: 5000}\n...\n"),
        ("campaign: zs-2026-05\n", "\u{FEFF}campaign: zs-2026-05\r\n"),
        ("segments: segments.txt", "segments: 'segments.txt' # beside this file"),
    ])
    func `what may be written so`(old: String, new: String) throws {
        #expect(campaignProblems(try #require(editedCampaign([(old, new)]))) == [])
    }

    @Test func `all mistakes are reported at once, by line, with the segments' last`() throws {
        let text = try #require(
            editedCampaign([
                ("title: 中山移动充值活动", "titel: 中山"), ("stacking: all", "stacking: some"),
                ("creditFen: 800", "creditFen: 8.00"),
                ("grace: 7d", "grace: week"), ("carrier: CMCC", "carrier: CMC"),
                ("totalFen: 500000000", "totalFen: -1"),
                ("{refunded}", "{refund}"),
            ]))
        let found = campaignProblems(text, segments: "1390000\n139000\n13800138000\n")
        #expect(
            found.map { "\($0.file):\($0.line)" } == [
                "campaign.yaml:2", "campaign.yaml:6", "campaign.yaml:12", "campaign.yaml:26", "campaign.yaml:28",
                "campaign.yaml:34", "campaign.yaml:42", "segments.txt:2", "segments.txt:3",
            ])
        #expect(!found.contains { $0.message.contains("13800138000") })
    }

    @Test func `the kept campaign is read without its segments`() throws {
        let kept = try CampaignFile.read(kept: soundCampaign)
        #expect(kept.audience.segments.isEmpty)
        #expect(kept.versions == (try readCampaign(soundCampaign)).versions)
        #expect(throws: CampaignProblems.self) { try CampaignFile.read(kept: "") }
    }

    @Test func `the campaign in words names every amount`() throws {
        let words = try readCampaign(soundCampaign).words
        for part in [
            "中山移动充值活动（zs-2026-05）", "2026年5月1日 00:00 起，2026年6月1日 00:00 前", "7 天", "5000000 元", "50000 元", "5 分钟",
            "满 50 元减 5 元，满 100 元减 10 元", "满 30 元送 3 元，满 50 元送 8 元", "8 折", "P58 月费 58 元，预存满 174 元优惠 11.6 元",
            "每次助力邀请人得 2 元，全活动最多 10 元", "助力好友每次得 1 元，全活动最多 3 次", "规则第 2 版：2026年5月15日 00:00 起",
            "【中国移动】您于5月1日充值100元，获赠话费18元（含立减10元）。", "【中国移动】退款100元，优惠18元将收回。",
        ] {
            #expect(words.contains(part), "\(words)")
        }
    }
}
