import Campaign
import Worker

/// Rows for people on a terminal, aligned by how wide the letters are, or for programs, with tabs between the columns.
struct TextTable {
    /// How a cell is coloured on a terminal.
    enum Tint: String {
        case plain = ""
        case heading = "1"
        case good = "32"
        case waiting = "33"
        case bad = "31"
    }

    /// One cell of a row.
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var tint = Tint.plain

        init(_ text: String, _ tint: Tint) {
            self.text = text
            self.tint = tint
        }

        init(stringLiteral text: String) { self.text = text }
    }

    /// Columns that are lined up at their right: figures.
    private let rightAligned: Set<Int>
    private let style: Style
    private var widths: [Int] = []

    /// Where the table is shown.
    struct Style {
        let isAligned: Bool
        let isColoured: Bool

        /// As standard output and `NO_COLOR` have it.
        init(_ environment: [String: String]) {
            isAligned = FileDescriptor.standardOutput.isTerminal
            isColoured = isAligned && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        }

        /// A time: to the second for people, who know their own time zone; whole for programs.
        func text(_ time: Timestamp) -> String {
            isAligned ? String(time.description.prefix(19)).replacing("T", with: " ") : time.description
        }

        init(isAligned: Bool, isColoured: Bool) {
            self.isAligned = isAligned
            self.isColoured = isColoured
        }
    }

    init(rightAligned: Set<Int> = [], _ style: Style) {
        self.rightAligned = rightAligned
        self.style = style
    }

    /// The rows as lines. Columns are as wide as the widest cell so far, so a long table may be made in pieces.
    mutating func lines(_ rows: [[Cell]]) -> [String] {
        guard style.isAligned else { return rows.map { $0.map { onOneLine($0.text) }.joined(separator: "\t") } }
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], displayWidth(onOneLine(cell.text)))
            }
        }
        return rows.map(line)
    }

    private func line(_ row: [Cell]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            let text = onOneLine(cell.text)
            let gap = String(repeating: " ", count: widths[column] - displayWidth(text))
            let coloured =
                style.isColoured && cell.tint != .plain ? "\u{1B}[\(cell.tint.rawValue)m\(text)\u{1B}[0m" : text
            if column > 0 { line += "  " }
            if rightAligned.contains(column) {
                line += gap + coloured
            } else {
                line += coloured + (column == row.count - 1 ? "" : gap)
            }
        }
        return line
    }
}

/// How many columns of a terminal a text takes: Chinese letters and full-width signs take two.
func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + displayWidth(of: $1) }
}

private func displayWidth(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
        0x20000...0x3FFFD:
        2
    default: 1
    }
}

/// Line breaks and other control characters as spaces: what comes from outside can't steer a terminal or break a row.
func onOneLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
        return text
    }
    var line = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        line.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar)
    }
    return String(line)
}
