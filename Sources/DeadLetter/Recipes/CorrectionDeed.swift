internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// Puts corrected messages in letters' places: written down first, a whole batch or nothing of it, and then published.
///
/// Killed in between, the messages are in the outbox, from which any worker publishes them, and the letters have their
/// marks, so that the same command only takes them off their queue.
struct CorrectionDeed: LetterDeed {
    let publisher: ReplayPublisher
    let ledger: ReplayLedger
    let order: ReplayOrder
    /// What they were corrected by, for the record.
    let patch: String
    /// Who may publish the messages for now.
    private let holder = "dead-letter:" + MessageID.next()

    init(publisher: ReplayPublisher, ledger: ReplayLedger, order: ReplayOrder, patch: String) {
        self.publisher = publisher
        self.ledger = ledger
        self.order = order
        self.patch = patch
    }

    func perform(_ letters: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        let recorded = try await record(letters)
        FaultPoint.afterReplayMark.pass()
        for refusal in recorded.refusals.prefix(3) { remark("left: " + refusal) }
        try await publish(recorded.outbox)
        return recorded.done
    }

    private func record(_ letters: [TakenLetter]) async throws(ProgramError) -> RecordedCorrections {
        let (order, patch, holder, now) = (order, patch, holder, Timestamp.now())
        return try await ledger.write { transaction in
            var recorded = RecordedCorrections()
            for taken in letters { try recorded.add(taken, order, in: transaction, holder: holder, at: now) }
            guard let first = recorded.done.first?.letter else { return recorded }
            try transaction.record(
                OperatorAction(
                    at: now.microseconds, by: order.by, action: "edit", reason: order.reason, flow: first.flow,
                    letters: recorded.outbox.count, detail: "by \(patch), from \(first.id)"))
            return recorded
        }
    }

    /// One round for each message that waits behind others of its own subject in the batch.
    private func publish(_ recorded: CorrectionOutbox) async throws(ProgramError) {
        var outbox = recorded
        while !outbox.ready.isEmpty {
            do throws(ProgramError) {
                try await publisher.deliver(outbox.ready.flatMap { $0.message.outgoing($0.rows, at: .now()) })
            } catch {
                await release(outbox.ready)
                throw error
            }
            for leased in outbox.ready { FaultPoint.afterOutboxConfirm.pass(leased.message.subject) }
            let (sent, holder) = (outbox, holder)
            outbox = try await ledger.write { try sent.advanced(in: $0, holder: holder, at: .now()) }
        }
        if !outbox.waiting.isEmpty {
            remark(
                "\(Count.text(outbox.waiting.count, "corrected message")) in the ledger's outbox, behind others of the "
                    + "same subject: any worker publishes them")
        }
    }

    /// So that a worker need not wait for the end of the lease; if this fails, it does.
    private func release(_ leased: [CorrectionOutbox.Leased]) async {
        let (sequences, holder) = (leased.map(\.rows.flow), holder)
        do throws(ProgramError) {
            try await ledger.write {
                try $0.releaseOutbox(sequences, holder: holder, retryAt: Timestamp.now().microseconds)
            }
        } catch {
            remark("the corrected messages are in the ledger's outbox for half a minute: \(error.sentence)")
        }
    }
}
