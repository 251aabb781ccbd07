internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Fills a stream's scratch ledger with what the ERP lists.
struct StreamReading: Sendable {
    let stream: ReconcileStream
    let listing: ERPListing
    let real: Ledger
    let scratch: ScratchLedger
    let progress: ReconcileProgress

    /// All of the stream, or what has changed since `cursor`. Returns where it goes on.
    /// - Parameters:
    ///   - listing: The number of this reading of everything, or of the last one.
    ///   - isAgain: Whether the stream was read before.
    func read(since cursor: String? = nil, listing number: Int, isAgain: Bool) async throws -> String? {
        try await listing.read(stream, since: cursor) { changes, now in
            let page = try await listed(changes, now)
            try await scratch.add(page, listing: number, isAgain: isAgain)
            progress.add(page.count, to: stream)
        }
    }

    private func listed(_ changes: ERPChanges, _ now: Timestamp) async throws -> ListedPage {
        let shifts = try await shifts(of: changes.changes)
        var page = ListedPage()
        page.unreadable = changes.unreadable.map { ListedPage.Unreadable(subject: $0.key ?? "", reason: $0.reason) }
        for change in changes.changes {
            do throws(ContractError) {
                let shift = shifts[change.what.subject] ?? 0
                page.objects.append(try ListedObject(change, shift: shift, at: now))
            } catch {
                page.unreadable.append(.init(subject: change.what.subject, reason: error.sentence))
            }
        }
        return page
    }

    /// How far ahead of the ERP the store is told objects that had been gone.
    private func shifts(of changes: [DatedChange]) async throws -> [String: Int64] {
        guard stream.kind.hasWithdrawals, !changes.isEmpty else { return [:] }
        return try await real.read { [stream] snapshot in
            guard try snapshot.has("feed_listed"), try snapshot.has("told") else { return [:] }
            var shifts: [String: Int64] = [:]
            for change in changes {
                let (what, name) = (change.what, stream.description)
                let shift = try snapshot.listedShift(
                    of: what.subject, version: what.revision, family: what.family, in: name)
                if shift != 0 { shifts[what.subject] = shift }
            }
            return shifts
        }
    }
}
