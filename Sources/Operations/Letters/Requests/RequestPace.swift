import Campaign
import Worker

/// How fast requests go out, and when no more do.
struct RequestPace {
    static let options: [Verb.Option] = [
        .init(flag: "--rate", operand: "N/s", meaning: "requests a second (50/s)"),
        .init(flag: "--canary", operand: nil, meaning: "1 first, then 10, 100, ...; stops when over 5 % fail again"),
        .init(flag: "--stop-at", operand: "PERCENT", meaning: "stops when more than so many of 100 fail again"),
        .init(flag: "--max-fen", operand: "N", meaning: "stops before it would pay more than so many fen"),
    ]

    /// Requests a second.
    let rate: Int
    let isCanary: Bool
    /// Nil for never.
    let stopAtPercent: Int?
    /// Nil for no bound.
    let mostFen: Fen?

    init(_ invocation: Invocation, _ mistakes: inout [String]) {
        let rateText = invocation.options["--rate"] ?? "50/s"
        rate = Int(rateText.hasSuffix("/s") ? rateText.dropLast(2) : rateText[...]) ?? 0
        if !(1...100_000).contains(rate) { mistakes.append("--rate is \(rateText): such as 50/s is needed") }
        isCanary = invocation.options["--canary"] != nil
        let percent = invocation.options["--stop-at"].map { Int($0.hasSuffix("%") ? $0.dropLast() : $0[...]) ?? -1 }
        if let percent, !(0...100).contains(percent) { mistakes.append("--stop-at needs a whole number from 0 to 100") }
        stopAtPercent = percent ?? (isCanary ? 5 : nil)
        let most = invocation.options["--max-fen"].map { Fen($0) ?? -1 }
        if let most, most < 0 { mistakes.append("--max-fen needs a whole number of fen") }
        mostFen = most
    }

    /// As fast as it goes without bounds.
    static let unbounded = RequestPace(rate: 1000, isCanary: false, stopAtPercent: nil, mostFen: nil)

    private init(rate: Int, isCanary: Bool, stopAtPercent: Int?, mostFen: Fen?) {
        self.rate = rate
        self.isCanary = isCanary
        self.stopAtPercent = stopAtPercent
        self.mostFen = mostFen
    }

    /// How many letters may be on their way before the outcomes of all of them are known; nil for all.
    func firstWave(of count: Int) -> Int { isCanary ? min(1, count) : count }
}
