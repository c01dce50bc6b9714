import Glibc

/// What libFuzzer calls with each input.
typealias FuzzTarget = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// What can be fuzzed, by the name that stands first on the command line.
private let targets: [(name: String, run: FuzzTarget)] = [
    ("event", { bytes, count in run(bytes, count, EventTarget.check) }),
    ("subscriber", { bytes, count in run(bytes, count, SubscriberTarget.check) }),
    ("campaign", { bytes, count in run(bytes, count, CampaignTarget.check) }),
    ("settings", { bytes, count in run(bytes, count, SettingsTarget.check) }),
]

private func run(
    _ bytes: UnsafePointer<UInt8>?, _ count: Int, _ check: (UnsafeRawBufferPointer) -> Void
) -> CInt {
    check(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

/// The arguments of a C program.
private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>>

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>, _ target: FuzzTarget
) -> CInt

/// The program's entry; SwiftPM makes `main` of it. Behind the target's name come libFuzzer's own arguments.
@_cdecl("fuzz_main")
func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>>) -> CInt {
    guard count > 1, let target = targets.first(where: { $0.name == String(cString: arguments[1]) }) else {
        for target in targets { print(target.name) }
        return 64
    }
    arguments[1] = arguments[0]
    var rest = (count: count - 1, arguments: arguments + 1)
    return runDriver(&rest.count, &rest.arguments, target.run)
}

/// Ends the run where a property does not hold.
func require(_ holds: Bool, _ property: @autoclosure () -> String) {
    guard !holds else { return }
    fatalError("It does not hold that \(property()).")
}
