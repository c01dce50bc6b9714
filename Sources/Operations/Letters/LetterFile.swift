import Glibc

/// A file could not be written.
struct UnwritableFile: Error {
    let reason: String
}

/// Letters in a file.
enum LetterFile {
    /// What the file is.
    enum Format: String {
        case csv, jsonl
    }

    /// Writes all of them; a file that is there is replaced.
    static func write(
        _ letters: [DeadLetter], to path: String, _ format: Format, _ rows: LetterRows
    ) throws(UnwritableFile) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw lastError() }
        do throws(UnwritableFile) {
            if format == .csv { try write(LetterRows.csvHeadings + "\n", to: file) }
            for piece in letters.pieces {
                let lines = piece.map { (format == .csv ? rows.csv($0) : rows.json($0)) + "\n" }
                try write(lines.joined(), to: file)
            }
        } catch {
            close(file)
            throw error
        }
        // A full disk may say so only now.
        guard close(file) == 0 else { throw lastError() }
    }

    private static func write(_ text: String, to file: Int32) throws(UnwritableFile) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                throw lastError()
            }
        }
    }

    private static func lastError() -> UnwritableFile {
        UnwritableFile(reason: String(cString: strerror(errno)))
    }
}
