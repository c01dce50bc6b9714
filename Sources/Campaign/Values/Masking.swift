/// `text` with every subscriber's number in it masked: 11 digits, `1[3-9]` first, bare or behind `86`, `+86` or `0086`.
///
/// Only a whole run of digits counts, so the digits of an order number stay as they are.
public func masked(_ text: String) -> String {
    var bytes = Array(text.utf8)
    var changed = false
    var index = 0
    while index < bytes.count {
        guard isDigit(bytes[index]) else {
            index += 1
            continue
        }
        let start = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        guard let number = startOfNumber(in: bytes[start..<index]) else { continue }
        bytes.replaceSubrange(number + 3..<number + 7, with: repeatElement(UInt8(ascii: "*"), count: 4))
        changed = true
    }
    return changed ? String(decoding: bytes, as: UTF8.self) : text
}

/// Where the 11 digits of a number begin in a run of digits; nil when the run is no number.
private func startOfNumber(in run: ArraySlice<UInt8>) -> Int? {
    let country = run.dropLast(11)
    guard run.count >= 11, country.isEmpty || country.elementsEqual("86".utf8) || country.elementsEqual("0086".utf8)
    else { return nil }
    let start = country.endIndex
    let second = UInt8(ascii: "3")...UInt8(ascii: "9")
    return run[start] == UInt8(ascii: "1") && second.contains(run[start + 1]) ? start : nil
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
