import Campaign
import Testing

@testable import Operations

/// What the contract's section 4 asks of billing, and how the simulated one misbehaves.
@Suite struct SimulatedBillingTests {
    private func command(_ id: String, fen: Int64 = 800, reverses: String? = nil) throws -> PublishedCredit {
        let taken = reverses.map { #","reverses":"\#($0)""# } ?? ""
        let type = reverses == nil ? "credit.grant.v1" : "credit.reverse.v1"
        let text =
            #"{"id":"\#(id)","type":"\#(type)","subject":"13411600001","#
            + #""data":{"lines":[{"benefit":"bonus-credit","fen":\#(fen)}]\#(taken)}}"#
        var reader = CommandReader()
        let credit = Array(text.utf8).withUnsafeBytes { reader.credit(Bytes($0)) }
        return try #require(credit)
    }

    private func billing(_ misbehaviour: SimulatedBilling.Misbehaviour = .init()) -> SimulatedBilling {
        SimulatedBilling(misbehaviour, seed: 1)
    }

    @Test func aCopyGetsTheFirstAnswerAgain() throws {
        var billing = billing(.init(wrongAmounts: 50))
        for index in 0..<20 {
            let first = billing.answer(try command("C\(index)"))
            let second = billing.answer(try command("C\(index)"))
            #expect(second == first)
        }
        #expect(billing.counts.credited == 20)
        #expect(billing.counts.copies == 20)
        #expect((1..<20).contains(billing.counts.wrong))
    }

    @Test func aRejectedCommandIsTriedAnew() throws {
        var billing = billing(.init(rejects: 50))
        var changed = 0
        for index in 0..<40 {
            let answers = try [billing.answer(command("C\(index)")), billing.answer(command("C\(index)"))]
            let (first, second) = (try #require(answers[0]), try #require(answers[1]))
            #expect(!first.isCredited || second.isCredited)
            if !first.isCredited, second.isCredited { changed += 1 }
        }
        #expect(changed > 0)
    }

    @Test func aReverseWithoutItsGrantIsRejected() throws {
        var billing = billing()
        let reverse = try command("V", reverses: "C")
        let (before, grant, after) = (
            billing.answer(reverse), billing.answer(try command("C")), billing.answer(reverse)
        )
        #expect(before?.reason == "NO_GRANT")
        #expect(grant?.isCredited == true)
        #expect(after == SimulatedBilling.Answer(creditedFen: 800))
        #expect(billing.counts.creditedFen == 800 && billing.counts.takenBackFen == 800)
    }

    @Test func whatItKeepsSilentAboutIsExecuted() throws {
        var silent = billing(.init(silence: 100))
        let answers = [silent.answer(try command("C")), silent.answer(try command("V", reverses: "C"))]
        #expect(answers == [nil, nil])
        #expect(silent.counts.takenBackFen == 800)
    }

    @Test func itRecallsWhatItExecuted() throws {
        var billing = billing(.init(rejects: 100))
        billing.recall("C", isCredited: true, fen: 799)
        let answers = [billing.answer(try command("C")), billing.answer(try command("D"))]
        #expect(answers[0]?.creditedFen == 799)
        #expect(answers[1]?.isCredited == false)
    }

    @Test func theSharesAreAboutRight() throws {
        var billing = billing(.init(rejects: 10, wrongAmounts: 10, silence: 10, late: 10, doubles: 10))
        for index in 0..<2000 { _ = billing.answer(try command("C\(index)")) }
        let counts = billing.counts
        for count in [counts.rejected, counts.silent] { #expect((140...260).contains(count), "\(counts)") }
        for count in [counts.wrong, counts.late, counts.doubled] { #expect((120...250).contains(count), "\(counts)") }
    }

    @Test func answersComeWhenTheyAreDueInTheirOrder() throws {
        let number = try #require(PhoneNumber(value: 13_411_600_001))
        var queue = AnswerQueue()
        func add(_ name: String, _ due: Int64, isLate: Bool = false) {
            queue.add(.init(subject: number, value: name, isLate: isLate), due: Timestamp(milliseconds: due))
        }
        add("a", 10)
        add("late", 90, isLate: true)
        add("b", 10)
        add("early", 5)
        let taken = [queue.takeDue(Timestamp(milliseconds: 4)), queue.takeDue(Timestamp(milliseconds: 10))]
        #expect(taken.map { $0.map(\.value) } == [[], ["early", "a", "b"]])
        add("c", 20)
        let left = queue.takePunctual()
        #expect(left.map(\.value) == ["c"])
        #expect(queue.count == 1)
    }
}
