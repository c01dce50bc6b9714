import Foundation
import Synchronization

/// A small shell beside the tests that ends what they started, also when they crash or are killed: it reads what to end
/// from a pipe, and that pipe closes with the tests' process. Each of them leads a process group, which ends with it.
final class OrphanGuard: Sendable {
    static let shared = OrphanGuard()

    private let input: Mutex<FileHandle?>

    private static let script = """
        trap '' INT TERM HUP
        children=' ' folders=''
        while read -r word what; do
            case $word in
            started) children="$children$what " ;;
            ended) children=$(echo "$children" | sed "s/ $what / /") ;;
            folder) folders="$folders $what" ;;
            esac
        done
        for child in $children; do kill -9 "-$child" || kill -9 "$child"; done
        for folder in $folders; do rm -rf "$folder"; done
        """

    private init() {
        let pipe = Pipe()
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", Self.script]
        shell.currentDirectoryURL = URL(filePath: "/")
        shell.standardInput = pipe
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        let started = (try? shell.run()) != nil
        input = Mutex(started ? pipe.fileHandleForWriting : nil)
    }

    func started(_ process: Int32) { tell("started \(process)") }

    func ended(_ process: Int32) { tell("ended \(process)") }

    /// The folder is removed after the processes have ended.
    func removeAtEnd(folder: String) { tell("folder \(folder)") }

    private func tell(_ line: String) {
        input.withLock { try? $0?.write(contentsOf: Data((line + "\n").utf8)) }
    }
}
