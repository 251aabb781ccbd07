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
        WHERE name = ?1 AND state = 'missed' AND (missed_at, subject, since, family, mark) > (?2, ?3, ?4, ?5, ?6)
        ORDER BY missed_at, subject, since, family, mark LIMIT ?7
        """
    /// How many are missed, of so many rows at most: it is asked every two seconds.
    package static let missedSum: StaticString = """
        SELECT count(*), count(DISTINCT subject), min(since) FROM (
            SELECT subject, since FROM expectation INDEXED BY expectation_missed
            WHERE name = ?1 AND state = 'missed' LIMIT ?2)
        """
    package static let missedLatest: StaticString = """
        SELECT missed_at FROM expectation INDEXED BY expectation_missed
        WHERE name = ?1 AND state = 'missed' ORDER BY missed_at DESC LIMIT 1
        """
    /// The queues among what is missed: no object has an empty family.
    package static let missedQueues: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note FROM expectation
        WHERE name = ?1 AND family = '' AND state = 'missed' ORDER BY subject
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
    /// What ended last, the last first.
    package static let endedLast: StaticString = """
        SELECT name, family, subject, mark, clock, opened, since, state, missed_at, ended_at, note
        FROM expectation INDEXED BY expectation_ended WHERE ended_at > ?1 ORDER BY ended_at DESC LIMIT ?2
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
        (steps, 2), (newestStep, 0), (due, 4), (waiting, 2), (missed, 7), (missedSum, 2), (missedLatest, 1),
        (missedQueues, 1), (openOf, 3), (ofSubject, 2), (ended, 2), (endedLast, 2), (names, 0),
    ]
}
