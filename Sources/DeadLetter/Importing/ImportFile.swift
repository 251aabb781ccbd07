internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// The file to import, ready to be read more than once: standard input is copied into a file that has no name and that
/// nobody else can read.
final class ImportFile {
    /// For messages: the path, or `standard input`.
    let name: String
    let descriptor: Int32

    /// Opens `path`; `-` is standard input, which is read to its end, or until somebody interrupts.
    static func open(_ path: String, _ interruption: Interruption) async throws(ProgramError) -> ImportFile {
        guard path == "-" else { return try ImportFile(path: path) }
        let file = try ImportFile(copyOf: "standard input")
        try await file.copy(STDIN_FILENO, interruption)
        return file
    }

    private init(path: String) throws(ProgramError) {
        name = path
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw Self.failure(path) }
        // What cannot be read twice, such as a named pipe, would be taken for an empty file.
        if lseek(descriptor, 0, SEEK_SET) < 0 { throw Self.notFile(path) }
    }

    private init(copyOf name: String) throws(ProgramError) {
        self.name = name
        let folder = ProgramLauncher.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(folder)/dead-letter-import-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        if descriptor < 0 { throw Self.failure("a file in \(folder)") }
        unlink(template)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Waiting for input never blocks a thread, so that Ctrl-C is heard.
    private func copy(_ source: Int32, _ interruption: Interruption) async throws(ProgramError) {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while !interruption.isRequested {
            var waiting = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 0) != 0 else {
                try? await Task.sleep(for: .milliseconds(10))
                continue
            }
            let count = read(source, &buffer, buffer.count)
            if count == 0 { break }
            if count > 0 { try add(buffer[..<count]) }
            if count < 0, errno != EINTR, errno != EAGAIN { throw Self.failure(name) }
        }
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure(name) }
    }

    private func add(_ bytes: ArraySlice<UInt8>) throws(ProgramError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw Self.failure("the copy of \(name)") }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    static func failure(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unreadable", sentence: "\(path) cannot be read: \(String(cString: strerror(errno))).",
            remedy: "Check the path, who may read it, and the room in TMPDIR.", exit: .usage)
    }

    private static func notFile(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unreadable", sentence: "\(path) is no file that can be read twice.",
            remedy: "Give it on standard input: dead-letter import - < \(path)", exit: .usage)
    }
}
