import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why no shipment, and what else an answer leaves open")
struct WhyShippingTests {
    private func accepted(
        _ desk: WhyDesk, _ state: OrderStatus.State = .accepted, reason: OrderStatus.Reason? = nil,
        lines: [LineStatus] = []
    ) async throws {
        try await desk.note("W-1", revision: 2, day: 7)
        try await desk.answer("W-1", revision: 2)
        try await desk.show("W-1", state, reason: reason, lines: lines, answering: 2)
    }

    private func broker(ready: Int, workers: Int) -> WhyBroker {
        .asked(["tracking.to-store": .init(ready: ready, workers: workers)])
    }

    @Test("shipments that wait in their queue are said, and that nobody works on it")
    func queue() async throws {
        try await WhyDesk.with { desk in
            try await accepted(desk)
            let report = try await desk.ask("W-1", broker: broker(ready: 3, workers: 0))
            #expect(report.queues.contains("tracking.to-store"))
            #expect(
                report.verdict.sentence.hasSuffix(
                    "; 3 messages wait in tracking.to-store, and one may be of it, and nobody consumes it."))
            #expect(report.verdict.next == "Nothing, until a worker runs.")
            #expect(report.verdict.remedy == "Start a tracking-worker, or `stevedore up`.")
            let idle = try await desk.sentence("W-1", broker: broker(ready: 0, workers: 1))
            #expect(idle.hasSuffix("no shipment of it, and no feed has read shipments into this ledger."))
        }
    }

    @Test("a pause of the flow of shipments is said with its remedy")
    func pause() async throws {
        try await WhyDesk.with { desk in
            try await accepted(desk, .shipped)
            let (since, seen) = (try desk.at("10:00:00"), try desk.at("11:59:30"))
            let pause = FlowPause(
                queue: "tracking.to-store", holder: "w", since: since, code: "store.unreachable",
                reason: "The store does not answer.", remedy: "Look at the store.")
            try await desk.ledger.write { try $0.record(pause, now: seen) }
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence.hasSuffix(
                    "; in tracking.to-store the flow is paused since 2025-03-10T10:00:00Z: The store does not answer."))
            #expect(verdict.next == "The flow goes on by itself when that is over.")
            #expect(verdict.remedy == "Look at the store.")
        }
    }

    @Test("a change that came too late is said, with the ERP's reason")
    func tooLate() async throws {
        let reason = OrderStatus.Reason(code: "order.too-late", text: "It is being picked.")
        for state in [OrderStatus.State.accepted, .partiallyShipped, .shipped] {
            try await WhyDesk.with { desk in
                try await accepted(desk, state, reason: reason, lines: [Self.refusedLine])
                let sentence = try await desk.sentence("W-1")
                #expect(sentence.hasSuffix(" It did not take revision 2: It is being picked (order.too-late)."))
            }
        }
    }

    @Test("another reason of an accepted order is the ERP's, and nothing was refused")
    func remark() async throws {
        try await WhyDesk.with { desk in
            try await accepted(desk, reason: OrderStatus.Reason(code: "credit.near", text: "The limit is near."))
            let sentence = try await desk.sentence("W-1")
            #expect(sentence.hasSuffix(" The ERP adds: The limit is near (credit.near)."))
        }
    }

    @Test(
        "what comes next follows from where the parcels are",
        arguments: [
            (Shipment.State.shipped, "Nothing, until the parcels are delivered."),
            (.delivered, "Nothing: all of it is delivered."),
            (.returned, "Nothing by itself: what came back is for people to settle."),
        ])
    func delivery(_ state: Shipment.State, _ next: String) async throws {
        try await WhyDesk.with { desk in
            try await accepted(desk, .shipped)
            try await desk.ship("SH-1", of: "W-1", tracking: ["1Z92"], state: state)
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.next == next && verdict.remedy == nil)
        }
    }

    private static var refusedLine: LineStatus {
        LineStatus(
            lineID: "1", sku: "BOLT-8", status: .tooLateToAmend,
            quantities: .init(ordered: .zero, allocated: .zero, shipped: .zero, backordered: .zero))
    }
}
