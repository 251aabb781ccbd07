internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// A file, or standard input, as pieces of bytes. Waiting for input never blocks a thread, so that Ctrl-C is heard.
final class ByteStream {
    /// What a read brought.
    enum Piece {
        case bytes(ArraySlice<UInt8>)
        /// Nothing now; more may come.
        case nothing
        case end
    }

    /// For messages: the path, or `standard input`.
    let name: String
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: 64 * 1_024)

    /// Opens `path`; `-` is standard input.
    init(path: String) throws(ProgramError) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw Self.failure(path) }
    }

    deinit { if descriptor > STDERR_FILENO { close(descriptor) } }

    /// The next piece.
    func read() throws(ProgramError) -> Piece {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Regular files are always ready.
        guard poll(&waiting, 1, 0) != 0 else { return .nothing }
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { return .bytes(buffer[..<count]) }
        if count == 0 { return .end }
        guard errno == EINTR || errno == EAGAIN else { throw Self.failure(name) }
        return .nothing
    }

    private static func failure(_ path: String) -> ProgramError {
        ProgramError(
            code: "publish.unreadable", sentence: "\(path) cannot be read: \(String(cString: strerror(errno))).",
            remedy: "Check the path and who may read it.", exit: .usage)
    }
}
