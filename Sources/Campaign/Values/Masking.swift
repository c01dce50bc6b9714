/// `text` with every subscriber's number in it masked, as people write it: 11 digits, `1[3-9]` first, bare or behind `86`,
/// `+86` or `0086`, in one run or with spaces and hyphens between them.
///
/// Only whole runs of digits count, so the digits of an order number stay as they are.
public func masked(_ text: String) -> String {
    guard text.utf8.count >= 11 else { return text }
    var scalars = Array(text.unicodeScalars)
    var row = DigitRow()
    var changed = false
    for index in scalars.indices {
        if let digit = decimalDigit(scalars[index]) {
            row.add(digit, at: index)
        } else if !isGap(scalars[index]) {
            changed = row.mask(&scalars) || changed
            row.removeAll()
        }
    }
    guard row.mask(&scalars) || changed else { return text }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
}

/// Digits with nothing but gaps between them.
private struct DigitRow {
    private var digits: [UInt8] = []
    /// Where each stands in the text.
    private var places: [Int] = []

    mutating func add(_ digit: UInt8, at place: Int) {
        digits.append(digit)
        places.append(place)
    }

    mutating func removeAll() {
        digits.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Masks the numbers that begin and end with a run; true where there are any.
    func mask(_ scalars: inout [Unicode.Scalar]) -> Bool {
        guard digits.count >= 11 else { return false }
        var found = false
        for start in digits.indices where beginsRun(start) {
            for country in [[], [8, 6], [0, 0, 8, 6]] as [[UInt8]] where digits[start...].starts(with: country) {
                let number = start + country.count
                guard isNumber(at: number) else { continue }
                for place in places[number + 3..<number + 7] { scalars[place] = "*" }
                found = true
            }
        }
        return found
    }

    private func isNumber(at start: Int) -> Bool {
        let end = start + 11
        return end <= digits.count && (end == digits.count || beginsRun(end)) && digits[start] == 1
            && digits[start + 1] >= 3
    }

    private func beginsRun(_ index: Int) -> Bool { index == 0 || places[index - 1] + 1 < places[index] }
}

/// The value of a digit, also of a full-width one.
private func decimalDigit(_ scalar: Unicode.Scalar) -> UInt8? {
    if scalar.isASCII { return ("0"..."9").contains(scalar) ? UInt8(scalar.value) - UInt8(ascii: "0") : nil }
    return scalar.properties.numericType == .decimal ? scalar.properties.numericValue.map { UInt8($0) } : nil
}

/// What people put between the digits of a number: spaces, hyphens, and what can't be seen.
private func isGap(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar == " " || scalar == "-" }
    switch scalar.properties.generalCategory {
    case .spaceSeparator, .dashPunctuation, .format: return true
    default: return false
    }
}
