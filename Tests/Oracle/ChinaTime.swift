/// Instants as text: RFC 3339 in, `2026-05-03T10:15:30.000+08:00` out. An instant is milliseconds since 1970.
public enum ChinaTime {
    /// Why a text is no instant.
    enum Fault: Error {
        /// Not RFC 3339, or no such date or time of day.
        case malformed
        /// All there but the offset.
        case noOffset
    }

    private static let offset: Int64 = 8 * 3_600_000
    private static let day: Int64 = 86_400_000

    /// The instant that an RFC 3339 text names; digits after the third of a second's fraction are cut off.
    static func parse(_ text: String) throws(Fault) -> Int64 {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19 else { throw .malformed }
        func digits(_ from: Int, _ count: Int) throws(Fault) -> Int64 {
            var value: Int64 = 0
            for index in from..<from + count {
                guard index < bytes.count, isDigit(bytes[index]) else { throw .malformed }
                value = value * 10 + Int64(bytes[index] - 48)
            }
            return value
        }
        func isOne(of choices: String, at index: Int) -> Bool {
            index < bytes.count && choices.utf8.contains(bytes[index])
        }
        let (year, month, dayOfMonth) = (try digits(0, 4), try digits(5, 2), try digits(8, 2))
        let (hour, minute, second) = (try digits(11, 2), try digits(14, 2), try digits(17, 2))
        guard isOne(of: "-", at: 4), isOne(of: "-", at: 7), isOne(of: "Tt", at: 10), isOne(of: ":", at: 13),
            isOne(of: ":", at: 16), (1...12).contains(month), (1...daysIn(month, of: year)).contains(dayOfMonth),
            hour < 24, minute < 60, second < 60
        else { throw .malformed }
        var next = 19
        var milliseconds: Int64 = 0
        if isOne(of: ".", at: next) {
            let first = next + 1
            next = first
            while next < bytes.count, isDigit(bytes[next]) { next += 1 }
            guard next > first else { throw .malformed }
            for place in 0..<3 {
                milliseconds = milliseconds * 10 + (first + place < next ? Int64(bytes[first + place] - 48) : 0)
            }
        }
        if next == bytes.count { throw .noOffset }
        var offsetMinutes: Int64 = 0
        if isOne(of: "Zz", at: next), bytes.count == next + 1 {
            offsetMinutes = 0
        } else if isOne(of: "+-", at: next), bytes.count == next + 6, isOne(of: ":", at: next + 3) {
            let (hours, minutes) = (try digits(next + 1, 2), try digits(next + 4, 2))
            guard hours < 24, minutes < 60 else { throw .malformed }
            offsetMinutes = (hours * 60 + minutes) * (isOne(of: "-", at: next) ? -1 : 1)
        } else {
            throw .malformed
        }
        let minutes = daysSince1970(year, month, dayOfMonth) * 1_440 + hour * 60 + minute - offsetMinutes
        return (minutes * 60 + second) * 1_000 + milliseconds
    }

    /// The instant at +08:00 with milliseconds, as all that the worker writes.
    public static func text(_ instant: Int64) -> String {
        let local = Local(instant + offset)
        return "\(local.text).\(padded(local.millisecond, 3))+08:00"
    }

    /// The instant at +08:00 without milliseconds, as in a campaign file.
    static func seconds(_ instant: Int64) -> String { Local(instant + offset).text + "+08:00" }

    /// The instant in another spelling: at UTC.
    static func utcText(_ instant: Int64) -> String {
        let local = Local(instant)
        return "\(local.text).\(padded(local.millisecond, 3))Z"
    }

    /// The day at +08:00 as an SMS says it: `5月3日`.
    static func date(_ instant: Int64) -> String {
        let local = Local(instant + offset)
        return "\(local.month)月\(local.day)日"
    }

    /// Milliseconds since midnight at +08:00.
    static func timeOfDay(_ instant: Int64) -> Int64 { (instant + offset) % day }

    /// The first instant after `instant` at which it is `hour` o'clock at +08:00.
    static func next(hour: Int64, after instant: Int64) -> Int64 {
        let midnight = instant - timeOfDay(instant)
        let today = midnight + hour * 3_600_000
        return today > instant ? today : today + day
    }

    /// A calendar reading of milliseconds, found by walking from 1970: slow and obvious.
    private struct Local {
        var year: Int64 = 1970
        var month: Int64 = 1
        var day: Int64
        var hour: Int64
        var minute: Int64
        var second: Int64
        var millisecond: Int64

        init(_ milliseconds: Int64) {
            millisecond = milliseconds % 1_000
            second = milliseconds / 1_000 % 60
            minute = milliseconds / 60_000 % 60
            hour = milliseconds / 3_600_000 % 24
            day = milliseconds / ChinaTime.day + 1
            while day > (isLeap(year) ? 366 : 365) {
                day -= isLeap(year) ? 366 : 365
                year += 1
            }
            while day > daysIn(month, of: year) {
                day -= daysIn(month, of: year)
                month += 1
            }
        }

        var text: String {
            "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
                + "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let before = year - 1
        let years = 365 * year + before / 4 - before / 100 + before / 400
        let to1970: Int64 = 365 * 1970 + 1969 / 4 - 1969 / 100 + 1969 / 400
        return years - to1970 + (1..<month).reduce(0) { $0 + daysIn($1, of: year) } + day - 1
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
