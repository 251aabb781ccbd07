internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Shows the store where goods of an order are: `shipment.v1`. A shipment whose order is not there yet waits for it.
struct ShipmentHandler: ProjectionHandler {
    let storefront: any Storefront

    let types = [Catalogue.shipment.name]

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        let shipment = try message.content(as: Shipment.self)
        do {
            try storefront.show(shipment, at: message.envelope.time, in: transaction)
        } catch let error as StorefrontError {
            throw Failure(error)
        }
        for number in shipment.trackingNumbers {
            try transaction.addAlias(
                kind: "tracking-number", value: number, family: message.type.family, subject: shipment.id,
                folding: true)
        }
    }
}
