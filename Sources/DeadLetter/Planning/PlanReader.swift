internal import Fleet
internal import Ledger
internal import Models

/// Judges every letter that is meant by the index and the bodies that the ledger keeps, page by page: no queue is touched.
struct PlanReader: Sendable {
    let ledger: ReplayLedger
    let interruption: Interruption
    private static let page = 500

    func read(_ errand: LetterErrand) async throws(ProgramError) -> ReplayPlan {
        var plan = ReplayPlan(rate: errand.rate, recipe: errand.recipe, isForced: errand.isForced)
        let trial = errand.recipe.map { RecipeTrial($0, errand.order) }
        let (ids, filter) = (Set(errand.ids), errand.filter)
        var last: Int64 = 0
        var said = ContinuousClock.now
        var judged = 0
        while !interruption.isRequested {
            let (page, entries) = try await page(behind: last, trial) { row in
                filter.matches(row) && (ids.isEmpty || ids.contains(row.id))
            }
            guard let end = page else { break }
            last = end
            for entry in entries { entry.add(to: &plan) }
            judged += entries.count
            if !errand.isJSON, .now - said > .seconds(5) {
                remark("judged \(Count.text(judged, "letter"))")
                said = .now
            }
        }
        return plan
    }

    private struct Entry: Sendable {
        var id: String
        var flow: String
        var subject: String
        /// Nil where only the queue has the body.
        var finding: Finding?

        func add(to plan: inout ReplayPlan) {
            switch finding {
            case .misfit(let reason)?:
                plan.add(flow: flow, RecipeFindings.Misfit(id: id, subject: subject, reason: reason))
            case .judged(let verdict)?: plan.add(flow: flow, subject: subject, verdict)
            case nil: plan.add(flow: flow, subject: subject, nil)
            }
        }
    }

    private enum Finding: Sendable {
        case judged(LetterVerdict)
        /// The patch does not fit.
        case misfit(String)
    }

    /// The number of the last letter of a page, nil when there is none, and those of it that are meant.
    private func page(
        behind number: Int64, _ trial: RecipeTrial?, where isMeant: (LetterRow) -> Bool
    ) async throws(ProgramError) -> (Int64?, [Entry]) {
        // To correct a letter takes longer than to read it, and a snapshot should not be kept for long.
        let limit = trial == nil ? Self.page : Self.page / 10
        let page = try await ledger.read { snapshot in
            try snapshot.deadLetters(behind: number, state: .open, limit: limit)
        }
        let meant = page.map(\.record).filter { isMeant(LetterRow($0)) }
        let entries = try await ledger.read { snapshot in
            let judging = Judging(trial: trial, judge: try LetterJudge().knowing(snapshot))
            return try meant.map { record in
                Entry(
                    id: record.id, flow: record.flow, subject: record.subject ?? "",
                    finding: try judging.finding(record, snapshot))
            }
        }
        return (page.last?.number, entries)
    }

    /// Judges by the kept body.
    private struct Judging {
        let trial: RecipeTrial?
        let judge: LetterJudge

        func finding(_ record: DeadLetterRecord, _ snapshot: LedgerSnapshot) throws -> Finding? {
            guard let id = record.payload, let kept = try snapshot.payload(id: id) else { return nil }
            let letter = Letter(record, kept)
            guard let trial else { return .judged(try judge.verdict(letter, snapshot)) }
            switch try trial.outcome(of: letter, snapshot) {
            case .misfit(let reason): return .misfit(reason)
            case .judged(let verdict, _): return .judged(verdict)
            }
        }
    }
}
