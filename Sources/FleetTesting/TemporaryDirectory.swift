import Glibc

/// A directory of one test's own, removed with everything in it when the last reference goes.
///
/// Keep the reference as long as the path is used: `withExtendedLifetime`, or ``with(_:)``.
public final class TemporaryDirectory: Sendable {
    /// Absolute, without a slash at the end.
    public let path: String

    /// Makes the directory in `TMPDIR`, or in the system's place for such.
    public init() throws(TestingError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/stevedore-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .system(operation: "mkdtemp in \(parent)", errno: errno) }
        path = string(template)
    }

    deinit { Self.remove(path) }

    /// The path of an entry of this directory, which need not exist.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Lends a directory for the time of the body.
    public static func with<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (TemporaryDirectory) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        let result = try await body(directory)
        withExtendedLifetime(directory) {}
        return result
    }

    /// Depth first, and without following links.
    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                let child = "\(path)/\(name)"
                if entry.pointee.d_type == UInt8(DT_DIR) { remove(child) } else { unlink(child) }
            }
            closedir(directory)
        }
        rmdir(path)
    }
}
