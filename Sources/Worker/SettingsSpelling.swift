/// The candidate that somebody who wrote `word` most likely meant; nil when none is near.
public func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 100 else { return nil }
    let limit = max(1, word.utf8.count / 4)
    let distances = candidates.map { (distance: editDistance(word, $0), candidate: $0) }
    guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
    return best.candidate
}

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one word of the other.
func editDistance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[right.count]
}

/// Whether the name of an environment variable looks like a mistyped `setting`, and not like somebody else's variable.
///
/// Word by word, since the environment belongs to all programs: `LOG_DIR` is not `LOG_LEVEL`, `WORKER_PID` is not
/// `WORKER_ID`; `COMMIT_INTERVALL_MS`, `COMMIT_INTERVAL`, `WORKERLANES` and `HTTP_ADDR` are meant for us.
func looksMistyped(_ name: String, for setting: String) -> Bool {
    guard name != setting, name.utf8.count <= 100 else { return false }
    let written = name.split(separator: "_")
    let meant = setting.split(separator: "_")
    if written.count == meant.count {
        return zip(written, meant).allSatisfy { looksMistyped(word: String($0), for: String($1)) }
    }
    if written.joined() == meant.joined() { return true }
    return written.count >= 2 && meant.starts(with: written)
}

private func looksMistyped(word: String, for meant: String) -> Bool {
    if word.utf8.count >= 4, meant.hasPrefix(word) { return true }
    let allowed = meant.utf8.count <= 3 ? 0 : meant.utf8.count <= 5 ? 1 : 2
    return editDistance(word, meant) <= allowed
}
