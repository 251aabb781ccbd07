internal import ERP
internal import Fleet
internal import Ledger
internal import Models

extension Effect {
    /// The ERP has the order: remember its number and tell the store.
    static func answered(_ order: Order, by erpOrder: ERPOrder) -> Effect {
        Effect(state: erpOrder.state.rawValue, reference: erpOrder.erpNumber) { transaction in
            try transaction.addAliases(of: order, as: erpOrder)
            let hasSettled = try transaction.settleEstimates(of: order, by: erpOrder)
            guard try !transaction.hasHeard(of: erpOrder, hasSettled) else { return [] }
            try transaction.noteTold(erpOrder)
            return try transaction.tell(order, at: erpOrder.changedAt) { revision in
                try transaction.settled(erpOrder.status(revision: revision), at: erpOrder.storeRevision)
            }
        }
    }

    /// The ERP's final no to an order it does not have: the store hears it, and no person has to.
    static func declined(_ order: Order, _ reason: OrderStatus.Reason) -> Effect {
        Effect(state: OrderStatus.State.rejected.rawValue, reference: nil) { transaction in
            try transaction.addAliases(of: order)
            return try transaction.tell(order) { .rejected(order, revision: $0, reason: reason) }
        }
    }

    /// Cancelled before the ERP has heard of it: nobody was called, and the store is answered as if the ERP had cancelled it.
    static func cancelledUnheard(_ order: Order) -> Effect {
        Effect(state: OrderStatus.State.cancelled.rawValue, reference: nil) { transaction in
            try transaction.addAliases(of: order)
            return try transaction.tell(order) { .cancelledUnheard(order, revision: $0) }
        }
    }

    /// The ERP does not take this revision: the order stands as the ERP has it, and the store hears why.
    static func standing(_ order: Order, known: ERPOrder, _ reason: OrderStatus.Reason) -> Effect {
        Effect(state: known.state.rawValue, reference: known.erpNumber) { transaction in
            try transaction.addAliases(of: order, as: known)
            // What is told now may be older than what was: then the feed has to tell that again.
            try transaction.resetTold(known)
            try transaction.settle(known)
            return try transaction.tell(order, at: known.changedAt) { revision in
                let status = known.standingStatus(revision: revision, answering: order, reason: reason)
                return try transaction.settled(status, at: known.storeRevision)
            }
        }
    }
}

extension LedgerTransaction {
    /// The names that lead to the order, the ERP's own among them once it has one. An account's number is folded where
    /// the account itself is told.
    func addAliases(of order: Order, as erpOrder: ERPOrder? = nil, folding: Bool = false) throws {
        let family = Catalogue.orderPlaced.family
        if let erpOrder {
            try addAlias(kind: "erp-number", value: erpOrder.erpNumber, family: family, subject: order.number)
        }
        if let number = order.purchaseOrderNumber {
            try addAlias(kind: "po-number", value: number, family: family, subject: order.number, folding: folding)
        }
        try addAlias(
            kind: "email", value: order.contact.email, family: family, subject: order.number, folding: folding)
        if case .account(let account) = order.customer {
            try addAlias(kind: "account", value: account, family: family, subject: order.number)
        }
    }

    /// The figures that the order had estimated, and what the ERP charges for them; true when it did not say so before.
    fileprivate func settleEstimates(of order: Order, by erpOrder: ERPOrder) throws -> Bool {
        // The ERP may stand at a newer revision already, which has estimates of its own.
        guard erpOrder.storeRevision == order.revision else { return try settle(erpOrder) }
        try noteEstimates(of: order, at: .now())
        return try !order.fallbacks.isEmpty && settle(erpOrder)
    }

    /// Whether the feed was quicker, and has told this state of the order or a newer one. It had no estimates to settle then:
    /// the same state is told once more with them, a newer one has them when it is told next.
    fileprivate func hasHeard(of order: ERPOrder, _ hasSettled: Bool) throws -> Bool {
        let (family, number) = (Catalogue.orderStatus.family, order.storeNumber)
        let told = try toldRevision(family: family, subject: number)
        guard told == order.version else { return told > order.version }
        return try !hasSettled
            && hasFed(
                family: family, subject: number, revision: order.version, answering: order.storeRevision)
    }

    /// What the store hears now need not come by the feed as well.
    fileprivate func noteTold(_ order: ERPOrder) throws {
        try noteTold(family: Catalogue.orderStatus.family, subject: order.storeNumber, revision: order.version)
    }

    fileprivate func resetTold(_ order: ERPOrder) throws {
        try forgetTold(family: Catalogue.orderStatus.family, subject: order.storeNumber)
        try noteTold(order)
    }

    /// The `order.status.v1` that follows, at the next revision of this order's status.
    ///
    /// The revision comes from the ledger, because a status can change without the ERP's order changing (a refused
    /// amendment) and the other way round.
    fileprivate func tell(
        _ order: Order, at time: Timestamp? = nil, status: (_ revision: Int64) throws -> OrderStatus
    ) throws -> [FollowUp] {
        let type = Catalogue.orderStatus
        let status = try status(nextRevision(family: type.family, subject: order.number))
        try noteAnswered(family: type.family, subject: order.number, revision: status.answeredRevision)
        return [FollowUp(type: type, payload: status, time: time)]
    }
}
