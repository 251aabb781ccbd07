import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("Choosing letters to replay")
struct ReplaySelectionTests {
    @Test("with a code, only letters of that code are taken")
    func byCode() throws {
        var selection = ReplaySelection(ids: [], filter: try Letters.filter("--code", "rejected.unknown-sku"))
        #expect(selection.judge(Letters.make(), wasReplayed: false) == .replay)
        #expect(selection.judge(Letters.make(code: "malformed.field"), wasReplayed: false) == .skip)
    }

    @Test("a star takes all codes that begin so")
    func pattern() throws {
        var selection = ReplaySelection(ids: [], filter: try Letters.filter("--code", "rejected.*"))
        #expect(selection.judge(Letters.make(), wasReplayed: false) == .replay)
        #expect(selection.judge(Letters.make(code: "malformed.field"), wasReplayed: false) == .skip)
    }

    @Test("by id, all others stay, and ids that are nowhere are named")
    func byID() throws {
        var selection = ReplaySelection(ids: ["a", "b"], filter: try Letters.filter())
        #expect(selection.judge(Letters.make(id: "a"), wasReplayed: false) == .replay)
        #expect(selection.judge(Letters.make(id: "c"), wasReplayed: false) == .skip)
        #expect(selection.missing == ["b"])
    }

    @Test("what an earlier run published is only taken off the queue")
    func afterCrash() throws {
        var selection = ReplaySelection(ids: [], filter: try Letters.filter())
        #expect(selection.judge(Letters.make(), wasReplayed: true) == .remove)
    }

    @Test("a letter that the broker itself put there has a code")
    func brokerDeath() {
        let letter = Letters.make(code: nil, headers: ["x-first-death-reason": "delivery_limit"])
        #expect(letter.code == "broker.delivery_limit")
        #expect(letter.category == "poison")
    }

    @Test("a letter without an id is named by its body")
    func noID() {
        #expect(Letters.make(id: nil, body: "x").id == Letters.make(id: nil, body: "x").id)
        #expect(Letters.make(id: nil, body: "x").id != Letters.make(id: nil, body: "y").id)
    }

    @Test("a message that failed again is another letter, and so is one with the same id and another body")
    func marks() {
        let letter = Letters.make()
        #expect(letter.mark == Letters.make().mark)
        #expect(letter.mark != Letters.make(lastFailedAt: "2026-03-01T10:00:01Z").mark)
        #expect(letter.mark != Letters.make(body: "{ }").mark)
        #expect(letter.mark != Letters.make(headers: ["stevedore-replayed-at": "2026-03-01T11:00:00Z"]).mark)
    }

    @Test("by category, as the letters or the index have it")
    func byCategory() throws {
        let filter = try Letters.filter("--category", "rejected")
        #expect(filter.matches(Letters.make(headers: ["stevedore-category": "rejected"])))
        #expect(!filter.matches(Letters.make(headers: ["stevedore-category": "malformed"])))
        #expect(throws: (any Error).self) { try Letters.filter("--category", "refused") }
    }

    @Test("what was unrouted is meant only when it is named, and is taken only if some flow wants it")
    func unrouted() throws {
        let (wanted, unwanted) = (Letters.unrouted("order.placed.v1"), Letters.unrouted("order.placed.v9"))
        let everything = try Letters.filter()
        #expect(!everything.matches(wanted))
        var selection = ReplaySelection(ids: [], filter: try Letters.filter("--queue", "unrouted"))
        #expect(selection.judge(wanted, wasReplayed: false) == .replay)
        #expect(selection.judge(unwanted, wasReplayed: false) == .skip)
        #expect(selection.unwanted == ["order.placed.v9"])
        #expect(selection.judge(Letters.make(), wasReplayed: false) == .skip)
        #expect(throws: (any Error).self) { try Letters.filter("--queue", "orders.to-erp") }
        #expect(throws: (any Error).self) { try Letters.filter("--queue", "unrouted", "--flow", "orders.to-erp") }
    }

    @Test("an unrouted message goes back to where it came in, under its own key")
    func unroutedCopy() {
        let copy = OutgoingMessage(
            replaying: Letters.unrouted("order.placed.v1"), ReplayOrder(by: "anna", reason: "bound"), at: .epoch)
        #expect(copy.exchange == "commerce" && copy.routingKey == "order.placed.v1")
    }

    @Test("an unknown flow is refused")
    func unknownFlow() {
        #expect(throws: (any Error).self) { try Letters.filter("--flow", "orders.to-mars") }
    }
}
