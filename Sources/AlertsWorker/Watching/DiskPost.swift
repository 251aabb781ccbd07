internal import Fleet
internal import Ledger
internal import Models

/// That the disk of the ledger runs full, told while there is still room to write that down. Once there is none, the
/// ``LedgerOutcry`` tells it.
struct DiskPost: Watchpost {
    let prefix = "ledger/"
    private let path: String
    private let limits: DiskLimits
    private let room: @Sendable () -> FreeRoom?

    /// - Parameter room: What is free now; nil when that cannot be said.
    init(path: String, limits: DiskLimits, room: @escaping @Sendable () -> FreeRoom?) {
        self.path = path
        self.limits = limits
        self.room = room
    }

    init(path: String, limits: DiskLimits) {
        self.init(path: path, limits: limits, room: { FreeRoom.around(path) })
    }

    static let key = "ledger/disk"

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        guard let room = room() else { return [] }
        let said = try snapshot.saidAlert(key: Self.key)?.alert
        let open = said?.state == .open ? said : nil
        guard let severity = limits.severity(free: room.free, of: room.size, after: open?.severity) else { return [] }
        let known = open.flatMap { Self.isStillRight($0, severity, room) ? $0 : nil }
        return [
            Finding(
                key: Self.key, kind: .other, severity: severity, code: "ledger.disk",
                sentence: try known?.sentence ?? sentence(room, snapshot, now), remedy: Self.remedy,
                commands: ["df -h \(MailText.shellWord(FreeRoom.directory(of: path)))"],
                since: open?.raisedAt.microseconds ?? now, last: known?.lastAt.microseconds ?? now)
        ]
    }

    /// A disk that does not say how full it is may be as full as before.
    func mayComeBack(_ key: String, _ snapshot: LedgerSnapshot, now: Int64) throws -> Bool { room() == nil }

    func ending(of alert: Alert, now: Int64) -> String {
        let free = room().map { ": \(FreeRoom.text($0.free)) of \(FreeRoom.text($0.size)) are free" } ?? ""
        return "The disk of the ledger has room again\(free)."
    }

    // MARK: - What is said

    /// Whether nothing need be said anew. What is free moves all the time: a text that says "less than" holds until a
    /// quarter less than the next lower step is free, so that it does not change to and fro.
    private static func isStillRight(_ open: Alert, _ severity: Alert.Severity, _ room: FreeRoom) -> Bool {
        guard open.severity == severity else { return false }
        let (more, isTooMuch) = room.free.addingReportingOverflow(room.free / 4)
        return [room.free, isTooMuch ? .max : more].contains { open.sentence.hasPrefix(opening(free: $0)) }
    }

    /// Without the size, which on some file systems moves as well.
    private static func opening(free: Int64) -> String { "Less than \(FreeRoom.text(FreeRoom.step(above: free))) of " }

    private func sentence(_ room: FreeRoom, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> String {
        let parts = [
            Self.opening(free: room.free) + "\(FreeRoom.text(room.size)) are free on the disk of the ledger.",
            try Self.pace(room, snapshot, now),
            "When it is full nothing is acknowledged, and nothing is lost: orders wait in the broker.",
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }

    /// What a day takes: the file's size over the time that its journal goes back. Nil when that is less than a day.
    private static func pace(_ room: FreeRoom, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> String? {
        let first = try snapshot.first("SELECT at FROM journal ORDER BY id LIMIT 1") { $0.integer(0) }
        guard let first, room.ledger > 0 else { return nil }
        let days = Double(now) / day - Double(first) / day
        guard days >= 1 else { return nil }
        let amount = FreeRoom.text(Int64(Double(room.ledger) / days))
        return "By its size and age the ledger takes some \(amount) a day, also on a day of backlog."
    }

    private static let day = 86_400_000_000.0

    private static let remedy =
        "Make room on that disk, or stop all workers and move the ledger to a larger one. Where the broker's data lies "
        + "on the same disk, make haste: below a limit of its own (`disk_free_limit`) it takes no messages either."
}
