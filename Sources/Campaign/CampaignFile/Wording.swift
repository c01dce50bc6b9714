/// A text of the file as a message shows it: in one line, short, subscribers' numbers masked.
func quoted(_ text: String) -> String {
    let shown = masked(text).unicodeScalars.map { character in
        [.control, .format].contains(character.properties.generalCategory) || character == "`" ? "?" : character
    }
    return "`" + String(String.UnicodeScalarView(shown.prefix(60))) + (shown.count > 60 ? "…`" : "`")
}

/// `a`, `b` and `c`, as a message lists what may stand.
func listed(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
}
