import Testing

@testable import Campaign

/// Whatever stands in the file, reading ends, is bounded and names places that exist.
@Suite struct CampaignFileAnyBytes {
    /// SplitMix64: the same numbers in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test func `a mutated campaign is read or refused`() throws {
        var numbers = Numbers(state: 20_260_501)
        let sound = Array(soundCampaign.utf8)
        let pieces = [
            "[", "{", "}", "\n", ": ", "&a ", "*a", "!!int ", "<<: ", "---\n", "\t", "\u{0}", "9", "-", "\"", "  ",
            "999999999999",
        ]
        for _ in 0..<1500 {
            var bytes = sound
            for _ in 0...Int.random(in: 0..<4, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<4, using: &numbers) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<40, using: &numbers)))
                case 2:
                    bytes.insert(contentsOf: Array(pieces.randomElement(using: &numbers)?.utf8 ?? "".utf8), at: place)
                default: bytes.insert(contentsOf: sound[place / 2..<min(sound.count, place / 2 + 60)], at: place)
                }
            }
            check(bytes)
        }
    }

    @Test(arguments: [
        "[", "{a: ", "- ", "? ", "\"", "a: [", "!", "&a ", "\u{FEFF}", "#", "\t", "'", "|\n", "x", ",", "%", "\n",
        "- a\n", "a: 1\n",
    ])
    func `repetition stays cheap`(piece: String) {
        check(Array(String(repeating: piece, count: 500_000 / piece.utf8.count).utf8))
        check(Array((soundCampaign + "more: [" + String(repeating: piece, count: 100_000 / piece.utf8.count)).utf8))
    }

    @Test(arguments: [
        [], [0], [0xFF], [0xFE, 0xFF, 0, 0x61], [0xFF, 0xFE, 0x61, 0], [0xEF, 0xBB, 0xBF], [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
    ])
    func `what is no text is refused`(bytes: [UInt8]) {
        #expect(throws: CampaignProblems.self) { try CampaignFile.read(bytes) { _ in [] } }
    }

    @Test func `too long a file is refused unread`() {
        let found = campaignProblems(soundCampaign + String(repeating: "# ", count: 300_000))
        #expect(found.map(\.message) == ["the file is longer than 524288 bytes: shorten it"])
    }

    private func check(_ bytes: [UInt8]) {
        // libyaml calls the end of a file a line of its own.
        let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
        do throws(CampaignProblems) {
            let campaign = try CampaignFile.read(bytes) { (_) throws(UnreadableFile) in Array("1390000\n".utf8) }
            #expect(!campaign.words.isEmpty)
        } catch {
            #expect((1...201).contains(error.problems.count))
            #expect(error.problems.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 })
        }
    }
}
