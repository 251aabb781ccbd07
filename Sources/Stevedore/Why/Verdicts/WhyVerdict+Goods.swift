internal import Fleet
internal import Ledger

// What the ERP keeps and the store shows: products with their stock, accounts, shipments, prices.
extension WhyFacts {
    /// Stock that waits is no reason not to say how its product stands.
    var productVerdict: WhyVerdict {
        if let stopped = stop(on: toStore) { return stopped }
        let stopped = stockLegs.compactMap { stop(on: $0) }
        guard var first = stopped.first(where: { $0.code == "dead-letter.open" }) ?? stopped.first else {
            return obstacle ?? productAsTold
        }
        let others = stopped.count - 1
        if others > 0 {
            first.sentence += " The stock in \(Count.text(others, "other warehouse")) waits as well."
        }
        // What a person has decided to hold back is said alone, as it is of the product.
        if first.code != "feed.parked" { first.sentence += " \(productAsTold.sentence)" }
        return first
    }

    private var productAsTold: WhyVerdict {
        let stock = stockClause
        guard let product = shown.product else {
            guard let at = toStore.state?.appliedAt else {
                return WhyVerdict(
                    "product.unknown", "The ERP has told of no \(thing.name)\(stock); \(lastRead("products")).",
                    next: feedNext(stream), remedy: feedRemedy(stream))
            }
            return told(at)
        }
        if !product.isActive {
            let instead = product.replacement.map { "; instead there is \($0)" } ?? ""
            return WhyVerdict(
                "product.withdrawn",
                "\(title) (\(product.name)) is not sold any more since \(WhyTime.text(product.changedAt))\(instead)"
                    + "\(stock).",
                next: feedNext(stream), remedy: feedRemedy(stream))
        }
        let price = product.price.map { ", list price \($0)" } ?? ""
        return WhyVerdict(
            "product.sold",
            "\(title) (\(product.name)) is sold; the store was last told of it at \(toldAt(product.changedAt)), "
                + "revision \(product.revision)\(price)\(stock).",
            next: feedNext(stream), remedy: feedRemedy(stream))
    }

    /// When the store was told, by our own clock. What the row has is when it changed, by the ERP's.
    private func toldAt(_ changedAt: Int64) -> String { WhyTime.text(toStore.state?.appliedAt ?? changedAt) }

    private var stockClause: String {
        guard shown.isThere else { return toldStockClause }
        guard !shown.stocks.isEmpty else { return "; no warehouse has told of stock" }
        let said = shown.stocks.prefix(4).map { stock in
            let next = stock.nextReceipt.map { ", more on \($0)" } ?? ""
            return "\(stock.available) in \(stock.warehouse) (told at \(WhyTime.text(stock.shownAt))\(next))"
        }
        let more = shown.stocks.count - said.count
        return "; available: " + said.joined(separator: ", ")
            + (more > 0 ? " and in \(Count.text(more, "more warehouse"))" : "")
    }

    /// All that is known of stock where the store has no tables of its own.
    private var toldStockClause: String {
        let told = stockLegs.compactMap { leg in
            leg.state?.appliedAt.map { "\(WhyThing.warehouse(ofStock: leg.subject)) at \(WhyTime.text($0))" }
        }
        guard !told.isEmpty else { return "" }
        let more = told.count > 4 ? " and \(Count.text(told.count - 4, "more warehouse"))" : ""
        return "; stock was last told by " + told.prefix(4).joined(separator: ", ") + more
    }

    var accountVerdict: WhyVerdict {
        if let stopped = stop(on: toStore) ?? obstacle { return stopped }
        guard let account = shown.account else {
            guard let at = toStore.state?.appliedAt else {
                return WhyVerdict(
                    "account.unknown", "The ERP has told of no \(thing.name); \(lastRead("customers")).",
                    next: feedNext("customers"), remedy: feedRemedy("customers"))
            }
            return told(at)
        }
        let time = toldAt(account.changedAt)
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
        if let stopped = stop(on: toStore) ?? obstacle { return stopped }
        guard let shipment = shown.shipments.first else {
            guard let at = toStore.state?.appliedAt else {
                return WhyVerdict(
                    "shipment.unknown", "The ERP has told of no \(thing.name); \(lastRead("shipments")).",
                    next: feedNext("shipments"), remedy: feedRemedy("shipments"))
            }
            return told(at)
        }
        return WhyVerdict(
            "shipment.\(shipment.state)",
            "\(Self.capitalised(shipment.clause)), for order \(shipment.number); the store was told at "
                + "\(toldAt(shipment.changedAt)).",
            next: feedNext("shipments"), remedy: feedRemedy("shipments"))
    }

    var pricesVerdict: WhyVerdict {
        if let stopped = stop(on: toStore) ?? obstacle { return stopped }
        return told(toStore.state?.appliedAt ?? 0)
    }

    /// All that is known where the store has no tables of its own. What has yet to be posted it has not been told.
    func told(_ at: Int64) -> WhyVerdict {
        if let post = posts.first(where: { $0.family == toStore.family }) {
            return WhyVerdict(Self.toBePosted, "\(waiting(post)).", next: "A worker posts it by itself.")
        }
        let revision = toStore.state?.revision ?? 0
        return WhyVerdict(
            "told", "The store was last told of \(thing.name) at \(WhyTime.text(at)), revision \(revision).",
            next: feedNext(stream), remedy: feedRemedy(stream))
    }
}
