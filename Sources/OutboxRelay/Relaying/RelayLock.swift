internal import Fleet

#if canImport(Glibc)
    internal import Glibc
#endif

/// Only one relay works on a database, or the order of a subject's rows would be nobody's.
///
/// It is a lock of the operating system on a file beside the database. The system takes it back the moment the process
/// ends, however it ends, so that another one need not guess by the clock; and it never takes it from one that lives. Whoever
/// deletes the file takes it from both: so its holder looks whether it is there still (``isHeld``), and whoever has made the
/// file anew gives another holder the time for that (``isNew``).
final class RelayLock: Sendable {
    private let descriptor: Int32
    private let path: String
    /// Whether there was no file before: then somebody may have the lock of one that was deleted.
    let isNew: Bool

    private init(descriptor: Int32, path: String, isNew: Bool) {
        self.descriptor = descriptor
        self.path = path
        self.isNew = isNew
    }

    deinit { close(descriptor) }

    /// Takes the lock, and says in it who has it; nil while another process has it.
    /// - Throws: when the file cannot be written.
    static func take(for database: String, holder: String) throws(ProgramError) -> RelayLock? {
        let path = path(for: database)
        let (descriptor, isNew) = try file(at: path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            try checkTaken(path, number)
            return nil
        }
        guard isFile(descriptor, at: path) else {
            close(descriptor)
            return nil
        }
        let line = holder + "\n"
        // Who it is is for people; the lock itself does not depend on it.
        if ftruncate(descriptor, 0) == 0 { _ = line.withCString { write(descriptor, $0, strlen($0)) } }
        return RelayLock(descriptor: descriptor, path: path, isNew: isNew)
    }

    private static func file(at path: String) throws(ProgramError) -> (descriptor: Int32, isNew: Bool) {
        let flags = O_RDWR | O_CLOEXEC
        let known = open(path, flags)
        if known >= 0 { return (known, false) }
        let made = open(path, flags | O_CREAT, 0o644)
        guard made >= 0 else { throw unusable(path, errno) }
        return (made, true)
    }

    /// Whether another process has the lock, when it was not given for that reason.
    /// - Throws: when it is for another one: some file systems have no locks, and nobody else has it then.
    static func checkTaken(_ path: String, _ number: Int32) throws(ProgramError) {
        guard number == EWOULDBLOCK else { throw unusable(path, number) }
    }

    /// Whether the file is still the one that is locked. Without it another process can have the lock as well.
    var isHeld: Bool { Self.isFile(descriptor, at: path) }

    /// What to say when it is not held any more.
    var lost: ProgramError {
        ProgramError(
            code: "outbox.lock-lost",
            sentence:
                "The file \(path) was deleted or replaced, so that another outbox-relay may publish the same rows.",
            remedy:
                "Start again: one of them relays then, and the others stand by. Leave the file alone while any runs.",
            exit: .failure)
    }

    /// Who has the lock now; nil when nobody does.
    static func holder(of database: String) -> String? {
        let descriptor = open(path(for: database), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        let line = buffer.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
        return line.isEmpty ? "another process" : String(decoding: line, as: UTF8.self)
    }

    /// Somebody may have deleted the file between opening and locking it.
    private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var (mine, there) = (stat(), stat())
        guard fstat(descriptor, &mine) == 0, stat(path, &there) == 0 else { return false }
        return mine.st_dev == there.st_dev && mine.st_ino == there.st_ino
    }

    /// One file for one database, by whatever path it is named.
    private static func path(for database: String) -> String {
        guard let resolved = realpath(database, nil) else { return database + "-relay" }
        defer { free(resolved) }
        return String(cString: resolved) + "-relay"
    }

    private static func unusable(_ path: String, _ number: Int32) -> ProgramError {
        ProgramError(
            code: "outbox.lock", sentence: "The file \(path) cannot be written: \(String(cString: strerror(number))).",
            remedy: "Let this user write in the folder of the database, as SQLite itself needs it.",
            exit: .configuration)
    }
}
