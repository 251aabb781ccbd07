internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

// What is not equal at first sight is looked at closely, one object after the other: as it is now on both sides.
extension StreamComparison {
    /// What is the matter with an object; nil when nothing is.
    func classify(_ one: Candidate) async throws -> Finding? {
        guard hasTables else { return try await classifyTold(one) }
        let tables = tables(one.kind)
        let (expected, expectedRows) = try await scratch.ledger.read { snapshot in
            (try tables.object(one.key, snapshot), try tables.rows(one.key, snapshot))
        }
        let (shown, shownRows) = try await real.read { snapshot in
            (try tables.object(one.key, snapshot), try tables.rows(one.key, snapshot))
        }
        let digest = "\(expected?.digest.description ?? "-")/\(shown?.digest.description ?? "-")"
        var finding = Finding(kind: one.kind, key: one.key, subject: one.subject, what: .differing, digest: digest)
        switch (expected, shown) {
        case (let expected?, let shown?):
            guard expected.digest != shown.digest else { return nil }
            finding.differences = tables.differences(expected: expectedRows, shown: shownRows)
            guard !tables.isRefusal(finding.differences, expected: expectedRows, shown: shownRows) else { return nil }
        case (.some, nil): finding.what = .missingInStore
        case (nil, _): return try await unlisted(finding, isShown: shown != nil)
        }
        return finding
    }

    private func classifyTold(_ one: Candidate) async throws -> Finding? {
        let noted = try await scratch.ledger.read { try $0.notedObject(one.kind, one.subject) }
        let shown = try await real.read { try $0.shownRevision(of: one.subject, one.kind) }
        var finding = Finding(kind: one.kind, key: one.key, subject: one.subject, what: .differing)
        finding.digest = "\(noted.map { String($0.revision) } ?? "-")/\(shown)"
        guard let noted else { return try await unlisted(finding, isShown: shown > 0) }
        guard shown < noted.revision else { return nil }
        finding.what = shown == 0 ? .missingInStore : .differing
        finding.differences = [
            ShownDifference(
                table: "revision", column: nil,
                values: .init(expected: String(noted.revision), shown: shown == 0 ? nil : String(shown)))
        ]
        return finding
    }

    /// The ERP does not list it. What has been withdrawn is equal: the store shows it as gone.
    private func unlisted(_ finding: Finding, isShown: Bool) async throws -> Finding? {
        var finding = finding
        finding.what = .orphaned
        if finding.kind == .onlineOrder { return try await unlistedOrder(finding) }
        guard isShown, try await !isWithdrawn(finding) else { return nil }
        let subject = finding.subject
        let isNameless = try await scratch.ledger.read { try $0.unreadableReason(subject, orNameless: true) }
        finding.excuse = isNameless.map { .explained("the ERP's row cannot be read: \($0)") }
        return finding
    }

    private func isWithdrawn(_ finding: Finding) async throws -> Bool {
        guard stream.kind.hasWithdrawals else { return false }
        let (changes, name, keys) = (stream.kind.changes, stream.description, finding.key.parts)
        let subject = finding.subject
        return try await real.read { [hasTables] snapshot in
            guard hasTables else { return try snapshot.isListedGone(subject, in: name) }
            let told = try snapshot.has("told") ? snapshot.toldRevision(family: changes.family, subject: subject) : 0
            let today = String(Timestamp.now().description.prefix(10))
            let withdrawal = try changes.withdrawal(
                of: keys, isAgain: false, after: told, today: today, shown: snapshot)
            if case .needless = withdrawal { return true }
            return false
        }
    }

    /// The store's own order: the ERP may have it though it does not list it, and need not have what it has not answered.
    private func unlistedOrder(_ finding: Finding) async throws -> Finding? {
        var finding = finding
        let number = finding.subject
        let standing = try await real.read { [hasTables] in try $0.orderStanding(number, hasTables: hasTables) }
        guard standing.isHandedOver || standing.hasERPNumber else { return nil }
        switch try await find(number) {
        case .success(.some): return nil
        case .success(.none): finding.what = standing.isHandedOver ? .missingInERP : .orphaned
        case .failure(let error): finding.excuse = .explained("the ERP cannot say: \(error.sentence)")
        }
        return finding
    }

    /// Only an ERP that stays away ends the run.
    private func find(_ number: String) async throws -> Result<ERPOrder?, ERPError> {
        var tries = 0
        while true {
            try listing.interruption.check()
            do throws(ERPError) {
                return .success(try await listing.erp.findOrder(number: number))
            } catch {
                tries += 1
                if let pause = ERPListing.pause(after: error, tries: tries) {
                    try await listing.interruption.sleep(for: pause)
                    continue
                }
                guard case .unavailable(_, .answer) = error else { throw error }
                return .failure(error)
            }
        }
    }
}

/// How far the store's own order has gone, as the ledger knows.
private struct OrderStanding: Sendable {
    /// The ERP has answered it with its own number.
    var isHandedOver: Bool
    /// The store shows such a number.
    var hasERPNumber: Bool
}

extension LedgerSnapshot {
    fileprivate func orderStanding(_ number: String, hasTables: Bool) throws -> OrderStanding {
        let state = try subjectState(family: Catalogue.orderPlaced.family, subject: number)
        var standing = OrderStanding(isHandedOver: state?.reference != nil, hasERPNumber: false)
        guard hasTables else { return standing }
        standing.hasERPNumber =
            try first(
                "SELECT 1 FROM store_order WHERE number = ? AND origin = 'online' AND erp_number IS NOT NULL",
                .text(number)
            ) { $0.integer(0) } != nil
        return standing
    }
}
