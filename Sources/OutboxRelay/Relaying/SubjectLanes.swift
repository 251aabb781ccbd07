internal import DequeModule

/// The rows in memory, in a lane for each subject: only the first of a lane is ever on its way, and the next follows
/// when the broker has it.
///
/// Of one subject only so many are here. From the first on for which there is no room they stay in the outbox, and are passed
/// over until the lane goes on from there, so that no later one overtakes them.
struct SubjectLanes {
    private struct Line {
        var rows: Deque<RelayedRow> = []
        var isOnItsWay = false
        /// The rows from this id on are in the outbox alone; nil when there are none that were read.
        var rest: Int64?
    }

    private let mostOfOne: Int
    /// Lanes with a rest.
    private var cut: Set<RelayedRow.Lane> = []

    private var lines: [RelayedRow.Lane: Line] = [:]
    /// Lanes whose first row may go; those that are gone or on their way are passed over.
    private var ready: Deque<RelayedRow.Lane> = []
    private var ids: Set<Int64> = []
    private var onTheirWay: [String: Int] = [:]
    private(set) var bytes = 0

    init(mostOfOne: Int = 16) { self.mostOfOne = max(mostOfOne, 1) }

    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }
    var hasReady: Bool { ready.contains { lines[$0].map { !$0.isOnItsWay && !$0.rows.isEmpty } ?? false } }

    func knows(_ id: Int64) -> Bool { ids.contains(id) }

    /// How many rows are on their way to a queue.
    func inFlight(to queue: String) -> Int { onTheirWay[queue] ?? 0 }

    /// Adds a row behind all of its subject, if there is room for it.
    mutating func add(_ row: RelayedRow) {
        guard !knows(row.id), !isBeyond(row.id, row.lane) else { return }
        let count = lines[row.lane]?.rows.count ?? 0
        guard count < mostOfOne else { return leave(row.lane, from: row.id) }
        ids.insert(row.id)
        bytes += row.size
        if count == 0 { ready.append(row.lane) }
        lines[row.lane, default: Line()].rows.append(row)
    }

    private mutating func leave(_ lane: RelayedRow.Lane, from id: Int64) {
        let rest = lines[lane]?.rest ?? id
        lines[lane]?.rest = min(rest, id)
        cut.insert(lane)
    }

    /// Whether a row has to wait in the outbox, since others of its subject do that come before it.
    func isBeyond(_ id: Int64, _ lane: RelayedRow.Lane) -> Bool {
        guard let rest = lines[lane]?.rest else { return false }
        return id >= rest
    }

    /// Lanes that are nearly empty here and not in the outbox, each with where it has to go on.
    var toContinue: [(lane: RelayedRow.Lane, first: Int64)] {
        cut.compactMap { lane in
            guard let line = lines[lane], let rest = line.rest, line.rows.count <= mostOfOne / 4 else { return nil }
            return (lane, rest)
        }
    }

    /// What was read of a lane is to be added; the rest begins at that id, and nil when there is none.
    mutating func goOn(_ lane: RelayedRow.Lane, from rest: Int64?) {
        lines[lane]?.rest = rest
        guard rest == nil else { return }
        cut.remove(lane)
        if lines[lane]?.rows.isEmpty ?? false { lines[lane] = nil }
    }

    /// The rows that go next, at most one of each subject; they are on their way from now on.
    mutating func takeReady(_ limit: Int) -> [RelayedRow] {
        var taken: [RelayedRow] = []
        while taken.count < limit, let lane = ready.popFirst() {
            guard let line = lines[lane], !line.isOnItsWay, let row = line.rows.first else { continue }
            lines[lane]?.isOnItsWay = true
            onTheirWay[lane.queue, default: 0] += 1
            taken.append(row)
        }
        return taken
    }

    /// A row that was on its way is done with, well or not; the next of its subject may go.
    mutating func end(_ row: RelayedRow) {
        guard lines[row.lane]?.rows.first?.id == row.id, lines[row.lane]?.isOnItsWay == true else { return }
        _ = lines[row.lane]?.rows.popFirst()
        lines[row.lane]?.isOnItsWay = false
        onTheirWay[row.lane.queue, default: 1] -= 1
        forget(row)
        guard lines[row.lane]?.rows.isEmpty ?? true else { return ready.append(row.lane) }
        if lines[row.lane]?.rest == nil { lines[row.lane] = nil }
    }

    /// Forgets all rows for a queue but those on their way: they stay in the outbox, and are read again.
    mutating func drop(queue: String) {
        for (lane, line) in lines where lane.queue == queue {
            let kept = line.isOnItsWay ? 1 : 0
            for row in line.rows.dropFirst(kept) { forget(row) }
            lines[lane] = kept == 0 ? nil : Line(rows: Deque(line.rows.prefix(1)), isOnItsWay: true)
        }
        ready.removeAll { $0.queue == queue }
        cut = cut.filter { $0.queue != queue }
    }

    private mutating func forget(_ row: RelayedRow) {
        ids.remove(row.id)
        bytes -= row.size
    }
}
