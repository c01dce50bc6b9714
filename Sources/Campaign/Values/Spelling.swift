/// The known word that a misspelt one most likely means, whatever their case; nil when none is near.
public func nearest(to word: String, among known: [String]) -> String? {
    guard word.utf8.count <= 100 else { return nil }
    let distances = known.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= min(4, (best.word.utf8.count + 1) / 3) ? best.word : nil
}

/// How many bytes must be put in, taken out, replaced or swapped with their neighbour to make one word of the other.
public func editDistance(_ one: String, _ other: String) -> Int {
    let one = Array(one.utf8)
    let other = Array(other.utf8)
    var beforeLast = [Int](repeating: 0, count: other.count + 1)
    var last = Array(0...other.count)
    for (row, byte) in one.enumerated() {
        var current = [row + 1]
        for (column, otherByte) in other.enumerated() {
            var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == otherByte ? 0 : 1))
            if row > 0, column > 0, byte == other[column - 1], one[row - 1] == otherByte {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[other.count]
}
