internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

// What is not equal at first sight is looked at closely, one object after the other: as it is now on both sides.
extension StreamComparison {
    /// An object as it is on both sides.
    private enum Sight {
        case equal
        case unequal(Finding)
        /// The ERP does not list it.
        case unlisted(Finding, isShown: Bool)
    }

    /// What is the matter with an object; nil when nothing is.
    func classify(_ one: Candidate) async throws -> Finding? {
        switch try await sight(one) {
        case .equal: return nil
        case .unequal(let finding): return finding
        case .unlisted(let finding, let isShown):
            guard one.kind == .onlineOrder else { return try await unlisted(finding, isShown: isShown) }
            return try await unlistedOrder(finding)
        }
    }

    private func sight(_ one: Candidate) async throws -> Sight {
        guard hasTables else { return try await toldSight(one) }
        let tables = tables(one.kind)
        let (expected, expectedRows, noted) = try await scratch.ledger.read { snapshot in
            (
                try tables.object(one.key, snapshot), try tables.rows(one.key, snapshot),
                try snapshot.notedObject(one.kind, one.subject)
            )
        }
        let (shown, shownRows, standing) = try await real.read { snapshot in
            (
                try tables.object(one.key, snapshot), try tables.rows(one.key, snapshot),
                try snapshot.standing(of: one.subject, one.kind.type)
            )
        }
        let digest = "\(expected?.digest.description ?? "-")/\(shown?.digest.description ?? "-")"
        var finding = Finding(kind: one.kind, key: one.key, subject: one.subject, what: .differing, digest: digest)
        finding.standing = standing
        guard let expected else { return .unlisted(finding, isShown: shown != nil) }
        guard let shown else {
            finding.what = .missingInStore
            return .unequal(finding)
        }
        if let missed = tables.missedAnswer(expected: expectedRows.answered, shown: shownRows.answered) {
            finding.differences = [missed]
        }
        guard expected.digest != shown.digest else { return finding.differences.isEmpty ? .equal : .unequal(finding) }
        finding.differences += tables.differences(expected: expectedRows, shown: shownRows)
        // What is left of its parts shows nobody anything.
        if shownRows.lackItself, !expectedRows.lackItself { finding.what = .missingInStore }
        let isRefusal = tables.isRefusal(finding.differences, expected: expectedRows, shown: shownRows)
        // Of what the ERP has done since it refused, the store has to hear.
        let isNewest = noted.map { $0.version <= standing.told } ?? true
        return isRefusal && isNewest ? .equal : .unequal(finding)
    }

    private func toldSight(_ one: Candidate) async throws -> Sight {
        let noted = try await scratch.ledger.read { try $0.notedObject(one.kind, one.subject) }
        let (shown, standing) = try await real.read { snapshot in
            (
                try snapshot.shownRevision(of: one.subject, one.kind),
                try snapshot.standing(of: one.subject, one.kind.type)
            )
        }
        var finding = Finding(kind: one.kind, key: one.key, subject: one.subject, what: .differing)
        finding.standing = standing
        finding.digest = "\(noted.map { String($0.revision) } ?? "-")/\(shown)"
        guard let noted else { return .unlisted(finding, isShown: shown > 0) }
        guard shown < noted.revision else { return .equal }
        finding.what = shown == 0 ? .missingInStore : .differing
        finding.differences = [
            ShownDifference(
                table: "revision", column: nil,
                values: .init(expected: String(noted.revision), shown: shown == 0 ? nil : String(shown)))
        ]
        return .unequal(finding)
    }

    /// What has been withdrawn is equal: the store shows it as gone.
    private func unlisted(_ finding: Finding, isShown: Bool) async throws -> Finding? {
        var finding = finding
        finding.what = .orphaned
        guard isShown, try await !isWithdrawn(finding) else { return nil }
        let subject = finding.subject
        let isNameless = try await scratch.ledger.read { try $0.unreadableReason(subject, orNameless: true) }
        finding.excuse = isNameless.map { .explained("the ERP's row cannot be read: \($0)") }
        if finding.excuse == nil, let end = try await end(of: finding) { finding.excuse = .over(end) }
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

    /// How an order keyed in the ERP, or the one of a shipment, has ended, so that the ERP need not keep it; nil when it has
    /// not, or the ERP still has it.
    private func end(of finding: Finding) async throws -> OrderStatus.State? {
        guard hasTables, finding.kind == .offlineOrder || finding.kind == .shipment else { return nil }
        let (kind, subject) = (finding.kind, finding.subject)
        let order = try await real.read { snapshot -> (number: String, origin: String)? in
            guard kind == .shipment else { return (number: subject, origin: "offline") }
            return try snapshot.first("SELECT number, origin FROM store_shipment WHERE id = ?", .text(subject)) {
                (number: $0.text(0), origin: $0.text(1))
            }
        }
        guard let order else { return nil }
        let state = try await real.read { try $0.shownOrderState(order.number, origin: order.origin) }
        guard let state, state.isFinal else { return nil }
        guard asks, order.origin == "online" else { return state }
        if case .success(.none) = try await find(order.number) { return state }
        return nil
    }

    /// The store's own order: the ERP may have it though it does not list it, need not have what it has not answered, and need
    /// not keep what is over.
    private func unlistedOrder(_ finding: Finding) async throws -> Finding? {
        var finding = finding
        let number = finding.subject
        let (standing, progress, fleet) = try await real.read { [hasTables] snapshot in
            (
                try snapshot.orderStanding(number, hasTables: hasTables),
                try snapshot.orderProgress(number, hasTables: hasTables), try snapshot.standing(ofOrder: number)
            )
        }
        finding.what = standing.isHandedOver ? .missingInERP : .orphaned
        finding.standing = fleet
        guard standing.isHandedOver || standing.hasERPNumber else { return nil }
        guard asks else { return finding }
        switch try await find(number) {
        case .success(.some(let order)): return try await compare(order, finding)
        case .success(.none):
            if case .finished(let state) = progress { finding.excuse = .over(state) }
        case .failure(let error): finding.excuse = .explained("the ERP cannot say: \(error.sentence)")
        }
        return finding
    }

    /// An order that the ERP finds and does not list is compared as if it were listed.
    private func compare(_ order: ERPOrder, _ finding: Finding) async throws -> Finding? {
        var finding = finding
        let object: ListedObject
        do throws(ContractError) {
            object = try ListedObject(DatedChange(.order(order), at: order.changedAt), shift: 0, at: .now())
        } catch {
            finding.excuse = .explained("what the ERP says of it cannot be told: \(error.sentence)")
            return finding
        }
        try await scratch.add(ListedPage(objects: [object]), listing: .max, isAgain: false)
        switch try await sight(Candidate(kind: finding.kind, key: finding.key, subject: finding.subject)) {
        case .equal: return nil
        case .unequal(let found): return found
        case .unlisted:
            finding.excuse = .explained("what the ERP says of it cannot be shown: see `erp-feed gaps`")
            return finding
        }
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

extension Excuse {
    /// An order has come to its end, and the ERP keeps it no more.
    fileprivate static func over(_ state: OrderStatus.State) -> Excuse {
        .explained("finished (\(state.rawValue)), and the ERP keeps it no more")
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
