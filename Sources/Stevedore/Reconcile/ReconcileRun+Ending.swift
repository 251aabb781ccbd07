internal import Fleet
internal import Ledger
internal import Models

// What is done with what was found.
extension ReconcileRun {
    /// Everything that was found, page by page.
    func handOut(_ works: [Work]) async throws {
        for work in works {
            var last: Candidate?
            while true {
                let start = last
                let page = try await work.scratch.ledger.read { try $0.findings(after: start, limit: 200) }
                guard let end = page.last else { break }
                last = end.candidate
                try export(work.stream, page)
            }
        }
    }

    // MARK: - Remembering

    /// Writes down what has drifted, and what has not any more.
    func remember(_ works: inout [Work], at time: Timestamp) async throws {
        for index in works.indices { try await remember(&works[index], at: time.microseconds) }
        guard options.chosen.contains(.stock), options.warehouse == nil else { return }
        let kinds = Set(works.map(\.stream.description))
        try await real.write { try $0.forgetDrift(ofStreams: "stock/", otherThan: kinds) }
    }

    private func remember(_ work: inout Work, at now: Int64) async throws {
        let name = work.stream.description
        let sampled = Set(work.part.samples.map(\.subject))
        var (last, known): (Candidate?, [String: Bool]) = (nil, [:])
        while true {
            let start = last
            let page = try await work.scratch.ledger.read { try $0.findings(after: start, limit: 200) }
            guard let end = page.last else { break }
            last = end.candidate
            let drifted = page.filter(\.outcome.isDrift)
            let news = try await real.write { try $0.remember(drifted, in: name, at: now) }
            try await work.scratch.ledger.write { transaction in
                for (finding, isNew) in zip(drifted, news) { try transaction.keep(finding, isNew: isNew) }
            }
            work.part.news += news.count { $0 }
            for (finding, isNew) in zip(drifted, news) where sampled.contains(finding.subject) {
                known[finding.subject] = isNew
            }
        }
        _ = try await real.write { try $0.forgetDrift(of: name, notSeenAt: now) }
        for index in work.part.samples.indices where work.part.samples[index].isDrift {
            work.part.samples[index].isNew = known[work.part.samples[index].subject]
        }
    }

    // MARK: - Repairing

    /// Sends what repairs the drift, at a steady rate; what was sent when it is stopped stays sent.
    func carryOut(
        _ repair: ReconcileOptions.Repair, _ works: [Work], _ report: inout ReconcileReport.Repair?
    ) async throws {
        let planned = min(try await repairable(repair, works), repair.limit ?? .max)
        report?.planned = planned
        report?.isNarrowed = !repair.only.isEmpty
        guard planned > 0 else { return }
        for work in works { try await approve(repair, work) }
        if planned > ReconcileApproval.unasked { try repair.approve(planned) }
        try await record(repair, works, planned)
        var pace = Pace(perSecond: repair.rate)
        var left = planned
        for work in works where left > 0 {
            if work.stream.kind == .shipments { try await waitForOrders() }
            try await carryOut(repair, work, &pace, &left, &report)
        }
    }

    private func repairable(_ repair: ReconcileOptions.Repair, _ works: [Work]) async throws -> Int {
        guard !repair.only.isEmpty else { return works.reduce(0) { $0 + $1.part.repairable } }
        var count = 0
        for work in works {
            count += try await work.scratch.ledger.read { try $0.repairableCounts(of: repair.only).all }
        }
        return count
    }

    private func carryOut(
        _ repair: ReconcileOptions.Repair, _ work: Work, _ pace: inout Pace, _ left: inout Int,
        _ report: inout ReconcileReport.Repair?
    ) async throws {
        var last: Candidate?
        while left > 0 {
            let start = last
            let page = try await work.scratch.ledger.read { try $0.findings(after: start, limit: 200) }
            guard let end = page.last else { return }
            last = end.candidate
            for finding in page where finding.isPossible && repair.means(finding.subject) && left > 0 {
                let wait = ContinuousClock.now.duration(to: pace.due)
                if wait > .zero { try await interruption.sleep(for: wait) }
                try interruption.check()
                let end = try await repairs(work).carryOut(finding, repair.note, at: .now())
                pace.advance()
                left -= 1
                report?.add(end, of: finding.subject)
                progress.addRepair()
            }
        }
    }

    /// Where a feed would have a person look at what is missing, so does this: whatever part of it is to be withdrawn.
    private func approve(_ repair: ReconcileOptions.Repair, _ work: Work) async throws {
        let only = repair.only
        let (missing, listed) = try await work.scratch.ledger.read { snapshot in
            (
                try only.isEmpty ? snapshot.withdrawalCount() : snapshot.repairableCounts(of: only).withdrawals,
                try snapshot.notedCount()
            )
        }
        guard missing > 0 else { return }
        let name = work.stream.description
        let isMany = ManyWithdrawals.isMany(
            missing, of: listed + missing, percent: repair.rowsDropped, minimum: repair.minimum)
        let isHeld = try await real.read { try $0.feedMissesMany(in: name) }
        guard isMany || isHeld else { return }
        try repair.approveWithdrawals(
            ManyWithdrawals(stream: work.stream, missing: missing, known: listed + missing))
    }

    /// Before anything is sent, so that a run that is killed has left its trace.
    private func record(_ repair: ReconcileOptions.Repair, _ works: [Work], _ planned: Int) async throws {
        let kinds = works.filter { $0.part.repairable > 0 }.map { "\($0.stream): \($0.part.repairable)" }
        let action = OperatorAction(
            at: Timestamp.now().microseconds, by: repair.note.by, action: RepairNote.stage,
            reason: repair.note.reason, letters: planned,
            detail: kinds.joined(separator: ", ") + (repair.only.isEmpty ? "" : "; only what was named"))
        try await real.write { try $0.record(action) }
    }

    /// A shipment is shown only beside its order. Should that take longer, the shipment waits in its retry queue.
    private func waitForOrders() async throws {
        let end = ContinuousClock.now + options.settle
        while ContinuousClock.now < end, try await ordersWait() {
            try await interruption.sleep(for: .milliseconds(200))
        }
    }

    private func ordersWait() async throws -> Bool {
        let (status, offline) = (Catalogue.orderStatus.name, Catalogue.orderOffline.name)
        return try await real.read { snapshot in
            try snapshot.first(
                "SELECT 1 FROM outbox WHERE type IN (?, ?) LIMIT 1", .text(status), .text(offline)
            ) { $0.integer(0) } != nil
        }
    }
}

extension LedgerTransaction {
    /// Writes down what has drifted; says of each whether it is news.
    fileprivate func remember(_ findings: [KeptFinding], in stream: String, at now: Int64) throws -> [Bool] {
        try findings.map { finding in
            try remember(
                Drift(
                    kind: stream, subject: finding.subject, what: finding.what, digest: finding.digest, since: now,
                    seenAt: now))
        }
    }
}
