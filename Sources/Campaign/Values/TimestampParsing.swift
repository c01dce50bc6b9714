/// Why a text is no time.
public enum TimeError: Error, Equatable {
    /// Not RFC 3339, or a day or an hour that does not exist.
    case malformed
    /// A date and a time without an offset: whose midnight is it?
    case noOffset
}

extension Timestamp {
    /// Reads RFC 3339: `2026-05-03T10:15:30.5+08:00`, `Z` for UTC. Digits below a millisecond are cut: nothing
    /// that we or Kafka write tells them.
    public init(_ text: Bytes) throws(TimeError) {
        var digits = DigitReader(text)
        let year = try digits.number(4)
        try digits.expect(0x2D)
        let month = try digits.number(2)
        try digits.expect(0x2D)
        let day = try digits.number(2)
        guard (1...12).contains(month), day >= 1, day <= lastDay(year: year, month: month) else { throw .malformed }
        guard digits.take(0x54) || digits.take(0x74) else { throw .malformed }
        let hour = try digits.number(2)
        try digits.expect(0x3A)
        let minute = try digits.number(2)
        try digits.expect(0x3A)
        let second = try digits.number(2)
        guard hour < 24, minute < 60, second < 60 else { throw .malformed }
        let fraction = try digits.take(0x2E) ? digits.milliseconds() : 0
        let offset = try digits.offset()
        let days = dayNumber(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
        self.init(microseconds: seconds * 1_000_000 + fraction * 1000)
    }
}

private func lastDay(year: Int64, month: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

private struct DigitReader {
    private let text: Bytes
    private var position = 0

    init(_ text: Bytes) { self.text = text }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(TimeError) {
        guard take(byte) else { throw .malformed }
    }

    mutating func digit() -> Int64? {
        guard let byte = next, (0x30...0x39).contains(byte) else { return nil }
        position += 1
        return Int64(byte - 0x30)
    }

    mutating func number(_ count: Int) throws(TimeError) -> Int64 {
        guard position + count <= text.count else { throw .malformed }
        var value: Int64 = 0
        for index in position..<position + count {
            let digit = text.buffer[index] &- 0x30
            guard digit <= 9 else { throw .malformed }
            value = value &* 10 &+ Int64(digit)
        }
        position += count
        return value
    }

    /// Milliseconds of the digits behind the point: at least one digit.
    mutating func milliseconds() throws(TimeError) -> Int64 {
        guard let first = digit() else { throw .malformed }
        var value = first * 100
        var scale: Int64 = 10
        while let digit = digit() {
            value += digit * scale
            scale /= 10
        }
        return value
    }

    /// Minutes east of UTC; then the text must end.
    mutating func offset() throws(TimeError) -> Int64 {
        guard let sign = next else { throw .noOffset }
        position += 1
        var minutes: Int64 = 0
        switch sign {
        case 0x5A, 0x7A:
            break
        case 0x2B, 0x2D:
            let hours = try number(2)
            try expect(0x3A)
            minutes = try number(2)
            guard hours < 24, minutes < 60 else { throw .malformed }
            minutes += hours * 60
        default:
            throw .malformed
        }
        guard next == nil else { throw .malformed }
        return sign == 0x2D ? -minutes : minutes
    }
}
