internal import Fleet
internal import Ledger

// What the ERP keeps and the store shows: products with their stock, accounts, shipments, prices.
extension WhyFacts {
    var productVerdict: WhyVerdict {
        if let stopped = delay(on: toStore, "The newest state of \(thing.name)") ?? obstacle { return stopped }
        let stock = stockClause
        guard let product = shown.product else {
            guard let at = toStore.state?.appliedAt else {
                return WhyVerdict(
                    "product.unknown", "The ERP has told of no \(thing.name)\(stock); \(lastRead("products")).",
                    next: feedNext("products"), remedy: feedRemedy("products"))
            }
            return told(at)
        }
        if !product.isActive {
            let instead = product.replacement.map { "; instead there is \($0)" } ?? ""
            return WhyVerdict(
                "product.withdrawn",
                "\(title) (\(product.name)) is not sold any more since \(WhyTime.text(product.changedAt))\(instead)"
                    + "\(stock).",
                next: feedNext("products"), remedy: feedRemedy("products"))
        }
        let price = product.price.map { ", list price \($0)" } ?? ""
        return WhyVerdict(
            "product.sold",
            "\(title) (\(product.name)) is sold; the store was last told of it at \(WhyTime.text(product.changedAt)), "
                + "revision \(product.revision)\(price)\(stock).",
            next: feedNext("products"), remedy: feedRemedy("products"))
    }

    private var stockClause: String {
        guard !shown.stocks.isEmpty else { return "; no warehouse has told of stock" }
        let said = shown.stocks.prefix(4).map { stock in
            let next = stock.nextReceipt.map { ", more on \($0)" } ?? ""
            return "\(stock.available) in \(stock.warehouse) (told at \(WhyTime.text(stock.shownAt))\(next))"
        }
        let more = shown.stocks.count - said.count
        return "; available: " + said.joined(separator: ", ")
            + (more > 0 ? " and in \(Count.text(more, "more warehouse"))" : "")
    }

    var accountVerdict: WhyVerdict {
        if let stopped = delay(on: toStore, "The newest state of \(thing.name)") ?? obstacle { return stopped }
        guard let account = shown.account else {
            guard let at = toStore.state?.appliedAt else {
                return WhyVerdict(
                    "account.unknown", "The ERP has told of no \(thing.name); \(lastRead("customers")).",
                    next: feedNext("customers"), remedy: feedRemedy("customers"))
            }
            return told(at)
        }
        let time = WhyTime.text(account.changedAt)
        let lastTold = "the store was last told of it at \(time), revision \(account.revision)"
        let (code, sentence) = Self.standing(of: account)
        return WhyVerdict(
            code, "\(title) (\(account.name)) \(sentence); \(lastTold).", next: feedNext("customers"),
            remedy: code == "account.hold"
                ? "Lift the hold in the ERP, or have the buyer prepay." : feedRemedy("customers"))
    }

    private static func standing(of account: WhyShown.Account) -> (code: String, sentence: String) {
        if !account.isActive { return ("account.inactive", "may not buy") }
        if let hold = account.hold { return ("account.hold", "gets nothing on credit: \(bare(hold))") }
        let terms = account.terms.map { " on terms \($0)" } ?? ""
        let way = account.mayPayLater ? "may buy, against its own purchase orders" : "may buy, but not on account"
        return ("account.active", way + terms)
    }

    var shipmentVerdict: WhyVerdict {
        if let stopped = delay(on: toStore, title) ?? obstacle { return stopped }
        guard let shipment = shown.shipments.first else {
            guard let at = toStore.state?.appliedAt else {
                return WhyVerdict(
                    "shipment.unknown", "The ERP has told of no \(thing.name); \(lastRead("shipments")).",
                    next: feedNext("shipments"), remedy: feedRemedy("shipments"))
            }
            return told(at)
        }
        let clause = shipment.clause.prefix(1).uppercased() + shipment.clause.dropFirst()
        return WhyVerdict(
            "shipment.\(shipment.state)",
            "\(clause), for order \(shipment.number); the store was told at \(WhyTime.text(shipment.changedAt)).",
            next: feedNext("shipments"), remedy: feedRemedy("shipments"))
    }

    var pricesVerdict: WhyVerdict {
        if let stopped = delay(on: toStore, title) ?? obstacle { return stopped }
        return told(toStore.state?.appliedAt ?? 0)
    }

    /// All that is known where the store has no tables of its own.
    private func told(_ at: Int64) -> WhyVerdict {
        let revision = toStore.state?.revision ?? 0
        return WhyVerdict(
            "told", "The store was last told of \(thing.name) at \(WhyTime.text(at)), revision \(revision).",
            next: feedNext(thing.stream), remedy: feedRemedy(thing.stream))
    }
}
