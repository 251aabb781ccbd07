import FleetTesting
import Glibc
import Ledger

/// A file system of a few megabytes, to be filled up or to be broken.
struct SmallDisk {
    /// Whether this process may mount one.
    static var isPossible: Bool {
        geteuid() == 0 && access("/bin/mount", X_OK) == 0 && access("/bin/umount", X_OK) == 0
    }

    /// Whether this process may mount one that lies in a file, and break it.
    static var isBreakable: Bool {
        isPossible && access("/dev/loop-control", W_OK) == 0 && access("/usr/sbin/mkfs.ext4", X_OK) == 0
    }

    let path: String

    /// Lends one in memory for the time of the body.
    static func with<Result>(
        megabytes: Int, isolation: isolated (any Actor)? = #isolation, _ body: (SmallDisk) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        try await ChildProcess.run(
            "/bin/mount", arguments: ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", directory.path])
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(SmallDisk(path: directory.path))) } catch { result = .failure(error) }
        try await ChildProcess.run("/bin/umount", arguments: ["-l", directory.path])
        withExtendedLifetime(directory) {}
        return try result.get()
    }

    /// Lends one that can fail as a disk does, see ``breakDown()``.
    static func withBreakable<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (SmallDisk) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        let disk = SmallDisk(path: directory.file("disk"))
        try await ChildProcess.run(
            "/bin/sh",
            arguments: [
                "-ec", "truncate -s 32M \"$0.image\"; /usr/sbin/mkfs.ext4 -q -F \"$0.image\"; mkdir \"$0\"", disk.path,
            ])
        try await disk.mount()
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(disk)) } catch { result = .failure(error) }
        // A repair that failed has taken it away already, and that failure is the one to be seen.
        _ = try? await ChildProcess.run("/bin/umount", arguments: ["-l", disk.path])
        withExtendedLifetime(directory) {}
        return try result.get()
    }

    private func mount() async throws {
        try await ChildProcess.run(
            "/bin/mount", arguments: ["-o", "loop,errors=remount-ro", "\(path).image", path])
    }

    /// The file system finds itself damaged: from now on it is read-only, for those that have files open on it, too.
    func breakDown() async throws {
        try await ChildProcess.run(
            "/bin/sh",
            arguments: [
                "-ec", "device=$(findmnt -n -o SOURCE \"$0\"); echo 1 >/sys/fs/ext4/${device##*/}/trigger_fs_error",
                path,
            ])
    }

    /// What an administrator does then; nobody may have a file open on it.
    func repair() async throws {
        try await ChildProcess.run("/bin/umount", arguments: [path])
        let code = "/usr/sbin/e2fsck -fy \"$0.image\"; test $? -le 1"
        try await ChildProcess.run("/bin/sh", arguments: ["-c", code, path])
        try await mount()
    }

    /// Nobody may write to these files or replace them any more, root and those that have them open included.
    func freeze(_ names: [String], _ isFrozen: Bool = true) async throws {
        try await ChildProcess.run("/usr/bin/chattr", arguments: [isFrozen ? "+i" : "-i"] + names.map(file))
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Leaves no byte free.
    func fill() async throws {
        try await ChildProcess.run(
            "/bin/sh", arguments: ["-c", "cat /dev/zero > '\(file("ballast"))' 2>/dev/null; test $? -ne 0"])
    }

    /// Takes the ballast away again.
    func makeRoom() async throws { try await ChildProcess.run("/bin/rm", arguments: [file("ballast")]) }

    /// Looks into the ledger that lies on it.
    func ledger<Value: Sendable>(_ body: @escaping @Sendable (LedgerSnapshot) throws -> Value) async throws -> Value {
        let ledger = try Ledger.openReadOnly(path: file("ledger.db"))
        let result = try await ledger.read(body)
        await ledger.close()
        return result
    }
}
