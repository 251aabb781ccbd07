internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Where an export goes: standard output, or a new file that has its name only once it is whole.
///
/// Bodies hold personal data, so nobody else may read the file.
final class ExportSink {
    private struct Target {
        let path: String
        let temporary: String
        let isForced: Bool
    }

    private let target: Target?
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isClosed = false
    private static let room = 256 << 10

    /// Nil and `-` are standard output. Without `isForced`, a file that is there is refused.
    init(path: String?, isForced: Bool) throws(ProgramError) {
        guard let path, path != "-" else {
            (target, descriptor) = (nil, STDOUT_FILENO)
            return
        }
        let temporary = "\(path).part-\(getpid())"
        if !isForced, access(path, F_OK) == 0 { throw ExportSink.isThere(path) }
        target = Target(path: path, temporary: temporary, isForced: isForced)
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw ExportSink.failure(temporary) }
    }

    /// Adds a line.
    func write(line: [UInt8]) throws(ProgramError) {
        buffer += line
        buffer.append(0x0A)
        if buffer.count >= Self.room { try flush() }
    }

    /// Everything is there: gives the file its name, on the disk.
    func finish() throws(ProgramError) {
        try flush()
        guard let target else { return }
        guard fsync(descriptor) == 0 else { throw Self.failure(target.temporary) }
        closeOnce()
        try Self.name(target)
    }

    /// Leaves nothing behind.
    func discard() {
        guard let target else { return }
        closeOnce()
        unlink(target.temporary)
    }

    private func closeOnce() {
        if !isClosed { close(descriptor) }
        isClosed = true
    }

    private func flush() throws(ProgramError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, 1_000)
            } else if errno != EINTR {
                throw Self.failure(target?.temporary ?? "standard output")
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// A file that somebody has made meanwhile is not replaced either.
    private static func name(_ target: Target) throws(ProgramError) {
        if !target.isForced {
            if link(target.temporary, target.path) == 0 {
                unlink(target.temporary)
                return
            }
            // Where a file system has no links, this look is the best there is.
            if errno == EEXIST || access(target.path, F_OK) == 0 { throw isThere(target.path) }
        }
        guard rename(target.temporary, target.path) == 0 else { throw failure(target.path) }
    }

    private static func isThere(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.file-exists", sentence: "There is a file \(path) already.",
            remedy: "Choose another name, or replace it with --force.", exit: .usage)
    }

    private static func failure(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unwritable", sentence: "\(path) cannot be written: \(String(cString: strerror(errno))).",
            remedy: "Check the path, who may write there, and the room on the disk; the letters are as they were.",
            exit: .failure)
    }
}
