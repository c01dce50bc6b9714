/// libFuzzer's own loop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The one that runs; libFuzzer's callback takes no context.
nonisolated(unsafe) private var target = FuzzTarget.all[0]

/// `fuzz TARGET [what libFuzzer takes]`. SwiftPM calls an executable's entry by the target's name and libFuzzer wants it
/// for its own, so it is given by hand.
@_cdecl("fuzz_main")
func main(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    let name = count > 1 ? arguments[1].map { String(cString: $0) } : nil
    guard let named = FuzzTarget.all.first(where: { $0.name == name }) else {
        print("One of these must come first: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
        return 64
    }
    target = named
    // libFuzzer sees a command line without the target's name.
    arguments[1] = arguments[0]
    var rest = count - 1
    var restOfArguments = arguments + 1
    return runDriver(&rest, &restOfArguments) { bytes, count in
        target.check(UnsafeRawBufferPointer(start: bytes, count: count))
        return 0
    }
}
