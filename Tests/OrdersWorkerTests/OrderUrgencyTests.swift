import Models
import Testing

@testable import Fleet
@testable import OrdersWorker

@Suite("Which orders go first")
struct OrderUrgencyTests {
    private static func order(_ payment: Payment = .purchaseOrder, wanted: String? = nil) throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        order.payment = payment
        order.requestedDate = wanted.flatMap { CalendarDate($0) }
        return order
    }

    private static func urgency(
        _ order: Order, _ type: MessageType = Catalogue.orderPlaced, isInERP: Bool = false
    ) throws -> Int {
        let now = try #require(Timestamp(rfc3339: "2026-02-27T23:30:00Z"))
        return Urgency(order, type, isInERP: isInERP).value(at: now.microseconds)
    }

    @Test("cancellations, then changes of what the ERP has, then what is paid for, then all others")
    func ranks() throws {
        let (plain, prepaid) = (try Self.order(), try Self.order(.prepaid(reference: "pi_1")))
        let ranks = [
            try Self.urgency(plain, Catalogue.orderCancelled),
            try Self.urgency(plain, Catalogue.orderAmended, isInERP: true), try Self.urgency(prepaid),
            try Self.urgency(plain),
        ]
        #expect(ranks == ranks.sorted(by: >) && Set(ranks).count == 4)
        #expect(try Self.urgency(plain, Catalogue.orderAmended) == Self.urgency(plain))
        #expect(try Self.urgency(prepaid, Catalogue.orderAmended) == Self.urgency(prepaid))
    }

    @Test("among equals the sooner it is wanted the sooner it goes, within three days, across the end of a month")
    func dates() throws {
        let wanted = ["2026-02-01", "2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03"]
        let urgencies = try wanted.map { try Self.urgency(try Self.order(wanted: $0)) }
        #expect(urgencies == urgencies.sorted(by: >) && Set(urgencies).count == 5)
        #expect(try Self.urgency(try Self.order(wanted: "2026-02-27")) == urgencies[0])
        let plain = try Self.urgency(try Self.order())
        #expect(urgencies[4] == plain)
    }

    @Test("no date goes before a higher rank")
    func ranksFirst() throws {
        let prepaid = try Self.order(.prepaid(reference: "pi_1"))
        #expect(try Self.urgency(try Self.order(wanted: "2026-02-27")) < Self.urgency(prepaid))
    }
}
