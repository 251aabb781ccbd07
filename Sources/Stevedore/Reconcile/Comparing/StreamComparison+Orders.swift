internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

// The store's own orders, which the ERP is asked for one by one.
extension StreamComparison {
    /// The store's own order: the ERP may have it though it does not list it, need not have what it has not answered, and need
    /// not keep what is over.
    func unlistedOrder(_ finding: Finding, _ unanswered: UnansweredOrder?) async throws -> Finding? {
        var finding = finding
        let number = finding.subject
        let (standing, progress, fleet) = try await real.read { [hasTables] snapshot in
            (
                try snapshot.orderStanding(number, hasTables: hasTables),
                try snapshot.orderProgress(number, hasTables: hasTables), try snapshot.standing(ofOrder: number)
            )
        }
        finding.what = standing.isHandedOver || unanswered != nil ? .missingInERP : .orphaned
        finding.standing = fleet
        guard standing.isHandedOver || standing.hasERPNumber || unanswered != nil else { return nil }
        // Before the ERP is asked: of what waits there may be very much, and nothing of it is there.
        finding.excuse = unanswered?.excuse
        guard asks, finding.excuse == nil else { return finding }
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
    func find(_ number: String) async throws -> Result<ERPOrder?, ERPError> {
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
