import Campaign

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
