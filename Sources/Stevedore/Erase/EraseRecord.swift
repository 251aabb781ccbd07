internal import Fleet
internal import Ledger
internal import Models

/// What the record of what people did says of an erasing: who, when, why and how much; never whom. It is also how a run
/// knows that one before it was cut short.
struct EraseRecord: Sendable {
    /// How far a run was.
    enum Stage: String, Hashable, Sendable {
        case begun, stopped, failed
        /// Everything is out of the file, but somebody else had letters in hand.
        case left
        case done
    }

    let ledger: Ledger
    let order: EraseOrder

    private var mark: String { "request \(order.digest), " }

    func write(_ stage: Stage, _ counts: EraseCounts) async throws(ProgramError) {
        let action = OperatorAction(
            at: Timestamp.now().microseconds, by: order.by, action: "erase", reason: order.reason,
            letters: counts[.letters],
            detail: mark + stage.rawValue + (counts.total > 0 ? ": \(counts.summary)" : ""))
        do { try await ledger.write { try $0.record(action) } } catch { throw ProgramError(erasing: error) }
    }

    /// Whether the last run of the same request ended before the file was written anew. What it took out of the rows is not
    /// found again then, and is still between them.
    func wasCutShort() async throws(ProgramError) -> Bool {
        let last: String?
        do {
            last = try await ledger.read { [mark] snapshot in
                try snapshot.first(
                    """
                    SELECT detail FROM operator_action WHERE action = 'erase' AND substr(detail, 1, length(?1)) = ?1
                    ORDER BY number DESC LIMIT 1
                    """, .text(mark)
                ) { $0.text(0) }
            }
        } catch {
            throw ProgramError(erasing: error)
        }
        guard let last else { return false }
        let stage = last.dropFirst(mark.count).prefix { $0 != ":" }
        return stage != Stage.done.rawValue && stage != Stage.left.rawValue
    }
}
