/// A place among what is missed under one name, in the order in which it was missed: every row has one of its own.
package struct MissedPlace: Hashable, Sendable {
    var missedAt = Int64.min
    var subject = ""
    var since = Int64.min
    var family = ""
    var mark = Int64.min

    /// Before all of it.
    package static let beginning = MissedPlace()
}

extension MissedPlace {
    /// Right behind this row.
    package init(behind row: ExpectationRow) {
        self.init(
            missedAt: row.missedAt ?? .min, subject: row.key.subject, since: row.since, family: row.key.family,
            mark: row.key.mark)
    }
}
