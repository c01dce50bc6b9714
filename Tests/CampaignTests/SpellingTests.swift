import Campaign
import Testing

@Suite struct SpellingTests {
    @Test(arguments: [
        ("", "", 0), ("run", "run", 0), ("runn", "run", 1), ("rnu", "run", 1), ("", "run", 3), ("check", "chekc", 1),
        ("kitten", "sitting", 3),
    ])
    func distances(_ left: String, _ right: String, _ distance: Int) {
        #expect(editDistance(left, right) == distance)
        #expect(editDistance(right, left) == distance)
    }

    @Test(arguments: [("chekc", "check"), ("creat", "create"), ("CHECK", "check"), ("xyz", nil), ("", nil)])
    func theNearestIsFound(_ word: String, _ expected: String?) {
        #expect(nearest(to: word, among: ["create", "check"]) == expected)
    }

    @Test func veryLongWordsAreHarmless() {
        #expect(nearest(to: String(repeating: "x", count: 1_000_000), among: ["run"]) == nil)
    }
}
