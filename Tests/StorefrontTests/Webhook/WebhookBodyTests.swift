import FleetTesting
import Ledger
import Models
import Testing

@testable import Storefront

@Suite("What is posted of an object")
struct WebhookBodyTests {
    @Test("of each kind that goes to a store there is an object here")
    func kinds() {
        let names = Self.types.map(\.name)
        #expect(
            Set(names) == [
                "order.status.v1", "order.offline.v1", "product.v1", "stock.v1", "shipment.v1", "customer.v1",
                "contract-prices.v1",
            ])
        #expect(Self.types.allSatisfy { !Catalogue.examples(for: $0).isEmpty })
    }

    @Test(
        "is one message of its own kind that says all that was shown, for that object at that revision",
        arguments: Self.types)
    func message(type: MessageType) async throws {
        for example in Catalogue.examples(for: type) {
            let shown = try MessageReader().read(Array(example.text.utf8))
            try await WebhookFixture.with { fixture in
                try await fixture.ledger.write { try Self.show(shown, to: fixture.storefront, in: $0) }
                let posts = try await fixture.lease().map(\.post)
                #expect(posts.count == 1, "\(example.name)")
                try expect(try #require(posts.first), says: shown, as: type)
            }
        }
    }

    @Test("is nothing when it is an order that the store itself took, or took back")
    func taken() async throws {
        try await WebhookFixture.with { fixture in
            let order = try Unlike.order()
            try await fixture.ledger.write { transaction in
                try fixture.storefront.note(order, isCancelled: false, at: .epoch, in: transaction)
                try fixture.storefront.note(order, isCancelled: true, at: .epoch, in: transaction)
            }
            #expect(try await fixture.backlog()?.waiting == 0)
        }
    }

    private static let types = Catalogue.types.filter { $0.direction == .toStore }

    /// Calls the method for what the message says, as the message's handler does.
    private static func show(
        _ message: Received, to store: WebhookStorefront, in transaction: LedgerTransaction
    ) throws {
        let time = message.envelope.time
        switch message.payload {
        case let status as OrderStatus: try store.show(status, at: time, in: transaction)
        case let order as OfflineOrder: try store.show(order, at: time, in: transaction)
        case let product as Product: try store.show(product, at: time, in: transaction)
        case let stock as Stock: try store.show(stock, at: time, in: transaction)
        case let shipment as Shipment: try store.show(shipment, at: time, in: transaction)
        case let customer as Customer: try store.show(customer, at: time, in: transaction)
        case let prices as ContractPrices: try store.show(prices, at: time, in: transaction)
        default: throw TestingError.missing("a method that shows \(message.type)")
        }
    }

    /// A store that reads the body gets what was shown; what the ledger has beside it is the same.
    private func expect(_ post: WebhookPost, says shown: Received, as type: MessageType) throws {
        let posted = try MessageReader().read(post.body)
        let isSame = Self.equals(shown.payload, posted.payload)
        #expect(isSame, "\(posted.payload) instead of \(shown.payload)")
        #expect(posted.type == type && post.type == type.name && post.family == type.family)
        #expect(posted.envelope.dataSchema == type.dataSchema)
        let (subject, revision) = (shown.payload.subject, shown.payload.revision)
        #expect(posted.envelope.subject == subject && post.subject == subject)
        #expect(posted.envelope.revision == revision && post.revision == revision)
        #expect(posted.envelope.id == post.id && post.id != shown.envelope.id)
        #expect(posted.envelope.time == shown.envelope.time)
        #expect(posted.envelope.extensions == ["timestamp": shown.envelope.time.description])
    }

    private static func equals<Object: Payload>(_ object: Object, _ other: any Payload) -> Bool {
        (other as? Object) == object
    }
}
