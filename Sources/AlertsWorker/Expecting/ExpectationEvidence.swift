/// What is asked of the ledger and the store's tables to see whether something has happened: each answered from a key.
enum ExpectationEvidence {
    static let answered: StaticString = """
        SELECT answered_revision FROM store_order
        WHERE number = ?1 AND origin = 'online' AND answered_revision IS NOT NULL
        """
    static let stated: StaticString = "SELECT value FROM revision_counter WHERE family = ?1 AND subject = ?2"
    /// Whether a revision is a dead letter that waits for a person, or that one has discarded. Its last failure is stamped
    /// before the step of the journal that says so, and by a clock that may have been set between the two.
    static let letter: StaticString = """
        SELECT state FROM dead_letter INDEXED BY dead_letter_subject
        WHERE subject = ?1 AND revision = ?2 AND flow = ?3
            AND (state = 'open' OR (state = 'discarded' AND last_failed_at >= ?4 - 60000000))
        ORDER BY state = 'open' DESC LIMIT 1
        """
    static let order: StaticString = "SELECT number, origin FROM store_shipment WHERE id = ?1"
    static let state: StaticString = "SELECT state FROM store_order WHERE number = ?1 AND origin = ?2"
    static let lines: StaticString = """
        SELECT line_id, shipped FROM store_order_line WHERE number = ?1 AND origin = ?2 AND shipped IS NOT NULL
        """
    /// What has left; what is only packed has not. Also what left without a tracking number is accounted for.
    static let shipments: StaticString = """
        SELECT l.line_id, l.quantity FROM store_shipment AS s INDEXED BY store_shipment_by_order
            CROSS JOIN store_shipment_line AS l ON l.shipment = s.id
        WHERE s.number = ?1 AND s.origin = ?2 AND s.state <> 'packed'
        """

    /// Each of them, with how many values it takes.
    static let all: [(sql: StaticString, values: Int)] = [
        (answered, 1), (stated, 2), (letter, 4), (order, 1), (state, 2), (lines, 2), (shipments, 2),
    ]
}
