import Campaign
import Testing

@testable import Worker

@Suite struct StormWatchTests {
    @Test(arguments: [Rejection.unknownPackage, .lateBeyondGrace])
    func `more than half of the last thousand events, said once a minute`(reason: Rejection) {
        var watch = StormWatch()
        for _ in 0..<500 { #expect(watch.note(.dead(reason), nowMs: 0) == nil) }
        #expect(watch.note(.dead(reason), nowMs: 0)?.count == 501)
        #expect(watch.note(.dead(reason), nowMs: 59_999) == nil)
        #expect(watch.note(.dead(reason), nowMs: 60_000)?.count == 503)
        for _ in 0..<499 { #expect(watch.note(.commanded, nowMs: 200_000) == nil) }
        #expect(watch.note(.dead(reason), nowMs: 200_000)?.count == 501, "the oldest leave")
    }

    @Test func `other reasons are no storm, for no change outside cures them`() {
        var watch = StormWatch()
        for _ in 0..<1_000 { #expect(watch.note(.dead(.badPayload), nowMs: 0) == nil) }
    }

    @Test func `gifts that are late are held against those that billing answered`() {
        var watch = StormWatch()
        for _ in 0..<400 { #expect(watch.noteDelayedGift(nowMs: 0) == nil) }
        for _ in 0..<600 { #expect(watch.note(.answered, nowMs: 0) == nil) }
        for _ in 0..<1_000 { #expect(watch.note(.commanded, nowMs: 0) == nil) }
        for _ in 0..<500 { #expect(watch.noteDelayedGift(nowMs: 0) == nil) }
        #expect(watch.noteDelayedGift(nowMs: 0)?.reason == .giftDelayed)
    }
}
