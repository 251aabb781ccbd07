internal import Fleet
internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// A body in a file of its own, for a person's editor. Only this user may look into it or its folder, where editors put
/// their copies.
struct EditorFile {
    let path: String
    private let folder: String

    /// Writes the file anew.
    init(_ contents: [UInt8]) throws(ProgramError) {
        let parent = ProgramLauncher.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/dead-letter-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure("in \(parent)") }
        folder = String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = folder + "/body.json"
        do throws(ProgramError) {
            try Self.write(contents, to: path)
        } catch {
            remove()
            throw error
        }
    }

    private static func write(_ contents: [UInt8], to path: String) throws(ProgramError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var rest = contents[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure(path) }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    private static func failure(_ place: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-file",
            sentence: "No file can be written \(place): \(String(cString: strerror(errno))).",
            remedy: "Set TMPDIR to a folder with room where you may write, or use --patch.", exit: .failure)
    }

    /// What the person left in it.
    func read() throws(ProgramError) -> [UInt8] { try InputFile.read(path) }

    /// Removes the file with whatever the editor left beside it.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
