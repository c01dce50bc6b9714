/// An instant: microseconds since 1970-01-01T00:00:00Z. Years 0000 to 9999.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since the epoch, negative before it.
    public let microseconds: Int64

    /// Everything that people read is at Beijing time.
    static let offset: Int64 = 8 * 3_600_000_000

    /// An instant from microseconds since the epoch.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// An instant from milliseconds since the epoch, as Kafka's timestamps are; beyond the years that can be written it is cut.
    public init(milliseconds: Int64) {
        let bound: Int64 = 253_402_300_799_999
        self.init(microseconds: max(-bound, min(bound, milliseconds)) * 1000)
    }

    /// Milliseconds since the epoch, as Kafka's timestamps are.
    public var milliseconds: Int64 { floorDivide(microseconds, 1000) }

    /// Later by a duration in microseconds; it may not leave Int64.
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(microseconds: left.microseconds + right.microseconds)
    }

    /// Earlier first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The parts of the date and the time of day at +08:00.
    var local: (year: Int64, month: Int64, day: Int64, microsecondOfDay: Int64) {
        let shifted = microseconds + Timestamp.offset
        let days = floorDivide(shifted, Duration.day.microseconds)
        let civil = civilDate(daysSinceEpoch: days)
        return (civil.year, civil.month, civil.day, shifted - days * Duration.day.microseconds)
    }

    /// Microseconds since midnight at +08:00.
    var microsecondOfDay: Int64 {
        let shifted = microseconds + Timestamp.offset
        return shifted - floorDivide(shifted, Duration.day.microseconds) * Duration.day.microseconds
    }

    /// Whole hours since the epoch.
    public var hour: Int64 { floorDivide(microseconds, Duration.hour.microseconds) }

    /// As we write it: `2026-05-03T10:15:30.000+08:00`.
    public var description: String {
        var writer = Writer(capacity: 32)
        writer.putTime(self)
        return writer.bytes.text
    }
}

/// A length of time in microseconds.
public struct Duration: Hashable, Comparable, Sendable {
    /// Its length; may be negative.
    public let microseconds: Int64

    /// A duration of so many microseconds.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A duration of so many seconds.
    public static func seconds(_ count: Int64) -> Duration { Duration(microseconds: count * 1_000_000) }

    static let hour = Duration.seconds(3600)
    static let day = Duration.seconds(86_400)

    /// Shorter first.
    public static func < (left: Duration, right: Duration) -> Bool { left.microseconds < right.microseconds }
}

extension Writer {
    /// Writes `2026-05-03T10:15:30.000+08:00`: what is below a millisecond is cut.
    public mutating func putTime(_ time: Timestamp) {
        let local = time.local
        let milliseconds = local.microsecondOfDay / 1000
        let (hour, minute, second) = (
            milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60
        )
        let year = min(max(0, local.year), 9999)
        let date = ascii(eightDigits(UInt64(year * 10_000 + local.month * 100 + local.day)))
        let clock = ascii(eightDigits(UInt64(hour * 10_000 + minute * 100 + second)))
        let fraction = ascii(eightDigits(UInt64(milliseconds % 1000)))
        let position = extend(by: 29)
        position.copyMemory(from: "0000-00-00T00:00:00.000+08:00", byteCount: 29)
        func put(_ two: UInt64, at offset: Int) {
            position.storeBytes(
                of: UInt16(truncatingIfNeeded: two).littleEndian, toByteOffset: offset, as: UInt16.self)
        }
        put(date, at: 0)
        put(date >> 16, at: 2)
        put(date >> 32, at: 5)
        put(date >> 48, at: 8)
        put(clock >> 16, at: 11)
        put(clock >> 32, at: 14)
        put(clock >> 48, at: 17)
        put(fraction >> 40, at: 20)
        put(fraction >> 48, at: 21)
    }

    /// Writes the date as an SMS says it: `5月3日`.
    mutating func putDate(_ time: Timestamp) {
        let local = time.local
        putDigits(UInt64(local.month))
        put("月")
        putDigits(UInt64(local.day))
        put("日")
    }

    /// Writes the hour as a key: `2026-05-03T10`, at +08:00.
    mutating func putHour(_ hour: Int64) {
        let from = count
        putTime(Timestamp(microseconds: hour * Duration.hour.microseconds))
        truncate(to: from + 13)
    }
}

func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// The Gregorian date of a day number (Howard Hinnant's algorithm: eras of 400 years that begin in March).
func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = daysSinceEpoch + 719_468
    let era = floorDivide(shifted, 146_097)
    // Unsigned and short, for divisions are dear.
    let dayOfEra = UInt32(truncatingIfNeeded: shifted - era * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = Int64(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    let day = Int64(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    return (Int64(yearOfEra) + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// The day number of a Gregorian date: the inverse of `civilDate`.
func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = floorDivide(marchYear, 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}
