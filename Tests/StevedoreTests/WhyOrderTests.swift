import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Why an order")
struct WhyOrderTests {
    @Test("an order that waits for its worker says how many are before it")
    func queue() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence
                    == "Order W-1 (revision 1) was taken at 2025-03-10T11:00:00Z and waits in orders.to-erp for an "
                    + "orders-worker: at most 12 messages are before it.")
            #expect(verdict.code == "queue" && verdict.remedy == nil)
            #expect(verdict.next == "A worker takes it in its turn.")
            let alone = WhyBroker.asked(["orders.to-erp": .init(ready: 1, workers: 0)])
            let unworked = try await desk.verdict("W-1", broker: alone)
            #expect(unworked.sentence.hasSuffix(": at most 1 message is before it; nobody consumes the queue."))
            #expect(unworked.remedy == "Start an orders-worker, or `stevedore up`.")
        }
    }

    @Test("without a broker the ledger answers, and says that it was not asked")
    func withoutBroker() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let sentence = try await desk.sentence("W-1", broker: .notAsked("No broker answers."))
            #expect(
                sentence.hasSuffix(
                    ": how many are before it is not known, the broker was not asked: No broker answers."))
        }
    }

    @Test("a paused flow is the reason, and its remedy the remedy")
    func paused() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            let (since, seen) = (try desk.at("10:00:00"), try desk.at("11:59:30"))
            let pause = FlowPause(
                queue: "orders.to-erp", holder: "w", since: since, code: "erp.unreachable",
                reason: "The ERP does not answer.", remedy: "Look at the ERP.")
            try await desk.ledger.write { try $0.record(pause, now: seen) }
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence
                    == "Order W-1 (revision 1) was taken at 2025-03-10T11:00:00Z and waits in orders.to-erp for an "
                    + "orders-worker: the flow is paused since 2025-03-10T10:00:00Z: The ERP does not answer; at most "
                    + "12 "
                    + "messages are before it.")
            #expect(verdict.next == "The flow goes on by itself when that is over.")
            #expect(verdict.remedy == "Look at the ERP.")
        }
    }

    @Test("an order that a worker has in hand says which, and at the revision that the worker took")
    func inHand() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.journal(desk.step("claimed", "W-1", 1, at: "11:59:30"))
            try await desk.note("W-1", revision: 2, at: "11:59:40")
            let now = try desk.at("11:59:30")
            _ = try await desk.ledger.write {
                try $0.claim(WhyDesk.key("order", "W-1", 1), holder: "orders-worker@a:1", lease: .seconds(60), now: now)
            }
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.sentence == "Order W-1 (revision 1) is being handled now by orders-worker@a:1.")
            #expect(verdict.next.hasSuffix("another one may take over from 2025-03-10T12:00:30Z on."))
        }
    }

    @Test("a retry tier is said with its end and its reason; after that the order is back in its queue")
    func retry() async throws {
        try await WhyDesk.with { desk in
            for (number, clock) in [("W-1", "11:58:00"), ("W-2", "11:50:00")] {
                try await desk.note(number)
                try await desk.journal(
                    desk.step(
                        "retried", number, 1, code: "erp.busy", detail: "waits 5m: The ERP is busy.", attempt: 2,
                        at: clock))
            }
            let waiting = try await desk.verdict("W-1")
            #expect(
                waiting.sentence
                    == "Order W-1 (revision 1) waits in the retry tier 5m until 2025-03-10T12:03:00Z at the latest: "
                    + "The ERP "
                    + "is busy.")
            #expect(waiting.next == "Then it is tried again by itself (try 3).")
            let back = try await desk.sentence("W-2")
            #expect(
                back
                    == "Order W-2 (revision 1) is back in orders.to-erp since 2025-03-10T11:55:00Z and waits for an "
                    + "orders-worker (try 3): at most 12 messages are before it. Before that: The ERP is busy.")
        }
    }

    @Test("a dead letter is said with its cause, how many share it, and the commands")
    func deadLetter() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("L-1", "W-1")
            try await desk.letter("L-2", "W-9")
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence
                    == "Order W-1 (revision 1) is a dead letter since 2025-03-10T11:30:00Z (sku.unknown): The ERP "
                    + "knows no "
                    + "product FST-1. 1 other letter has the same cause.")
            #expect(verdict.next == "Nothing more happens by itself.")
            #expect(verdict.told == "Nobody is assigned to the cause.")
            #expect(
                verdict.remedy
                    == "Correct in the ERP what it refuses (`dead-letter show L-1`), then `dead-letter replay L-1 "
                    + "--reason …`.")
        }
    }

    @Test("a newer revision makes an older dead letter past")
    func overtakenLetter() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("L-1", "W-1")
            try await desk.note("W-1", revision: 2, at: "11:40:00")
            let verdict = try await desk.verdict("W-1")
            #expect(verdict.code == "queue" && verdict.sentence.hasPrefix("Order W-1 (revision 2) was taken at"))
        }
    }

    @Test("a letter that was replayed, and one that was set aside, say by whom")
    func handledLetters() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1")
            try await desk.letter("m-1", "W-1", state: .replayed)
            try await desk.journal(desk.step("replayed", "W-1", 1, code: "sku.unknown", worker: "anna", at: "11:45:00"))
            let replayed = try await desk.sentence("W-1")
            #expect(
                replayed
                    == "Order W-1 (revision 1) was replayed by anna at 2025-03-10T11:45:00Z, and nothing has been "
                    + "seen of it "
                    + "since: at most 12 messages are before it. It had failed before: The ERP knows no product FST-1.")
            try await desk.note("W-2")
            try await desk.letter("m-2", "W-2", state: .discarded, note: "anna: not wanted")
            let discarded = try await desk.sentence("W-2")
            #expect(discarded == "Order W-2 (revision 1) was set aside by a person: anna: not wanted.")
        }
    }

    @Test("an answer that waits to be published is the answer, and why the store has not heard it")
    func outbox() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", day: 7)
            try await desk.answer("W-1")
            let now = try desk.at("12:00:00", day: 7)
            try await desk.ledger.write { transaction in
                try transaction.enqueueOutbox(
                    OutboxMessage(
                        id: "o-1", exchange: "commerce", routingKey: "order.status.v1", contentType: "application/json",
                        type: "order.status.v1", subject: "W-1", revision: 1, body: []), at: now)
            }
            let sentence = try await desk.sentence("W-1")
            #expect(
                sentence
                    == "The ERP answered order W-1 at 2025-03-07T12:00:00Z: accepted as SO-4711. The answer to order "
                    + "W-1 "
                    + "(revision 1) is written since 2025-03-07T12:00:00Z and waits to be published.")
        }
    }

    @Test("a message that came too late says what superseded it, and how its order stands")
    func supersededMessage() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", revision: 2, day: 7)
            try await desk.answer("W-1", revision: 2)
            try await desk.show("W-1", .cancelled)
            try await desk.journal(
                desk.step(
                    "superseded", "W-1", 1, id: "m-7", detail: "revision 2 is applied already", at: "11:20:00"))
            let verdict = try await desk.verdict("m-7")
            #expect(
                verdict.sentence
                    == "Message m-7 (order.placed.v1, revision 1) of order W-1 was superseded at 2025-03-10T11:20:00Z: "
                    + "revision 2 is applied already. Order W-1 (SO-4711) is cancelled in the ERP since "
                    + "2025-03-07T12:00:00Z.")
        }
    }
}
