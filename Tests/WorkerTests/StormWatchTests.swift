import Testing

@testable import Campaign
@testable import Worker

@Suite struct StormWatchTests {
    @Test(arguments: [Rejection.unknownPackage, .lateBeyondGrace])
    func `more than half of the last thousand events, said once a minute`(reason: Rejection) {
        var watch = StormWatch()
        for _ in 0..<500 { #expect(watch.note(.dead(reason), [], nowMs: 0) == nil) }
        #expect(watch.note(.dead(reason), [], nowMs: 0)?.count == 501)
        #expect(watch.note(.dead(reason), [], nowMs: 59_999) == nil)
        #expect(watch.note(.dead(reason), [], nowMs: 60_000)?.count == 503)
        for _ in 0..<499 { #expect(watch.note(.commanded, [], nowMs: 200_000) == nil) }
        #expect(watch.note(.dead(reason), [], nowMs: 200_000)?.count == 501, "the oldest leave")
    }

    @Test func `other reasons are no storm, for no change outside cures them`() {
        var watch = StormWatch()
        for _ in 0..<1_000 { #expect(watch.note(.dead(.badPayload), [], nowMs: 0) == nil) }
    }

    @Test func `gifts that are late are held against those that billing answered`() {
        var watch = StormWatch()
        for _ in 0..<400 { #expect(watch.noteDelayedGifts([Self.late], nowMs: 0) == nil) }
        for _ in 0..<600 { #expect(watch.note(.answered, [], nowMs: 0) == nil) }
        for _ in 0..<1_000 { #expect(watch.note(.commanded, [], nowMs: 0) == nil) }
        for _ in 0..<500 { #expect(watch.noteDelayedGifts([Self.late], nowMs: 0) == nil) }
        #expect(watch.noteDelayedGifts([Self.late], nowMs: 0)?.reason == .giftDelayed)
    }

    @Test func `answers that are all late are a storm`() {
        var watch = StormWatch()
        for _ in 0..<250 {
            #expect(watch.noteDelayedGifts([Self.late], nowMs: 0) == nil)
            #expect(watch.note(.answered, [Self.resolved], nowMs: 0) == nil)
            #expect(watch.note(.answered, [Self.late, Self.resolved], nowMs: 0) == nil)
        }
        #expect(watch.note(.answered, [Self.late, Self.resolved], nowMs: 0)?.count == 501)
    }

    @Test func `one storm does not silence another`() {
        var watch = StormWatch()
        for _ in 0..<501 { _ = watch.note(.dead(.unknownPackage), [], nowMs: 0) }
        for _ in 0..<500 { _ = watch.noteDelayedGifts([Self.late], nowMs: 1) }
        #expect(watch.noteDelayedGifts([Self.late], nowMs: 1)?.reason == .giftDelayed)
    }

    private static let moment = Timestamp(microseconds: 0)

    private static var late: Effect {
        let command = Command(
            id: .rechargeGift(.none), subject: PhoneNumber(value: 13_900_000_001)!, lines: Lines(), issued: moment,
            confirmBy: moment, eventTime: moment, rulesVersion: 1, traceparent: .none)
        return .letter(
            Letter(
                .command(command), Fault(.giftDelayed, "late"), stage: .settle, eventID: .none, eventTime: nil,
                rulesVersion: nil, failedAt: moment))
    }

    private static var resolved: Effect {
        .status(
            LetterStatus(
                name: .gift(.rechargeGift(.none)), state: .resolved, at: moment, reason: .giftDelayed, replays: 0,
                why: "answered"))
    }
}
