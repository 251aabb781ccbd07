internal import Fleet
internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// A folder for what is worked out, which nobody else can look into; gone at the end.
struct ScratchFolder: Sendable {
    let path: String
    private static let prefix = "stevedore-reconcile-"

    /// Makes the folder in `TMPDIR`, or in the system's place for such. What killed runs left behind goes first.
    init() throws(ProgramError) {
        let parent = ProgramLauncher.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        Self.removeAbandoned(in: parent)
        var template = Array("\(parent)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ProgramError(
                code: "reconcile.no-scratch", sentence: "No folder for temporary files can be made in \(parent).",
                remedy: "Set TMPDIR to a folder with room for a copy of what the store shows.", exit: .failure)
        }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private static func removeAbandoned(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            guard let pid = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }), pid > 0 else { continue }
            // In containers the same number may be somebody else's: then it stays.
            guard kill(pid, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
    }
}
