internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Files of a report, which name accounts and orders: only their owner may read them.
enum ReportFile {
    /// A new file, to be written bit by bit beside the one that it takes the place of in the end. A pipe or a terminal is
    /// written to at once.
    static func open(_ path: String) throws(ProgramError) -> Writer {
        guard !isSpecial(path) else {
            let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw failure(path, .usage) }
            return Writer(path: path, draft: nil, descriptor: descriptor)
        }
        let draft = "\(path).\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).part"
        // A name that is there already, or leads elsewhere, is somebody else's.
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path, .usage) }
        return Writer(path: path, draft: draft, descriptor: descriptor)
    }

    /// Where a file is, or will be, whichever way leads to it.
    static func place(_ path: String) -> String {
        if let there = resolved(path) { return there }
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let start = path.hasPrefix("/") ? "/" : "./"
        let folder = start + parts.dropLast().joined(separator: "/")
        return (resolved(folder) ?? folder) + "/" + String(parts.last ?? "")
    }

    private static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }

    /// An open draft of a file. It is either finished or discarded.
    struct Writer: Sendable {
        let path: String
        /// Nil for what no file can take the place of.
        fileprivate let draft: String?
        fileprivate let descriptor: Int32

        func write(_ text: String) throws(ProgramError) {
            let bytes = Array(text.utf8)
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { bytes in
                    Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                }
                guard count > 0 || errno == EINTR else { throw ReportFile.failure(path) }
                written += max(count, 0)
            }
        }

        /// The file is there with this text.
        func finish(_ text: String) throws(ProgramError) {
            do throws(ProgramError) { try write(text) } catch {
                discard()
                throw error
            }
            try finish()
        }

        /// The file is there as it was written; what was there before is gone.
        func finish() throws(ProgramError) {
            let isWritten = Glibc.close(descriptor) == 0
            guard let draft else { return }
            guard isWritten, rename(draft, path) == 0 else {
                let failure = ReportFile.failure(path)
                unlink(draft)
                throw failure
            }
        }

        /// What was there before stays as it was.
        func discard() {
            _ = Glibc.close(descriptor)
            if let draft { unlink(draft) }
        }
    }

    /// - Parameter exit: What cannot be written from the start was named wrongly; anything else is nobody's fault.
    fileprivate static func failure(_ path: String, _ exit: ProgramError.Exit = .failure) -> ProgramError {
        ProgramError(
            code: "report.file", sentence: "\(path) cannot be written: \(String(cString: strerror(errno))).",
            remedy: "Name a file in a folder that this user may write.", exit: exit)
    }
}
