import Glibc
import Ledger

/// A folder of its own for each test.
struct TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/ledger-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
        }
    }

    /// Removes the folder with everything in it.
    func remove() {
        guard path != "/tmp", let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(folder)
        rmdir(path)
    }

    /// Where the test's database file is.
    var file: String { "\(path)/ledger.db" }
}

/// Runs a test with a fresh ledger.
func withLedger<Value>(
    _ options: LedgerOptions = .init(), _ body: (Ledger, TemporaryFolder) async throws -> Value
) async throws -> Value {
    let folder = TemporaryFolder()
    defer { folder.remove() }
    let ledger = try Ledger.open(path: folder.file, options: options)
    let value = try await body(ledger, folder)
    await ledger.close()
    return value
}

/// What an asynchronous call throws; nil when it throws nothing.
func failure<Value>(of body: () async throws -> Value) async -> LedgerError? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? LedgerError }
}

func key(_ subject: String = "A-1", _ revision: Int64 = 1, hash: UInt64 = 1, family: String = "order") -> ClaimKey {
    ClaimKey(family: family, subject: subject, revision: revision, hash: ContentDigest(high: 0, low: hash))
}
