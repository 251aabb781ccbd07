/// Why the ledger could not do what was asked: a stable code, a sentence for a person and what to do about it.
public enum LedgerError: Error, Sendable, Equatable {
    /// The file could not be opened or created.
    case cannotOpen(path: String, reason: String)
    /// The file can be read but not written, or is no longer at its place.
    case notWritable(path: String, reason: String)
    /// There is no room left for the file to grow.
    case diskFull(path: String)
    /// The operating system failed to read or write the file.
    case inputOutput(path: String, reason: String)
    /// The file is not a database or is damaged.
    case corrupt(path: String, detail: String)
    /// The file is a database of some other program.
    case foreignFile(path: String)
    /// The file was written by a newer version of this program.
    case newerSchema(component: String, found: Int, known: Int)
    /// The file is of an older version, and was opened for reading only, so it cannot be brought up to date.
    case olderSchema(component: String, found: Int, known: Int)
    /// The settings that durability depends on (write-ahead log, full sync) could not be had.
    case unsafeSettings(path: String, reason: String)
    /// Other writers held the file for too long.
    case busy(path: String, waited: Duration)
    /// A read took longer than is allowed and was stopped, because a long read keeps the write-ahead log growing.
    case readTooLong(limit: Duration)
    /// The claim was taken over by another worker (or already ended): what this worker did must not be recorded.
    case fenced(family: String, subject: String)
    /// The ledger has been closed.
    case closed
    /// A statement failed: a mistake of the caller, or a constraint that refused the row.
    case sql(code: Int32, message: String)
}

extension LedgerError {
    /// Stable and dotted, for logs and tests.
    public var code: String {
        switch self {
        case .cannotOpen: "ledger.cannot-open"
        case .notWritable: "ledger.not-writable"
        case .diskFull: "ledger.disk-full"
        case .inputOutput: "ledger.input-output"
        case .corrupt: "ledger.corrupt"
        case .foreignFile: "ledger.foreign-file"
        case .newerSchema: "ledger.newer-schema"
        case .olderSchema: "ledger.older-schema"
        case .unsafeSettings: "ledger.unsafe-settings"
        case .busy: "ledger.busy"
        case .readTooLong: "ledger.read-too-long"
        case .fenced: "ledger.fenced"
        case .closed: "ledger.closed"
        case .sql: "ledger.sql"
        }
    }

    /// Whether the same call may succeed later without anybody touching the file: room on the disk, a lock given back.
    public var isRecoverable: Bool {
        switch self {
        case .notWritable, .diskFull, .inputOutput, .busy, .readTooLong: true
        case .cannotOpen, .corrupt, .foreignFile, .newerSchema, .olderSchema, .unsafeSettings: false
        case .fenced, .closed, .sql: false
        }
    }
}

extension LedgerError: CustomStringConvertible {
    /// What is wrong, in one sentence.
    public var sentence: String {
        switch self {
        case .cannotOpen(let path, let reason): "The ledger \(path) cannot be opened: \(reason)."
        case .notWritable(let path, let reason): "The ledger \(path) cannot be written: \(reason)."
        case .diskFull(let path): "There is no room left to write the ledger \(path)."
        case .inputOutput(let path, let reason): "Reading or writing the ledger \(path) failed: \(reason)."
        case .corrupt(let path, let detail): "The ledger \(path) is damaged or not a database: \(detail)."
        case .foreignFile(let path): "The file \(path) is a database, but not a ledger of Stevedore."
        case .newerSchema(let component, let found, let known):
            "The ledger's \(component) tables are at version \(found), but this program knows only up to \(known)."
        case .olderSchema(let component, let found, let known):
            "The ledger's \(component) tables are at version \(found), but this program needs \(known)."
        case .unsafeSettings(let path, let reason): "The ledger \(path) would not survive a power cut: \(reason)."
        case .busy(let path, let waited): "The ledger \(path) was kept busy by other writers for \(waited)."
        case .readTooLong(let limit): "Reading the ledger took longer than \(limit) and was stopped."
        case .fenced(let family, let subject):
            "The claim on \(family) \(subject) belongs to another worker by now; nothing was recorded."
        case .closed: "The ledger has been closed."
        case .sql(let code, let message): "A ledger statement failed (SQLite \(code)): \(message)."
        }
    }

    /// What a person can do about it.
    public var remedy: String {
        switch self {
        case .cannotOpen: "Check that the folder exists and that this user may read and write it."
        case .notWritable:
            "Give this user write permission on the file and its folder, or mount the disk writable; running workers go on by themselves."
        case .diskFull: "Free some space on that disk; running workers go on by themselves, nothing needs repair."
        case .inputOutput:
            "Check the disk and the system log; if the disk is sound, running workers go on by themselves."
        case .corrupt:
            "If the path is wrong, correct it: the file is left as it is. Else stop all workers, keep the damaged file with its -wal and -shm files, and put the latest backup in its place."
        case .foreignFile: "Point the ledger's path at a file of its own."
        case .newerSchema: "Start the newer version of the program, or restore the backup made before the upgrade."
        case .olderSchema: "Start a worker (or run the migration) of this version once, then try again."
        case .unsafeSettings: "Put the ledger on a local disk with ordinary file locking, not on a network share."
        case .busy: "Look for a program that holds the file open in a long transaction; work goes on by itself."
        case .readTooLong: "Ask for less at a time."
        case .fenced: "Nothing: the worker that took over finishes the message."
        case .closed: "Open the ledger again."
        case .sql: "This is a fault of the program: report it with this sentence."
        }
    }

    /// The sentence and the remedy.
    public var description: String { "\(sentence) \(remedy)" }
}
