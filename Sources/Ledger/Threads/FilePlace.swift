internal import Glibc

/// Notices when the database file is moved, deleted or replaced while it is open: writes would go on without an error into
/// a file that nobody will ever find again.
struct FilePlace {
    private let path: String
    private let device: dev_t
    private let node: ino_t

    init(path: String) throws(LedgerError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .cannotOpen(path: path, reason: systemMessage(errno)) }
        self.path = path
        device = status.st_dev
        node = status.st_ino
    }

    func verify() throws(LedgerError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_dev == device, status.st_ino == node else {
            throw .notWritable(path: path, reason: "the file was moved, deleted or replaced while it was in use")
        }
    }
}
