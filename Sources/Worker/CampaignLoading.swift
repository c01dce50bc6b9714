public import Campaign

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
            bytes = try contents(ofFile: path, atMost: largestFile)
        } catch {
            throw CampaignProblems(unreadable: path, error)
        }
        return try read(bytes, name: path) { name throws(UnreadableFile) in
            try contents(ofFile: path.contains("/") ? "\(folder)/\(name)" : name, atMost: largestFile)
        }
    }
}
