internal import Ledger
internal import Models

extension WebhookSender {
    private static let gone = "The store answered 410 Gone: it wants no posts any more."

    /// Writes down what came of a post, and says so.
    func settle(_ leased: LeasedPost, _ answer: WebhookAnswer) async {
        switch answer {
        case .delivered: await finish(leased)
        case .gone: await endPosts(leased)
        case .none:
            await absence?.gaveUp()
            await record { transaction, now in try transaction.release(leased, now: now) }
        case .refused(let code, let reason, let fault, let retryAfter):
            if await isAway(leased, code, reason, fault) {
                await giveBack(leased, code, reason, retryAfter)
            } else {
                await refuse(leased, code, reason, retryAfter)
            }
        }
    }

    private func finish(_ leased: LeasedPost) async {
        pace { $0.noteAnswer() }
        await absence?.answered()
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
        await absence?.answered()
        let isNews = await record { transaction, now in
            try transaction.fail(leased, code: "webhook.status.410", reason: Self.gone, retryAt: now, now: now)
            return try transaction.pausePosts(until: nil, reason: Self.gone, now: now)
        }
        if isNews == true { onEvent(.gone) }
    }

    // MARK: - Refusals

    /// Whether it was not taken because the store is away, and everybody knows that now.
    private func isAway(
        _ leased: LeasedPost, _ code: String, _ reason: String, _ fault: WebhookAnswer.Fault
    ) async -> Bool {
        guard case .absence(let isCertain) = fault else {
            pace { pace in
                if fault == .store { pace.noteFailure(of: leased.sequence, now: .now) } else { pace.noteAnswer() }
            }
            await absence?.answered()
            return false
        }
        let isLikely = pace { pace in
            pace.noteFailure(of: leased.sequence, now: .now)
            return pace.isOutage
        }
        guard let absence, isCertain || isLikely || absence.isKnown,
            await absence.failed(code: code, reason: reason)
        else { return false }
        pace { $0.noteAnswer() }
        return true
    }

    /// It is the store's fault alone, so that no try is counted, and it is due again as soon as the store is tried.
    private func giveBack(_ leased: LeasedPost, _ code: String, _ reason: String, _ retryAfter: Duration?) async {
        let isPause = await record { transaction, now in
            try transaction.giveBack(leased, code: code, reason: reason, now: now)
            return try transaction.pausePosts(for: retryAfter, reason: reason, now: now)
        }
        onEvent(.away(.init(leased), code: code, reason: reason))
        if isPause == true, let retryAfter { onEvent(.paused(retryAfter, reason: reason)) }
    }

    private func refuse(_ leased: LeasedPost, _ code: String, _ reason: String, _ retryAfter: Duration?) async {
        let delay = settings.schedule.delay(after: leased.attempts, spread: .random(in: 0...1))
        let retry = max(delay, retryAfter ?? .zero)
        let isPause = await record { transaction, now in
            try transaction.fail(leased, code: code, reason: reason, retryAt: now + retry.microseconds, now: now)
            return try transaction.pausePosts(for: retryAfter, reason: reason, now: now)
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

extension LedgerTransaction {
    /// The store asks to be left alone for so long; whether that is longer than was known.
    fileprivate func pausePosts(for time: Duration?, reason: String, now: Int64) throws -> Bool {
        guard let time, time > .zero else { return false }
        return try pausePosts(until: now + time.microseconds, reason: reason, now: now)
    }
}
