import FleetTesting
import Glibc
import Ledger

/// A file system of a few megabytes in memory, to be filled up.
struct SmallDisk {
    /// Whether this process may mount one.
    static var isPossible: Bool {
        geteuid() == 0 && access("/bin/mount", X_OK) == 0 && access("/bin/umount", X_OK) == 0
    }

    let path: String

    /// Lends one for the time of the body.
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
