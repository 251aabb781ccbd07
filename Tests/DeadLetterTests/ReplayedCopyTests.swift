import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("The copy that goes back to the flow")
struct ReplayedCopyTests {
    private let copy: OutgoingMessage = {
        let letter = Letters.make(
            body: " {\"a\" : 1.10}\n",
            headers: [
                "x-death": .array([.table(["count": 7])]), "x-first-death-reason": "expired", "x-delivery-count": 3,
                "stevedore-attempt": 14, "stevedore-first-failed-at": "2026-03-01T09:00:00Z", "shop-header": "kept",
                "stevedore-replayed-by": "somebody earlier",
            ])
        return OutgoingMessage(
            replaying: letter, ReplayOrder(by: "anna@desk", reason: "product added"), at: .epoch)
    }()

    @Test("it goes to the flow's queue by the requeue exchange")
    func route() {
        #expect(copy.exchange == "commerce.requeue")
        #expect(copy.routingKey == "orders.to-erp")
        #expect(copy.properties.deliveryMode == 2)
    }

    @Test("the body is the same, byte for byte")
    func body() {
        #expect(copy.body == Array(" {\"a\" : 1.10}\n".utf8))
    }

    @Test("death records, the attempt and the marks of the failure are gone; foreign headers stay")
    func headers() {
        let names = copy.properties.headers.entries.map(\.name)
        #expect(
            Set(names) == [
                "stevedore-first-failed-at", "shop-header", "stevedore-replayed-by", "stevedore-replayed-reason",
                "stevedore-replayed-at", "stevedore-producer-user",
            ])
        #expect(names.count == 6)
        #expect(copy.properties.headers["stevedore-producer-user"] == "store")
        #expect(copy.properties.headers["stevedore-replayed-by"] == "anna@desk")
        #expect(copy.properties.headers["stevedore-replayed-reason"] == "product added")
    }

    @Test("it neither expires nor claims another user")
    func properties() {
        #expect(copy.properties.expiration == nil)
        #expect(copy.properties.userID == nil)
        #expect(copy.properties.messageID == "m-1")
    }
}
