internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Reads what a person hands over in a file, or on standard input.
enum InputFile {
    /// All of it; `-` is standard input. Nothing larger than this makes sense here.
    static func read(_ path: String, limit: Int = 16 << 20) throws(ProgramError) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { if descriptor > STDERR_FILENO { close(descriptor) } }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return contents }
            guard count > 0 || errno == EINTR else { throw failure(path) }
            contents += buffer[..<max(count, 0)]
            guard contents.count <= limit else { throw tooLarge(path, limit) }
        }
    }

    private static func name(_ path: String) -> String { path == "-" ? "Standard input" : path }

    private static func failure(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unreadable",
            sentence: "\(name(path)) cannot be read: \(String(cString: strerror(errno))).",
            remedy: "Check the path and who may read it.", exit: .usage)
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> ProgramError {
        ProgramError(
            code: "dead-letter.unreadable", sentence: "\(name(path)) has more than \(limit) bytes.",
            remedy: "No message is so large: check the path.", exit: .usage)
    }
}
