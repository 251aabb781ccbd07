internal import Glibc

/// Of several processes on one ledger that cannot be written one tells people: whoever has the lock of its write-ahead
/// log. That takes neither room nor leave to write, ends with the process, and is nothing to SQLite, which locks that
/// file in no way.
final class OutcryTurn: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Nil while another process has it. Where there are no locks everybody has it: better told twice than never.
    static func take(for ledger: String) -> OutcryTurn? {
        let descriptor = open(log(of: ledger), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return OutcryTurn(-1) }
        let turn = OutcryTurn(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return errno == EWOULDBLOCK ? nil : turn }
        return turn
    }

    /// SQLite lays it beside the file itself, however that is named.
    private static func log(of ledger: String) -> String {
        guard let resolved = realpath(ledger, nil) else { return ledger + "-wal" }
        defer { free(resolved) }
        return String(cString: resolved) + "-wal"
    }
}
