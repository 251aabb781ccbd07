internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Which look at what is not equal it is.
enum Look: Hashable, Sendable {
    /// Before anything has had time to arrive: whether there is any need to wait.
    case first
    /// After that: everything is judged.
    case judging
    /// Once more at what could not be judged, for it was changing.
    case again
}

// What was found is looked at again when it has had time to settle, with what the ERP has changed meanwhile.
extension ReconcileRun {
    /// What has changed each time by then is said to be on its way.
    static let mostLooks = 3

    /// Waits, reads and looks, until everything is judged.
    func settle(_ works: inout [Work]) async throws {
        var look = Look.judging
        for _ in 0..<Self.mostLooks {
            var due: [Int] = []
            for index in works.indices where try await isDue(works[index], look) { due.append(index) }
            if look == .again, due.isEmpty { return }
            if !due.isEmpty, options.settle > .zero {
                progress.say("Waiting for what is on its way …")
                try await interruption.sleep(for: options.settle)
            }
            let empty = due.isEmpty ? [] : await emptyFlows()
            for index in due {
                try await readAgain(&works[index])
                try await self.look(&works[index], look, empty)
                try await count(&works[index])
            }
            for index in works.indices where look == .judging && !due.contains(index) {
                try await count(&works[index])
            }
            look = .again
        }
    }

    /// What only has to arrive needs time: without any there is no use in looking again.
    private func isDue(_ work: Work, _ look: Look) async throws -> Bool {
        let hasTime = options.settle > .zero
        return try await work.scratch.ledger.read { snapshot in
            guard look == .again else { return try snapshot.findingCount() > 0 }
            if try snapshot.waits(for: .everything) { return true }
            return try hasTime && snapshot.waits(for: .changes)
        }
    }

    /// What the ERP has changed since everything was read, or everything once more.
    private func readAgain(_ work: inout Work) async throws {
        try await work.scratch.ledger.write { try $0.forgetFresh() }
        let isWhole = try await work.scratch.ledger.read { try $0.waits(for: .everything) }
        guard work.isListed else { return try await askAgain(&work) }
        if isWhole {
            let number = work.listings.count + 1
            _ = try await reading(work).read(listing: number, isAgain: true)
            work.listings.count = number
        } else {
            // From there each time: a change may appear behind a cursor that has passed it.
            _ = try await reading(work).read(since: work.cursor, listing: work.listings.count, isAgain: true)
        }
        work.listings.isLastWhole = isWhole
    }

    /// An ERP may leave out a warehouse by mistake, as it may leave out a row.
    private func askAgain(_ work: inout Work) async throws {
        let name = work.stream.warehouse ?? ""
        guard try await erp.warehouses().contains(name) else {
            work.listings.count += 1
            work.listings.isLastWhole = true
            return
        }
        work.isListed = true
        work.cursor = try await reading(work).read(listing: 1, isAgain: true)
        (work.listings.count, work.listings.isLastWhole) = (1, true)
        let read = try await work.scratch.ledger.read { try $0.notedCount() }
        (work.part.read, work.part.compared) = (read, try await comparison(work).compare())
    }

    /// Looks closely at what was put down, and writes down what is left of it.
    func look(_ work: inout Work, _ look: Look, _ empty: Set<String> = []) async throws {
        var excuses = Excuses(
            stream: work.stream, real: real, scratch: work.scratch, emptyFlows: empty, listings: work.listings)
        excuses.erasures = try await real.read { try Erasures($0) }
        excuses.named = options.repair?.only ?? []
        var last: Candidate?
        while true {
            let start = last
            let page = try await work.scratch.ledger.read {
                try $0.findings(after: start, limit: 200, isUnsettled: look == .again)
            }
            guard let end = page.last else { return }
            last = end.candidate
            let unanswered = try await unanswered(page, empty)
            var judged: [(Candidate, Finding?)] = []
            for one in page {
                try interruption.check()
                judged.append((one.candidate, try await judge(one, unanswered[one.key], look, excuses, work)))
            }
            let done = judged
            try await work.scratch.ledger.write { transaction in
                for (candidate, finding) in done {
                    if let finding { try transaction.keep(finding) } else { try transaction.drop(candidate) }
                }
            }
            guard look != .first else { continue }
            if look == .again { work.part.forgetSamples(of: done.map { $0.0 }) }
            for (_, finding) in done {
                if let finding { work.part.sample(finding, atMost: options.samples) }
            }
        }
    }

    /// Nil when it is equal after all.
    private func judge(
        _ one: KeptFinding, _ unanswered: UnansweredOrder?, _ look: Look, _ excuses: Excuses, _ work: Work
    ) async throws -> Finding? {
        let comparison = comparison(work, asks: look != .first)
        guard let found = try await comparison.classify(one.candidate, unanswered: unanswered) else { return nil }
        var finding = try await excuses.excuse(found, before: one.standing)
        if finding.isDrift, look != .first { finding.step = try await repairs(work).step(for: finding) }
        return finding
    }

    /// The orders of a page that the ERP has never answered, with what keeps them: asked for together.
    private func unanswered(
        _ page: [KeptFinding], _ empty: Set<String>
    ) async throws -> [ShownKey: UnansweredOrder] {
        let numbers = page.filter { $0.kind == .onlineOrder }.map(\.subject)
        guard options.hasTables, !numbers.isEmpty else { return [:] }
        let (now, settle) = (Timestamp.now().microseconds, options.settle)
        let isEmpty = empty.contains(Catalogue.orderPlaced.queue)
        let orders = try await real.read { try $0.unansweredOrders(numbers, now: now) }
        return orders.mapValues { $0.judged(at: now, settle: settle, isQueueEmpty: isEmpty) }
    }

    private func count(_ work: inout Work) async throws {
        let (counts, unreadable) = try await work.scratch.ledger.read { snapshot in
            (try snapshot.findingCounts(), try snapshot.unreadableCount())
        }
        work.part.counts = counts.outcomes
        work.part.counts[.equal] = max(0, work.part.compared - counts.outcomes.values.reduce(0, +))
        (work.part.repairable, work.part.unreadable) = (counts.repairable, unreadable)
        work.part.isComplete = true
    }
}

extension ReconcileReport.Part {
    /// Shows the object among the first, drift first.
    fileprivate mutating func sample(_ finding: Finding, atMost limit: Int) {
        let drifts = driftedSamples
        guard (finding.isDrift ? drifts : samples.count - drifts) < limit else { return }
        samples.insert(finding, at: finding.isDrift ? drifts : samples.endIndex)
    }

    /// How many of them drifted. They come first, so that not all have to be looked at for each of a million findings.
    private var driftedSamples: Int {
        var (start, end) = (0, samples.count)
        while start < end {
            let middle = start + (end - start) / 2
            if samples[middle].isDrift { start = middle + 1 } else { end = middle }
        }
        return start
    }

    /// What was said of them before does not hold any more.
    fileprivate mutating func forgetSamples(of candidates: [Candidate]) {
        let judged = Set(candidates)
        samples.removeAll { judged.contains(Candidate(kind: $0.kind, key: $0.key, subject: $0.subject)) }
    }
}
