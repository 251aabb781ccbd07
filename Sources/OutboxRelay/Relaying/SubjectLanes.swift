internal import DequeModule

/// The rows in memory, in a lane for each subject: only the first of a lane is ever on its way, and the next follows
/// when the broker has it.
struct SubjectLanes {
    private struct Line {
        var rows: Deque<RelayedRow> = []
        var isOnItsWay = false
    }

    private var lines: [RelayedRow.Lane: Line] = [:]
    /// Lanes whose first row may go; those that are gone or on their way are passed over.
    private var ready: Deque<RelayedRow.Lane> = []
    private var ids: Set<Int64> = []
    private var onTheirWay: [String: Int] = [:]
    private(set) var bytes = 0

    var count: Int { ids.count }
    var isEmpty: Bool { ids.isEmpty }
    var hasReady: Bool { ready.contains { lines[$0]?.isOnItsWay == false } }

    func knows(_ id: Int64) -> Bool { ids.contains(id) }

    /// How many rows are on their way to a queue.
    func inFlight(to queue: String) -> Int { onTheirWay[queue] ?? 0 }

    /// Adds a row behind all of its subject.
    mutating func add(_ row: RelayedRow) {
        guard ids.insert(row.id).inserted else { return }
        bytes += row.size
        if lines[row.lane] == nil { ready.append(row.lane) }
        lines[row.lane, default: Line()].rows.append(row)
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
        if lines[row.lane]?.rows.isEmpty ?? true {
            lines[row.lane] = nil
        } else {
            ready.append(row.lane)
        }
    }

    /// Forgets all rows for a queue but those on their way: they stay in the outbox, and are read again.
    mutating func drop(queue: String) {
        for (lane, line) in lines where lane.queue == queue {
            let kept = line.isOnItsWay ? 1 : 0
            for row in line.rows.dropFirst(kept) { forget(row) }
            lines[lane] = kept == 0 ? nil : Line(rows: Deque(line.rows.prefix(1)), isOnItsWay: true)
        }
        ready.removeAll { $0.queue == queue }
    }

    private mutating func forget(_ row: RelayedRow) {
        ids.remove(row.id)
        bytes -= row.size
    }
}
