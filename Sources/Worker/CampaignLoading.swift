public import Campaign
import Glibc

extension CampaignFile {
    /// No campaign file is larger, nor a file that it names; in bytes.
    private static let largestFile = 16 << 20

    /// Reads a campaign file from disk, and the files beside it that it names.
    ///
    /// Throws everything that is wrong with them at once.
    public static func load(_ path: String) throws(CampaignProblems) -> CampaignFile {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let bytes: [UInt8]
        do throws(UnreadableFile) {
            bytes = try contents(of: path)
        } catch {
            throw CampaignProblems(unreadable: path, error)
        }
        return try read(bytes, name: path) { name throws(UnreadableFile) in
            try contents(of: path.contains("/") ? "\(folder)/\(name)" : name)
        }
    }

    private static func contents(of path: String) throws(UnreadableFile) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count <= largestFile {
            var failed = false
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                let received = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failed = received < 0
                count = max(0, received)
            }
            if failed {
                guard errno == EINTR else { throw lastError() }
                continue
            }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
        throw UnreadableFile(reason: "larger than \(largestFile >> 20) MiB")
    }

    private static func lastError() -> UnreadableFile {
        UnreadableFile(reason: String(cString: strerror(errno)))
    }
}
