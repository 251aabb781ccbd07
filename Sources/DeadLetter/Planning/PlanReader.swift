internal import Fleet
internal import Ledger
internal import Models

/// Judges every letter that is meant by the index and the bodies that the ledger keeps, page by page: no queue is touched.
struct PlanReader: Sendable {
    let ledger: ReplayLedger
    let interruption: Interruption
    private static let page = 500

    func read(_ errand: LetterErrand) async throws(ProgramError) -> ReplayPlan {
        var plan = ReplayPlan(rate: errand.rate)
        let (ids, filter) = (Set(errand.ids), errand.filter)
        var last: Int64 = 0
        var said = ContinuousClock.now
        var judged = 0
        while !interruption.isRequested {
            let (page, entries) = try await page(behind: last) { row in
                filter.matches(row) && (ids.isEmpty || ids.contains(row.id))
            }
            guard let end = page else { break }
            last = end
            for entry in entries { plan.add(flow: entry.flow, subject: entry.subject, entry.verdict) }
            judged += entries.count
            if !errand.isJSON, .now - said > .seconds(5) {
                remark("judged \(Count.text(judged, "letter"))")
                said = .now
            }
        }
        return plan
    }

    private struct Entry: Sendable {
        var flow: String
        var subject: String
        var verdict: LetterVerdict?
    }

    /// The number of the last letter of a page, nil when there is none, and those of it that are meant.
    private func page(
        behind number: Int64, where isMeant: (LetterRow) -> Bool
    ) async throws(ProgramError) -> (Int64?, [Entry]) {
        let page = try await ledger.read { snapshot in
            try snapshot.deadLetters(behind: number, state: .open, limit: Self.page)
        }
        let meant = page.map(\.record).filter { isMeant(LetterRow($0)) }
        let entries = try await ledger.read { snapshot in
            let (reader, judge) = (MessageReader(), LetterJudge())
            return try meant.map { record in
                Entry(
                    flow: record.flow, subject: record.subject ?? "",
                    verdict: try Self.verdict(record, reader, judge, snapshot))
            }
        }
        return (page.last?.number, entries)
    }

    private static func verdict(
        _ record: DeadLetterRecord, _ reader: MessageReader, _ judge: LetterJudge, _ snapshot: LedgerSnapshot
    ) throws -> LetterVerdict? {
        guard let id = record.payload, let kept = try snapshot.payload(id: id) else { return nil }
        var content: Received?
        var faults: [LetterFault] = []
        do throws(ContractError) {
            content = try reader.read(kept.body, IncomingMessage(kept.transport))
        } catch {
            faults = LetterFault.list(error)
        }
        return try judge.verdict(content, flow: record.flow, code: record.code, faults: faults, snapshot)
    }
}
