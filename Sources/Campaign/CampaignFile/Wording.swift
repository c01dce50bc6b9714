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

/// The known word that a misspelt one most likely means; nil when none is near.
func nearest(to word: String, among known: [String]) -> String? {
    guard word.utf8.count <= 64 else { return nil }
    let distances = known.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= (best.word.utf8.count + 1) / 3 ? best.word : nil
}

/// How many bytes must be put in, taken out or replaced to make one word of the other (Levenshtein).
private func editDistance(_ one: String, _ other: String) -> Int {
    let other = Array(other.utf8)
    var row = Array(0...other.count)
    for (index, byte) in one.utf8.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in other.indices {
            let replaced = diagonal + (byte == other[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
        }
    }
    return row[other.count]
}
