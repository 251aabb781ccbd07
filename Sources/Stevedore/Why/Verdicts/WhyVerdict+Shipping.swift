internal import Fleet

// What is said of an order's shipments: those that are shown, and why one may not be yet.
extension WhyFacts {
    var shipmentClause: String {
        guard shown.isThere else { return "its shipments are not kept here, for the store is told by posts alone" }
        // One may have come and wait, or have failed: that is another subject's story.
        guard !shown.shipments.isEmpty else {
            return "the store shows no shipment of it, and \(lastRead("shipments"))\(shippingClause)"
        }
        let said = shown.shipments.prefix(3).map(\.clause)
        let more = shown.shipments.count - said.count
        return said.joined(separator: "; ") + (more > 0 ? "; and \(Count.text(more, "more shipment"))" : "")
    }

    var deliveryNext: String {
        let states = Set(shown.shipments.map(\.state))
        if states == ["delivered"] { return "Nothing: all of it is delivered." }
        if states.isSubset(of: ["delivered", "returned"]) {
            return "Nothing by itself: what came back is for people to settle."
        }
        return "Nothing, until the parcels are delivered."
    }

    // MARK: - Their queue

    /// Why a shipment that has been told of may not be shown yet; empty when nothing is known to keep one back.
    var shippingClause: String {
        guard let shipping else { return "" }
        if let pause = shipping.pauses.first { return "; in \(shipping.queue) \(Self.clause(pause))" }
        switch (broker, broker[shipping.queue]) {
        case (.notAsked(let reason), _):
            return "; whether one waits in \(shipping.queue) is not known, the broker was not asked: "
                + Self.bare(reason)
        case (.asked, nil): return "; the queue \(shipping.queue) is missing"
        case (.asked, let queue?):
            let worked = queue.workers == 0 ? ", and nobody consumes it" : ""
            guard queue.ready > 0 else { return worked.isEmpty ? "" : "; \(shipping.queue) is empty\(worked)" }
            let count = Count.text(queue.ready, "message waits", "messages wait")
            return "; \(count) in \(shipping.queue), and one may be of it\(worked)"
        }
    }

    var shippingNext: String {
        guard let shipping else { return feedNext("shipments") }
        let waiting = broker[shipping.queue]?.ready ?? 0
        return shipping.pauses.isEmpty && waiting == 0 ? feedNext("shipments") : queueNext(shipping)
    }

    var shippingRemedy: String? { shipping.flatMap { queueRemedy($0) } ?? feedRemedy("shipments") }
}

extension WhyShown.Shipment {
    /// `shipment SH-1 left TAC on 2026-03-02 with UPS, 1Z92`.
    var clause: String {
        let way = carrier.map { " with \($0)" } ?? ""
        let numbers = parcels.isEmpty ? ", no tracking number" : ", \(parcels.prefix(5).joined(separator: ", "))"
        let more = parcels.count > 5 ? " and more" : ""
        guard let shipDate, state != "packed" else { return "shipment \(id) is \(state) in \(warehouse)\(way)" }
        let end = state == "shipped" ? "" : " and is \(state)"
        return "shipment \(id) left \(warehouse) on \(shipDate)\(way)\(end)\(numbers)\(more)"
    }
}
