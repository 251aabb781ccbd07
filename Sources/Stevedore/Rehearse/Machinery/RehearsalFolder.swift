internal import Fleet
internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// Where a rehearsal has its broker, ledger, books and logs; nobody else can look into it, and it goes at the end.
struct RehearsalFolder: Sendable {
    let path: String
    private static let prefix = "stevedore-rehearse-"

    /// Makes the folder in `TMPDIR`, or in the system's place for such. What killed runs left behind goes first.
    init() throws(ProgramError) {
        let parent = Self.parent
        Self.removeAbandoned(in: parent)
        var template = Array("\(parent)/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw RehearsalError.noFolder(parent) }
        path = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// A folder inside it.
    func folder(_ name: String) throws(ProgramError) -> String {
        let inner = file(name)
        guard mkdir(inner, 0o700) == 0 || errno == EEXIST else { throw RehearsalError.noFolder(path) }
        return inner
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o600) throws(ProgramError) {
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw RehearsalError.noFolder(path) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw RehearsalError.noFolder(path) }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Refuses a run that would fill the disk.
    static func checkRoom(for needed: Double) throws(ProgramError) {
        var status = statvfs()
        guard statvfs(parent, &status) == 0 else { return }
        let free = Double(status.f_bavail) * Double(status.f_frsize)
        guard free >= needed else { throw RehearsalError.noRoom(parent, needed: needed, free: free) }
    }

    private static var parent: String {
        ProgramLauncher.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    private static func removeAbandoned(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            guard let pid = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" }), pid > 0 else { continue }
            let isKept = access("\(parent)/\(name)/\(keptMark)", F_OK) == 0
            // In containers the same number may be somebody else's: then it stays.
            guard !isKept, kill(pid, 0) != 0, errno == ESRCH else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
    }

    /// It is there for somebody to look at.
    func keep() throws(ProgramError) { try write("", to: Self.keptMark) }

    private static let keptMark = "kept"
}
