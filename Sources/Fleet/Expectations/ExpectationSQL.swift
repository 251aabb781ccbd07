/// Every question that is asked of expectations while work goes on, so that a test can see that each of them is answered
/// from an index, however much is expected.
package enum ExpectationSQL {
    /// Steps of the journal behind one that has been read.
    package static let steps: StaticString = """
        SELECT id, at, type, subject, revision, stage FROM journal WHERE id > ?1 ORDER BY id LIMIT ?2
        """
    package static let newestStep: StaticString = "SELECT max(id) FROM journal"
    /// What is over on a clock: nothing that opened later is looked at.
    package static let due: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note
        FROM expectation INDEXED BY expectation_due
        WHERE name = ?1 AND clock = ?2 AND state = 'waiting' AND opened <= ?3 ORDER BY opened LIMIT ?4
        """
    /// What waits under a name, whatever its clock.
    package static let waiting: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note
        FROM expectation INDEXED BY expectation_due WHERE name = ?1 AND state = 'waiting' LIMIT ?2
        """
    /// What is missed, in the order in which it was.
    package static let missed: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note
        FROM expectation INDEXED BY expectation_missed
        WHERE name = ?1 AND state = 'missed' AND (missed_at, subject) > (?2, ?3) ORDER BY missed_at, subject LIMIT ?4
        """
    package static let missedCount: StaticString = """
        SELECT count(DISTINCT subject), min(since), max(missed_at) FROM expectation INDEXED BY expectation_missed
        WHERE name = ?1 AND state = 'missed'
        """
    /// What is open of one object under one name.
    package static let openOf: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note FROM expectation
        WHERE name = ?1 AND family = ?2 AND subject = ?3 AND state IN ('waiting', 'missed') ORDER BY mark
        """
    package static let ofSubject: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note
        FROM expectation INDEXED BY expectation_subject WHERE subject = ?1 LIMIT ?2
        """
    package static let ended: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note
        FROM expectation INDEXED BY expectation_ended WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2
        """
    /// The names in use, each found from the one before.
    package static let names: StaticString = """
        WITH RECURSIVE used (name) AS (
            SELECT (SELECT min(name) FROM expectation)
            UNION ALL SELECT (SELECT min(e.name) FROM expectation AS e WHERE e.name > used.name)
            FROM used WHERE used.name IS NOT NULL)
        SELECT name FROM used WHERE name IS NOT NULL
        """

    /// Each of them, with how many values it takes.
    package static let all: [(sql: StaticString, values: Int)] = [
        (steps, 2), (newestStep, 0), (due, 4), (waiting, 2), (missed, 4), (missedCount, 1),
        (openOf, 3), (ofSubject, 2), (ended, 2), (names, 0),
    ]
}
