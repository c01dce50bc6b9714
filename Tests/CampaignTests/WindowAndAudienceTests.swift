import Testing

@testable import Campaign

/// Contract, section 7: which events the rules see at all.
@Suite struct WindowAndAudience {
    @Test(arguments: window, Stage.Way.allCases)
    func `the window and its grace`(story: Story, way: Stage.Way) throws { try check(story, way) }

    @Test(arguments: audience, Stage.Way.allCases)
    func `operator and city, lists first`(story: Story, way: Stage.Way) throws { try check(story, way) }
}

private let window = [
    Story("the first moment", recharge("R1", 3_000, at: "05-01 00:00").gives("gift 300 bonus-credit")),
    Story("the first moment at UTC", recharge("R1", 3_000, at: "2026-04-30T16:00:00Z").gives("gift 300 bonus-credit")),
    Story(
        "a millisecond before",
        recharge("R1", 3_000, at: "2026-04-30T23:59:59.999+08:00", published: "05-01 00:00").gives("OUT_OF_WINDOW")),
    Story(
        "the last millisecond",
        recharge("R1", 3_000, at: "2026-05-31T23:59:59.999+08:00", published: "06-01 00:00")
            .gives("gift 300 bonus-credit")),
    Story("the end is out", recharge("R1", 3_000, at: "06-01 00:00").gives("OUT_OF_WINDOW")),
    Story(
        "published in the last moment of grace",
        recharge("R1", 3_000, at: "05-31 23:00", published: endOfGrace).gives("gift 300 bonus-credit")),
    Story(
        "published a millisecond later",
        recharge("R1", 3_000, at: "05-31 23:00", published: "2026-06-08T00:00:00.001+08:00")
            .gives("letter LATE_BEYOND_GRACE"),
        recharge("R1", 3_000, at: "05-31 23:00", published: endOfGrace).gives("gift 300 bonus-credit")),
    Story(
        "out of the window before late",
        recharge("R1", 3_000, at: "06-01 00:00", published: "06-09 00:00").gives("OUT_OF_WINDOW")),
    Story(
        "late before not in the audience",
        recharge("R1", 3_000, of: stranger, at: "05-31 23:00", published: "06-09 00:00")
            .gives("letter LATE_BEYOND_GRACE")),
    Story("an assist's first moment", assist("A1", at: "05-01 00:00").gives("waits; helper 100")),
    Story("an assist before", assist("A1", at: "04-30 23:59").gives("OUT_OF_WINDOW")),
    Story("an assist at the end", assist("A1", at: "06-01 00:00").gives("OUT_OF_WINDOW")),
    Story(
        "an assist published late",
        assist("A1", at: "05-31 10:00", published: "06-08 00:00:01").gives("letter LATE_BEYOND_GRACE")),
    Story(
        "a reversal has no window of its own",
        recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        reversal("V1", of: "R1", 3_000, at: "06-07 10:00").gives("takes back 300 bonus-credit")),
    Story(
        "a reversal published late",
        recharge("R1", 3_000).gives("gift 300 bonus-credit"),
        reversal("V1", of: "R1", 3_000, at: "05-04 10:00", published: "06-08 00:00:01")
            .gives("letter LATE_BEYOND_GRACE"),
        reversal("V1", of: "R1", 3_000, at: "05-04 10:00", published: endOfGrace)
            .gives("takes back 300 bonus-credit")),
    Story(
        "a reversal of a recharge before the window",
        reversal("V1", of: "R1", 3_000, rechargedAt: "04-30 23:59:59").gives("OUT_OF_WINDOW"),
        reversal("V2", of: "R1", 3_000, rechargedAt: "06-01 00:00").gives("OUT_OF_WINDOW"),
        reversal("V3", of: "R1", 3_000, rechargedAt: "05-01 00:00").gives("waits"),
        everythingRead(upTo: endOfGrace).gives("letter REVERSAL_WITHOUT_ORIGINAL")),
    Story(
        "a reversal that is out of the window and late",
        reversal("V1", of: "R1", 3_000, rechargedAt: "04-30 10:00", published: "06-09 00:00").gives("OUT_OF_WINDOW")),
]

private let movedIn = SeedCampaign(portedIn: [stranger])
private let movedOut = SeedCampaign(portedOut: [inviter])

private let audience: [Story] =
    [
        ("a listed segment", recharge("R1", 3_000), true),
        ("the operator's word and the segment for the city", recharge("R1", 3_000, carrier: "CMCC"), true),
        ("the city's word and the segment for the operator", recharge("R1", 3_000, city: "442000"), true),
        ("another operator", recharge("R1", 3_000, carrier: "CUCC"), false),
        ("another city", recharge("R1", 3_000, city: "440100"), false),
        ("the right operator in another city", recharge("R1", 3_000, carrier: "CMCC", city: "440100"), false),
        ("another operator in the right city", recharge("R1", 3_000, carrier: "CBN", city: "442000"), false),
        ("an unlisted segment", recharge("R1", 3_000, of: stranger), false),
        ("an unlisted segment and the operator alone", recharge("R1", 3_000, carrier: "CMCC", of: stranger), false),
        ("an unlisted segment and the city alone", recharge("R1", 3_000, city: "442000", of: stranger), false),
        (
            "an unlisted segment, operator and city",
            recharge("R1", 3_000, carrier: "CMCC", city: "442000", of: stranger), true
        ),
    ].map { title, scene, isIn in Story(title, scene.gives(isIn ? "gift 300 bonus-credit" : "NOT_IN_AUDIENCE")) } + [
        Story(
            "moved to us, whatever the event says", in: movedIn,
            recharge("R1", 3_000, of: stranger).gives("gift 300 bonus-credit"),
            recharge("R2", 3_000, carrier: "CUCC", city: "440100", of: stranger).gives("gift 300 bonus-credit")),
        Story(
            "moved away, whatever the event says", in: movedOut,
            recharge("R1", 3_000).gives("NOT_IN_AUDIENCE"),
            recharge("R2", 3_000, carrier: "CMCC", city: "442000").gives("NOT_IN_AUDIENCE")),
        Story("a helper outside", assist("A1", by: stranger).gives("NOT_IN_AUDIENCE")),
        Story("an inviter outside", assist("A1", for: stranger).gives("NOT_IN_AUDIENCE")),
        Story("a helper who moved to us", in: movedIn, assist("A1", by: stranger).gives("waits; helper 100")),
        Story("a helper who moved away", in: movedOut, assist("A1", by: inviter, for: friend).gives("NOT_IN_AUDIENCE")),
        Story(
            "not in the audience before an unknown package",
            recharge("R1", 3_000, package: "P99", carrier: "CUCC").gives("NOT_IN_AUDIENCE")),
        Story(
            "not in the audience before self-assist", assist("A1", by: stranger, for: stranger).gives("NOT_IN_AUDIENCE")
        ),
        Story(
            "another list later does not change what was decided",
            recharge("R1", 3_000, of: stranger).gives("NOT_IN_AUDIENCE"),
            restart(with: movedIn),
            recharge("R1", 3_000, of: stranger).gives("DUPLICATE"),
            recharge("R2", 3_000, of: stranger).gives("gift 300 bonus-credit")),
    ]
