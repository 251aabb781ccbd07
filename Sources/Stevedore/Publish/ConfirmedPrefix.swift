/// Up to which line everything is settled, while lines are settled in any order: where a later run can go on.
struct ConfirmedPrefix {
    private var open: Set<Int> = []
    private var highest: Int

    /// Everything before `line` is settled.
    init(before line: Int = 1) { highest = line - 1 }

    /// A line was read and is not settled yet. Lines are read in rising order.
    mutating func begin(_ line: Int) {
        open.insert(line)
        highest = max(highest, line)
    }

    /// A line needs nothing more: it is confirmed, or refused for good.
    mutating func settle(_ line: Int) { open.remove(line) }

    /// The first line that a later run must read.
    var nextLine: Int { open.min() ?? highest + 1 }
}
