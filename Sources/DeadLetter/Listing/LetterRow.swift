internal import Ledger
internal import Models

/// One dead letter in a list, from the ledger or from its queue.
struct LetterRow: Hashable, Sendable {
    var id: String
    var flow: String
    var type: String
    var subject: String
    var revision: Int64?
    var code: String
    var category: String
    /// Equal for letters with the same cause.
    var fingerprint: String
    var sentence: String
    var attempts: Int
    var firstFailedAt: Int64
    var lastFailedAt: Int64
    var state: String
    var note: String?

    init(_ record: DeadLetterRecord) {
        (id, flow) = (record.id, record.flow)
        (type, subject) = (record.type ?? "", record.subject ?? "")
        // Zero stands for a message whose revision could not be read.
        revision = record.revision == 0 ? nil : record.revision
        (code, category, sentence) = (record.code, record.category, record.sentence)
        fingerprint = record.fingerprint
        (attempts, firstFailedAt, lastFailedAt) = (record.attempts, record.firstFailedAt, record.lastFailedAt)
        (state, note) = (record.state.rawValue, record.note)
    }

    init(_ letter: Letter) {
        (id, flow) = (letter.id, letter.flow)
        (type, subject, revision) = (letter.type ?? "", letter.subject ?? "", letter.revision)
        (code, category, sentence) = (letter.code, letter.category, letter.sentence)
        fingerprint = letter.cause
        attempts = letter.attempts
        firstFailedAt = letter.firstFailedAt?.microseconds ?? 0
        lastFailedAt = letter.lastFailedAt?.microseconds ?? 0
        state = DeadLetterState.open.rawValue
    }
}
