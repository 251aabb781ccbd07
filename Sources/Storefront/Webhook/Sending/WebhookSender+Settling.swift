internal import Ledger
internal import Models

extension WebhookSender {
    private static let gone = "The store answered 410 Gone: it wants no posts any more."

    /// Writes down what came of a post, and says so.
    func settle(_ leased: LeasedPost, _ answer: WebhookAnswer) async {
        switch answer {
        case .delivered: await finish(leased)
        case .gone: await endPosts(leased)
        case .none: await record { transaction, now in try transaction.release(leased, now: now) }
        case .refused(let code, let reason, let isOfStore, let retryAfter):
            await refuse(leased, code, reason, isOfStore: isOfStore, retryAfter)
        }
    }

    private func finish(_ leased: LeasedPost) async {
        pace { $0.noteAnswer() }
        await record { [holder] transaction, now in
            guard try transaction.finish(leased, now: now) else { return }
            try transaction.journal(
                JournalEntry(
                    at: now, messageID: leased.post.id, type: leased.post.type, subject: leased.post.subject,
                    revision: leased.post.revision, stage: "posted", code: "ok", worker: holder,
                    attempt: leased.attempts))
        }
        onEvent(.delivered(.init(leased)))
    }

    /// Several that were on their way hear the same; it is said once.
    private func endPosts(_ leased: LeasedPost) async {
        let isNews = await record { transaction, now in
            try transaction.fail(leased, code: "webhook.status.410", reason: Self.gone, retryAt: now, now: now)
            return try transaction.pausePosts(until: nil, reason: Self.gone, now: now)
        }
        if isNews == true { onEvent(.gone) }
    }

    private func refuse(
        _ leased: LeasedPost, _ code: String, _ reason: String, isOfStore: Bool, _ retryAfter: Duration?
    ) async {
        pace { pace in
            if isOfStore { pace.noteFailure(of: leased.sequence, now: .now) } else { pace.noteAnswer() }
        }
        let delay = settings.schedule.delay(after: leased.attempts, spread: .random(in: 0...1))
        let retry = max(delay, retryAfter ?? .zero)
        let isPause = await record { transaction, now in
            try transaction.fail(leased, code: code, reason: reason, retryAt: now + retry.microseconds, now: now)
            guard let retryAfter, retryAfter > .zero else { return false }
            return try transaction.pausePosts(until: now + retryAfter.microseconds, reason: reason, now: now)
        }
        onEvent(.refused(.init(leased), code: code, reason: reason, retry: retry))
        if isPause == true, let retryAfter { onEvent(.paused(retryAfter, reason: reason)) }
    }

    /// What cannot be written down is taken again when the lease is over; nil then.
    @discardableResult
    private func record<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction, Int64) throws -> Value
    ) async -> Value? {
        do {
            return try await ledger.write(patience: Ledger.gathering) { try body($0, Timestamp.now().microseconds) }
        } catch {
            onEvent(.waiting(reason: "\(error)"))
            return nil
        }
    }
}
