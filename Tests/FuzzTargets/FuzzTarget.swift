/// What is fuzzed: any bytes go in, and what must hold of them is checked.
struct FuzzTarget: Sendable {
    /// As the command line and the folder of its corpus have it.
    let name: String
    /// Ends the process where something does not hold.
    let check: @Sendable (UnsafeRawBufferPointer) -> Void

    static let all = [
        FuzzTarget(name: "event", check: checkEvent),
        FuzzTarget(name: "subscriber", check: checkSubscriber),
        FuzzTarget(name: "campaign", check: checkCampaign),
        FuzzTarget(name: "settings", check: checkSettings),
        FuzzTarget(name: "history", check: checkHistory),
    ]
}

/// Ends the process, and so keeps the input, where a property does not hold.
func mustHold(
    _ condition: Bool, _ property: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
    guard !condition else { return }
    fatalError("does not hold: \(property())", file: file, line: line)
}
