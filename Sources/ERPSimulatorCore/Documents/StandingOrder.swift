/// An order as it stands in the simulated ERP; stored and answered in this shape.
struct StandingOrder: Codable, Hashable {
    enum State: String, Codable {
        case received, accepted, held
        case partiallyShipped = "partially-shipped"
        case shipped, cancelled, rejected
    }

    struct Reason: Codable, Hashable {
        var code: String
        var text: String
    }

    struct Shipment: Codable, Hashable {
        struct Line: Codable, Hashable {
            var lineId: String
            var quantity: String
        }

        var number: String
        var warehouse: String?
        var carrier: String
        var service: String?
        var trackingNumbers: [String]
        var shipDate: String?
        var lines: [Line]
    }

    /// What only an order keyed in the ERP has to tell about itself.
    struct Offline: Codable, Hashable {
        var account: String
        var purchaseOrderNumber: String?
        var placedAt: String
        var shipTo: IncomingOrder.Place
        var currency: String
        var lines: [IncomingOrder.Line]
        var totals: IncomingOrder.Totals
    }

    var erpNumber: String
    var storeNumber: String?
    var storeRevision: Int64?
    var version: Int64
    /// When it changed last, by the company's clock.
    var changedAt: String?
    var account: String?
    var purchaseOrderNumber: String?
    /// What the store said it comes to.
    var total: String?
    /// What it is charged.
    var totals: IncomingOrder.Totals?
    var state: State
    var reason: Reason?
    var lines: [StandingLine]
    var shipments: [Shipment]
    var offline: Offline?

    /// Takes over what the store says at a revision, and what it is charged for that.
    mutating func restate(_ order: IncomingOrder, charging totals: IncomingOrder.Totals) {
        storeRevision = order.revision
        account = order.customer.account
        purchaseOrderNumber = order.purchaseOrderNumber
        total = order.totals.total
        self.totals = totals
    }

    /// Shipped or cancelled: the store can not change it any more.
    var isFinal: Bool {
        switch state {
        case .shipped, .partiallyShipped, .cancelled, .rejected: true
        case .received, .accepted, .held: false
        }
    }
}

extension StandingOrder.Shipment {
    /// The shipment as it is told by itself, on the day it leaves.
    func document(of order: StandingOrder) -> ShipmentDocument {
        ShipmentDocument(
            number: number, erpNumber: order.erpNumber, storeNumber: order.storeNumber,
            warehouse: warehouse ?? MasterData.warehouses[0], state: "shipped", carrier: carrier, service: service,
            trackingNumbers: trackingNumbers, shipDate: shipDate,
            lines: lines.map { line in
                let standing = order.lines.first { $0.lineId == line.lineId }
                return .init(
                    lineId: line.lineId, sku: standing?.substituteSku ?? standing?.sku ?? "", quantity: line.quantity)
            })
    }
}
