internal import Ledger
internal import Synchronization

/// Finds out by writing whether the ledger can be written, and waits for no write: a disk that has died may never
/// answer.
final class LedgerPulse: Sendable {
    /// Why it cannot.
    struct Fault: Hashable, Sendable {
        var sentence: String
        var remedy: String
    }

    private struct State {
        var trial: Task<Void, Never>?
        /// When the trial under way began, in microseconds since 1970.
        var begunAt: Int64?
        /// What the last trial came to.
        var fault: Fault?
    }

    private let path: String
    private let write: @Sendable () async throws -> Void
    private let room: @Sendable () -> FreeRoom?
    private let state = Mutex(State())

    /// Longer than two writes wait that find another program in the way.
    private static let longest: Int64 = 25_000_000

    /// - Parameters:
    ///   - write: Writes something small, and returns when it is on the disk.
    ///   - room: What is free now; nil when that cannot be said.
    init(
        path: String, write: @escaping @Sendable () async throws -> Void, room: @escaping @Sendable () -> FreeRoom?
    ) {
        self.path = path
        self.write = write
        self.room = room
    }

    convenience init(_ ledger: Ledger) {
        let path = ledger.path
        self.init(path: path, write: { try await ledger.checkWritable() }, room: { FreeRoom.around(path) })
    }

    /// Tries a write, unless one is still under way.
    func begin(at now: Int64) {
        state.withLock { state in
            guard state.begunAt == nil else { return }
            state.begunAt = now
            state.trial = Task { await attempt() }
        }
    }

    private func attempt() async {
        let fault: Fault?
        do {
            try await write()
            fault = nil
        } catch LedgerError.closed {
            fault = nil
        } catch let error as LedgerError {
            fault = Fault(sentence: error.sentence, remedy: error.remedy)
        } catch {
            fault = Fault(sentence: "\(error)", remedy: "Look at the disk and at the system's log.")
        }
        state.withLock { $0 = State(fault: fault) }
    }

    /// Returns when the trial under way has an answer.
    func settled() async { await state.withLock(\.trial)?.value }

    /// What speaks against writing; nil when nothing does.
    func fault(at now: Int64) -> Fault? {
        let (fault, begunAt) = state.withLock { state in
            // A clock that was set back makes nothing last for ever.
            state.begunAt = state.begunAt.map { min($0, now) }
            return (state.fault, state.begunAt)
        }
        if let fault { return fault }
        if let room = room(), room.free < FreeRoom.least { return full }
        return begunAt.map { now - $0 >= Self.longest } == true ? silent : nil
    }

    private var full: Fault {
        let error = LedgerError.diskFull(path: path)
        return Fault(sentence: error.sentence, remedy: error.remedy)
    }

    private var silent: Fault {
        Fault(
            sentence: "A write to the ledger \(path) does not come back.",
            remedy: "Look at the disk, at the system's log, and for programs that hold the file.")
    }
}
