// What is asked of the causes of dead letters. There are few of them, however many letters; the index by state and
// cause leads from each to the next, and to the newest of its letters.
extension WhySQL {
    var causes: StaticString {
        switch self {
        case .causeAfter:
            """
            SELECT fingerprint FROM dead_letter WHERE state = ?1 AND fingerprint > ?2 ORDER BY fingerprint LIMIT 1
            """
        case .causeFrom:
            """
            SELECT fingerprint FROM dead_letter WHERE state = ?1 AND fingerprint >= ?2 ORDER BY fingerprint LIMIT 1
            """
        case .causeSize:
            """
            SELECT count(*) FROM (SELECT 1 FROM dead_letter WHERE state = ?1 AND fingerprint = ?2 LIMIT ?3)
            """
        case .causeNamed:
            """
            SELECT id, sentence, last_failed_at, subject FROM (
                SELECT id, sentence, last_failed_at, subject FROM dead_letter WHERE state = 'open' AND fingerprint = ?1
                ORDER BY last_failed_at DESC LIMIT ?2
            ) WHERE instr(lower(sentence), ?3) > 0
            """
        case .causeNewest:
            """
            SELECT id, coalesce(payload, id), last_failed_at FROM dead_letter
            WHERE state = 'open' AND fingerprint = ?1 ORDER BY last_failed_at DESC LIMIT ?2
            """
        case .causeLatest:
            """
            SELECT id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts,
                first_failed_at, last_failed_at, state, note, edited_as FROM dead_letter
            WHERE state = ?1 AND fingerprint = ?2 ORDER BY last_failed_at DESC LIMIT 1
            """
        default:
            """
            SELECT count(*) FROM (
                SELECT sentence FROM dead_letter WHERE state = 'open' AND fingerprint = ?1
                ORDER BY last_failed_at DESC LIMIT ?3
            ) WHERE sentence = ?2
            """
        }
    }
}
