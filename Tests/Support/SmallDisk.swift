import Foundation
import Glibc

/// A file system of its own in memory, which a test can fill to the last byte.
public final class SmallDisk {
    /// Mounting is root's.
    public static let available = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/bin/mount")

    /// Why tests that need one are skipped.
    public static let reason = "only root may mount a small disk"

    /// Where it is mounted.
    public let path: String

    private var filler: String { path + "/filler" }

    /// Mounts one.
    public init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Glibc.mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw TestFailure("\(path) can't be mounted: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        // What is still open goes with its last user.
        umount2(path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Takes all the space that is left.
    public func fill() throws {
        let file = open(filler, O_WRONLY | O_CREAT, 0o600)
        defer { close(file) }
        for size in [1 << 20, 4096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file, bytes, size) == size {}
        }
        guard errno == ENOSPC else { throw TestFailure("\(filler): \(String(cString: strerror(errno)))") }
    }

    /// Gives the space back.
    public func free() throws { try FileManager.default.removeItem(atPath: filler) }
}
