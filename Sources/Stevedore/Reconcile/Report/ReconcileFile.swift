internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Files of a report, which name accounts and orders: only their owner may read them.
enum ReconcileFile {
    /// Writes a file in one step: whoever has it open sees the one before or this one.
    static func write(_ text: String, to path: String) throws(ProgramError) {
        let draft = try open("\(path).\(getpid()).part")
        try draft.write(text)
        try draft.close()
        guard rename(draft.path, path) == 0 else { throw failure(path) }
    }

    /// A new file, to be written bit by bit.
    static func open(_ path: String) throws(ProgramError) -> Writer {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        return Writer(path: path, descriptor: descriptor)
    }

    /// An open file.
    struct Writer: Sendable {
        let path: String
        fileprivate let descriptor: Int32

        func write(_ text: String) throws(ProgramError) {
            let bytes = Array(text.utf8)
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { bytes in
                    Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                }
                guard count > 0 || errno == EINTR else { throw ReconcileFile.failure(path) }
                written += max(count, 0)
            }
        }

        func close() throws(ProgramError) {
            guard Glibc.close(descriptor) == 0 else { throw ReconcileFile.failure(path) }
        }
    }

    fileprivate static func failure(_ path: String) -> ProgramError {
        ProgramError(
            code: "reconcile.file", sentence: "\(path) cannot be written: \(String(cString: strerror(errno))).",
            remedy: "Name a file in a folder that this user may write.", exit: .failure)
    }
}
